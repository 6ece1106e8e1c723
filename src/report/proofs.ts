/** What is proven of each function's calls, and how near to it the run came. */
import type { CycleBound, FunctionBounds, Proof } from "../proof/bounds.js";
import { namesOf } from "../traces/operation.js";
import type { ModelBounds } from "../proof/task.js";
import type { Observed, RunBounds } from "../verify/run-bounds.js";
import { formatCount } from "./table.js";

/** A bound on any call, or why there is none. */
export type ProvenFigure = {
  /** The most of any call of the run; absent where no operation calls the function. */
  readonly observed?: number;
} & (
  | {
      readonly bound: number;
      /** Where it depends on how full the heap is: how. */
      readonly formula?: string;
      /** The bound with branches as predicted, as in the run, where `bound` has all of them mispredicted. */
      readonly branchesPredicted?: number;
      /** The bound with the rules of the cycle model that nothing published decides at the ends of their ranges. */
      readonly range?: BoundRange;
    }
  | { readonly unproven: string }
);

export interface BoundRange {
  readonly cheapest: number;
  readonly dearest: number;
}

export interface FunctionProof {
  readonly function: string;
  /** Modelled. */
  readonly cycles: ProvenFigure;
  readonly stackBytes: ProvenFigure;
  /**
   * Modelled cycles from behind the instruction that masks interrupts to the end of what unmasks them. Present where
   * the heap has a lock, but for functions that no operation calls and that mask none.
   */
  readonly interruptLatency?: ProvenFigure;
}

export interface BoundReport {
  readonly cycles: number;
  /** The bound with branches as predicted, as in the run, where `cycles` has all of them mispredicted. */
  readonly branchesPredicted?: number;
  /** The bound with the rules of the cycle model that nothing published decides at the ends of their ranges. */
  readonly range?: BoundRange;
  /** 0: no operation calls the function. */
  readonly observed: number;
  /** Deepest stack of any call, where it is proven. */
  readonly stackBytes?: number;
  /** Where the cycles depend on how full the heap is: how. */
  readonly formula?: string;
}

/** Of one function: modelled cycles that interrupts are kept out for. */
export interface InterruptMaskingReport {
  /** No call keeps interrupts out for longer. Absent where that is not proven. */
  readonly cycles?: number;
  /** As in `BoundReport`. */
  readonly branchesPredicted?: number;
  readonly range?: BoundRange;
  /** 0 too where no operation calls the function. */
  readonly observed: number;
  /** Where the cycles depend on how full the heap is: how. */
  readonly formula?: string;
}

/** The functions that were called, and behind them the others. */
export function reportProofs(bounds: RunBounds, locks: boolean): FunctionProof[] {
  const { proven, observed, uncalled } = bounds;
  const called = namesOf(observed).flatMap((name) => {
    const [own, seen] = [proven[name], observed[name]];
    const others = othersOf(bounds, ({ proven: of }) => of[name]);
    return own === undefined || seen === undefined ? [] : [proofOf(name, own, others, seen, locks)];
  });
  const rest = Object.entries(uncalled).map(([name, own]) =>
    proofOf(
      name,
      own,
      othersOf(bounds, (other) => other.uncalled[name]),
      undefined,
      locks,
    ),
  );
  return [...called, ...rest];
}

/** The bounds of one function with other models. */
interface OtherBounds {
  readonly branchesPredicted: FunctionBounds | undefined;
  readonly cheapest: FunctionBounds | undefined;
  readonly dearest: FunctionBounds | undefined;
}

function othersOf(
  { branchesPredicted, range }: RunBounds,
  of: (bounds: ModelBounds) => FunctionBounds | undefined,
): OtherBounds {
  return {
    branchesPredicted: branchesPredicted && of(branchesPredicted),
    cheapest: range && of(range.cheapest),
    dearest: range && of(range.dearest),
  };
}

function proofOf(
  name: string,
  { cycles, stack, interruptMasking }: FunctionBounds,
  others: OtherBounds,
  seen: Observed | undefined,
  locks: boolean,
): FunctionProof {
  const hasMasking = locks && (interruptMasking !== undefined || seen !== undefined);
  const masking = interruptMasking ?? { unprovable: "it masks no interrupts" };
  const ofMasking = otherFigures(others, ({ interruptMasking: other }) => other);
  return {
    function: name,
    cycles: cycleFigure(
      cycles,
      otherFigures(others, ({ cycles: other }) => other),
      seen?.cycles,
    ),
    stackBytes: withObserved(
      "bytes" in stack ? { bound: stack.bytes } : { unproven: stack.unprovable },
      seen?.stackBytes,
    ),
    ...(hasMasking ? { interruptLatency: cycleFigure(masking, ofMasking, seen?.maskingCycles) } : {}),
  };
}

