/** Bounds of a build, held against what a run of it measured. */
import type { SourceFunctions } from "../csource/source-lines.js";
import type { FunctionBounds } from "../proof/bounds.js";
import type { ProofTask, ProvenBounds } from "../proof/task.js";
import type { Image } from "../toolchain/image.js";
import { loopLimitsOf, untaggedMalloc } from "../plan/loop-limits.js";
import { byFunction, type ByFunction, type OperationName } from "../traces/operation.js";
import type { Bench } from "./equivalence.js";
import { verifyDirected } from "./directed.js";
import type { Costs } from "./prediction.js";
import type { WorkloadOutcome } from "./workload.js";

/** The most that was measured of any call. */
export interface Observed {
  readonly cycles: number;
  readonly stackBytes: number;
  /** Cycles of the longest stretch with interrupts kept out; 0 where none was. */
  readonly maskingCycles: number;
}

/** What is proven of the linked code alone, and what was seen of it. */
export interface RunBounds extends ProvenBounds {
  readonly observed: ByFunction<Observed>;
}

export interface ProofRequest {
  readonly bench: Bench;
  /** With the functions that no operation calls, and these. */
  readonly whole: { readonly image: Image; readonly uncalled: readonly string[] };
  readonly source: SourceFunctions;
}

export const proofTask = ({ bench, whole, source }: ProofRequest): ProofTask => ({
  image: bench.image,
  whole: whole.image,
  others: addressesOf(bench.plan.name, whole),
  target: bench.target,
  source,
  loopLimits: loopLimitsOf(bench.plan),
  wordLimits: bench.plan.rules.wordLimits(bench.plan),
});

export interface RunBoundsRequest {
  readonly bench: Bench;
  readonly bounds: ProvenBounds;
  readonly seed: number;
  readonly minimumRequest: number;
  readonly outcomes: readonly WorkloadOutcome[];
  readonly costs: Costs;
}

/**
 * Where both functions take constant time, operations are searched that come near to the bound, unless some have reached it:
 * what was found is `searched`. The search opens many sessions, so that it is for engines where that is cheap; C that is wrong already is
 * not searched.
 */
export function boundRun({ bench, bounds, seed, minimumRequest, outcomes, costs }: RunBoundsRequest): {
  readonly bounds: RunBounds;
  readonly searched: readonly WorkloadOutcome[];
} {
  const { image, engine } = bench;
  // Runs have branches go as predicted.
  const { proven } = bounds.branchesPredicted ?? bounds;
  const [malloc, free] = [constantCycles(proven.malloc), constantCycles(proven.free)];
  const isWrong = outcomes.some(({ result }) => result.mismatch !== undefined);
  const isReached = (name: "malloc" | "free", bound: number): boolean =>
    outcomes.some(({ result }) => result[name].cycles.max >= bound);
  const searched =
    engine.isCheap &&
    !isWrong &&
    malloc !== undefined &&
    free !== undefined &&
    !(isReached("malloc", malloc) && isReached("free", free))
      ? [verifyDirected(bench, { seed, minimumRequest, bounds: { malloc, free }, costs })]
      : [];
  const all = [...outcomes, ...searched];
  const observed = (name: OperationName): Observed => ({
    cycles: Math.max(0, ...all.map(({ result }) => result[name]?.cycles.max ?? 0)),
    stackBytes: Math.max(0, ...all.map(({ stackBytes }) => stackBytes[name] ?? 0)),
    maskingCycles: Math.max(0, ...all.map(({ maskingCycles }) => maskingCycles[name] ?? 0)),
  });
  return { bounds: { ...bounds, observed: byFunction(image.entries, observed) }, searched };
}

/** Where functions begin, by what `loopLimitsOf` calls them. */
function addressesOf(
  heap: string,
  { image, uncalled }: ProofRequest["whole"],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    uncalled.map((name) => {
      const symbol = image.symbols.get(name);
      if (symbol === undefined) throw new Error(`the linked image has no ${name}`);
      const role = name.slice(heap.length + 1);
      return [role === "malloc" ? untaggedMalloc : role, symbol.address];
    }),
  );
}

/** The bound of a function without loops whose end depends on the heap. */
function constantCycles({ cycles }: FunctionBounds): number | undefined {
  return "cycles" in cycles && cycles.formula.terms.length === 0 ? cycles.cycles : undefined;
}