/** What other models say of the same figure, as far as it is proven with them. */
type OtherFigures = Pick<BoundReport, "branchesPredicted" | "range">;

function otherFigures(
  { branchesPredicted, cheapest, dearest }: OtherBounds,
  figureOf: (bounds: FunctionBounds) => Proof<CycleBound> | undefined,
): OtherFigures {
  const cyclesOf = (bounds: FunctionBounds | undefined): number | undefined => {
    const proof = bounds && figureOf(bounds);
    return proof !== undefined && "cycles" in proof ? proof.cycles : undefined;
  };
  const [predicted, least, most] = [cyclesOf(branchesPredicted), cyclesOf(cheapest), cyclesOf(dearest)];
  return {
    ...(predicted === undefined ? {} : { branchesPredicted: predicted }),
    ...(least === undefined || most === undefined ? {} : { range: { cheapest: least, dearest: most } }),
  };
}

function cycleFigure(
  proof: Proof<CycleBound>,
  others: OtherFigures,
  observed: number | undefined,
): ProvenFigure {
  if (!("cycles" in proof)) return withObserved({ unproven: proof.unprovable }, observed);
  const formula = proof.formula.terms.length > 0 ? { formula: formulaText(proof) } : {};
  return withObserved({ bound: proof.cycles, ...formula, ...others }, observed);
}

const withObserved = (figure: ProvenFigure, observed: number | undefined): ProvenFigure =>
  observed === undefined ? figure : { ...figure, observed };

/** "93 + 14 per listed block (at most 2,047)" */
function formulaText({ formula: { base, terms } }: CycleBound): string {
  const parts = terms.map(({ each, most, cycles }) => `${cycles} per ${each} (at most ${formatCount(most)})`);
  return [formatCount(base), ...parts].join(" + ");
}

const othersIn = ({ branchesPredicted, range }: OtherFigures): OtherFigures => ({
  ...(branchesPredicted === undefined ? {} : { branchesPredicted }),
  ...(range === undefined ? {} : { range }),
});

/** The bounds that are proven, by function. */
export function boundsOf(proofs: readonly FunctionProof[]): Readonly<Record<string, BoundReport>> {
  return Object.fromEntries(
    proofs.flatMap(({ function: name, cycles, stackBytes }) => {
      if (!("bound" in cycles)) return [];
      const bound: BoundReport = {
        cycles: cycles.bound,
        ...othersIn(cycles),
        observed: cycles.observed ?? 0,
        ...("bound" in stackBytes ? { stackBytes: stackBytes.bound } : {}),
        ...(cycles.formula === undefined ? {} : { formula: cycles.formula }),
      };
      return [[name, bound] as const];
    }),
  );
}

/** How long interrupts wait, by function. */
export function interruptMaskingOf(
  proofs: readonly FunctionProof[],
): Readonly<Record<string, InterruptMaskingReport>> {
  return Object.fromEntries(
    proofs.flatMap(({ function: name, interruptLatency: figure }) => {
      if (figure === undefined) return [];
      const observed = figure.observed ?? 0;
      if (!("bound" in figure)) return [[name, { observed }] as const];
      const formula = figure.formula === undefined ? {} : { formula: figure.formula };
      return [[name, { cycles: figure.bound, ...othersIn(figure), observed, ...formula }] as const];
    }),
  );
}

/** The longest wait proven of any function; Infinity where one is not proven. */
export function longestMaskingProven(masking: Readonly<Record<string, InterruptMaskingReport>>): number {
  return Math.max(0, ...Object.values(masking).map(({ cycles = Infinity }) => cycles));
}

/** What each figure of a proof is called, and a sentence's part for a call above its bound. */
export const provenFigures = [
  {
    key: "cycles",
    name: "cycles",
    excess: (seen: number, bound: number) => `took ${seen} cycles, above its bound of ${bound}`,
  },
  {
    key: "stackBytes",
    name: "stack",
    excess: (seen: number, bound: number) => `used ${seen} bytes of stack, above its bound of ${bound}`,
  },
  {
    key: "interruptLatency",
    name: "interrupt latency",
    excess: (seen: number, bound: number) =>
      `masked interrupts for ${seen} cycles, above its bound of ${bound}`,
  },
] as const;

/** The bound of what runs: they have branches go as predicted. */
export const boundOfRuns = (figure: ProvenFigure): number | undefined =>
  "bound" in figure ? (figure.branchesPredicted ?? figure.bound) : undefined;

/** A call that took more than was proven: then the proof, the model or the engine is wrong. */
export function isAbove(figure: ProvenFigure): figure is ProvenFigure & { bound: number; observed: number } {
  const bound = boundOfRuns(figure);
  return bound !== undefined && figure.observed !== undefined && figure.observed > bound;
}
