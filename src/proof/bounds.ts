/** What can be proven of an allocator's functions from its linked code: most cycles and deepest stack of any call. */
import type { SourceFunctions } from "../csource/source-lines.js";
import { parseElf } from "../toolchain/elf.js";
import type { Image } from "../toolchain/image.js";
import { byFunction, operationNames, type ByFunction } from "../traces/operation.js";
import type { Code } from "../machine/code.js";
import { mayLeave } from "../machine/instruction.js";
import { calledCode } from "../toolchain/code-ranges.js";
import { debugLines } from "../toolchain/debug-lines.js";
import { Unprovable } from "./execute.js";
import type { Exploration } from "./exploration.js";
import { explore } from "./explore.js";
import type { Node } from "./graph.js";
import { hasLoop, longestWay, type BudgetsOf, type CycleFormula } from "./longest.js";
import { budgetsFromLines } from "./loop-facts.js";
import { longestMasking, masks } from "./interrupt-masking.js";
import type { Pricing } from "./pricing.js";
import { deepestStack } from "./stack.js";

/** A bound, or why there is none: a sentence without a full stop. */
export type Proof<Bound> = Bound | { readonly unprovable: string };

export interface CycleBound {
  /** No call takes more, in this heap. */
  readonly cycles: number;
  /** Cycles of each iteration of a loop, and the most iterations; empty for a function of constant time. */
  readonly formula: {
    readonly base: number;
    readonly terms: readonly { readonly each: string; readonly most: number; readonly cycles: number }[];
  };
}

export interface FunctionBounds {
  readonly cycles: Proof<CycleBound>;
  /** Bytes below the stack pointer at the call. */
  readonly stack: Proof<{ readonly bytes: number }>;
  /**
   * Of the longest stretch with interrupts kept out, from behind the instruction that masks them to the end of the one
   * that unmasks them. Undefined: the function masks none.
   */
  readonly interruptMasking?: Proof<CycleBound>;
}

export const functionNames = ["init", ...operationNames] as const;
export type FunctionName = (typeof functionNames)[number];

/** Something of init and of each function that the interface has. */
export type ByEntry<Value> = { readonly init: Value } & ByFunction<Value>;

/** A number in the control data. */
export interface WordLimit {
  /** Bytes from the heap's start. */
  readonly offset: number;
  readonly bytes: number;
  readonly most: number;
}

export interface BoundsRequest {
  readonly image: Image;
  readonly pricing: Pricing;
  /** The generated .c, or all of them. */
  readonly source: SourceFunctions | readonly SourceFunctions[];
  /** What numbers in the control data never exceed. */
  readonly wordLimits?: readonly WordLimit[];
  /** Most things of each kind that loops count, by function and the words of their comments; see `loop-facts.ts`. */
  readonly loopLimits: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export function proveBounds(request: BoundsRequest): ByEntry<FunctionBounds> {
  const prover = new Prover(request);
  return {
    init: prover.bounds("init"),
    ...byFunction(request.image.entries, (name) => prover.bounds(name)),
  };
}

/**
 * The same of functions that no operation calls.
 * @param addresses where they begin in the image, by what `loopLimits` calls them
 */
export function proveOthers(
  request: BoundsRequest,
  addresses: Readonly<Record<string, number>>,
): Readonly<Record<string, FunctionBounds>> {
  const prover = new Prover(request, addresses);
  return Object.fromEntries(Object.keys(addresses).map((name) => [name, prover.bounds(name)]));
}

/** Nodes up to which all that is known is followed: functions of constant time take up to 4,000. */
const mostExact = 6_000;

/** Where functions begin that only damage calls, copies that the compiler made of them among them. */
function coldAddresses({ symbols }: Image, sources: readonly SourceFunctions[]): ReadonlySet<number> {
  const functions = sources.flatMap((source) => source.functions);
  const cold = new Set(functions.flatMap(({ name, isCold }) => (isCold ? [name] : [])));
  return new Set(
    [...symbols].flatMap(([name, { address }]) => (cold.has(name.replace(/\..*/, "")) ? [address] : [])),
  );
}

type WayThrough = (nodes: readonly Node[], budgetsOf: BudgetsOf) => CycleFormula;

class Prover {
  readonly #code: Code;
  readonly #budgetsOf;
  /** What was explored, by function and by what was kept. */
  readonly #nodes = new Map<string, readonly Node[]>();
  readonly #limited = new Map<number, boolean>();
  readonly #cold: ReadonlySet<number>;

  constructor(
    private readonly request: BoundsRequest,
    private readonly addresses: Readonly<Record<string, number>> = request.image.entries,
  ) {
    const { image, source } = request;
    this.#code = calledCode(image);
    const sources = "functions" in source ? [source] : source;
    this.#cold = coldAddresses(image, sources);
    this.#budgetsOf = budgetsFromLines(debugLines(parseElf(image.elf).sections), sources);
  }

  bounds(name: string): FunctionBounds {
    const entry = this.#entry(name);
    const isMasking = proven(() => masks(this.#explored(name, "constants")));
    return {
      cycles: proven(() => this.#bound(name, longestWay)),
      stack: proven(() => ({ bytes: deepestStack(entry, this.#code) })),
      ...(isMasking === false ? {} : { interruptMasking: proven(() => this.#bound(name, longestMasking)) }),
    };
  }

  #entry(name: string): number {
    const entry = this.addresses[name];
    if (entry === undefined) throw new Error(`the image has no ${name}`);
    return entry;
  }

  #bound(name: string, way: WayThrough): CycleBound {
    const limits = this.request.loopLimits[name] ?? {};
    const coarse = this.#explored(name, "constants");
    const exact = hasLoop(coarse) ? undefined : this.#exact(name, way);
    return evaluate(exact ?? way(coarse, this.#budgetsOf), limits);
  }

  #explored(name: string, keep: Exploration["keep"]): readonly Node[] {
    const key = `${name} ${keep}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const { image, pricing, wordLimits = [] } = this.request;
    const nodes = explore(this.#entry(name), {
      code: this.#code,
      pricing,
      constantAt: (address: number, bytes: number) => constantAt(image, address, bytes),
      limitAt: (address: number, bytes: number) =>
        wordLimits.find((limit) => limit.offset === address - image.heapAddress && limit.bytes === bytes)
          ?.most,
      isCold: (at) => this.#cold.has(at),
      keep,
      ...(keep === "all" ? { most: mostExact } : {}),
      isLimited: (at: number) => this.#isLimited(at),
    });
    this.#nodes.set(key, nodes);
    return nodes;
  }

  /** Whether code from `at` to the next jump lies in a loop that has a limit: what is inlined there has other lines. */
  #isLimited(at: number): boolean {
    const known = this.#limited.get(at);
    if (known !== undefined) return known;
    const addresses = new Set<number>();
    for (let next = at; ;) {
      const placed = this.#code.at(next);
      if (placed === undefined || !("instruction" in placed)) break;
      addresses.add(next);
      if (mayLeave(placed.instruction)) break;
      next += placed.instruction.size;
    }
    const isLimited = this.#budgetsOf(addresses).length > 0;
    this.#limited.set(at, isLimited);
    return isLimited;
  }

  /** With all that is known of values; undefined where that is too much. */
  #exact(name: string, way: WayThrough): CycleFormula | undefined {
    try {
      return way(this.#explored(name, "all"), this.#budgetsOf);
    } catch (error) {
      if (error instanceof Unprovable) return undefined;
      throw error;
    }
  }
}

function evaluate({ base, terms }: CycleFormula, limits: Readonly<Record<string, number>>): CycleBound {
  const limitOf = (budget: string): number => {
    const limit = limits[budget];
    if (limit === undefined)
      throw new Unprovable(`no limit is known for a loop that runs once per ${budget}`);
    return limit;
  };
  const limited = terms.map(({ budgets, cycles }) => ({
    each: budgets.join(" or "),
    most: budgets.reduce((sum, budget) => sum + limitOf(budget), 0),
    cycles,
  }));
  const cycles = limited.reduce((sum, term) => sum + term.most * term.cycles, base);
  return { cycles, formula: { base, terms: limited } };
}

function proven<Bound>(prove: () => Bound): Proof<Bound> {
  try {
    return prove();
  } catch (error) {
    if (error instanceof Unprovable) return { unprovable: error.message };
    throw error;
  }
}

/** A number in memory that is not writable. */
function constantAt({ segments }: Image, address: number, bytes: number): number | undefined {
  const segment = segments.find(
    ({ writable, address: start, data }) =>
      !writable && address >= start && address + bytes <= start + data.length,
  );
  if (segment === undefined) return undefined;
  let value = 0;
  for (let index = bytes - 1; index >= 0; index--) {
    value = value * 256 + (segment.data[address - segment.address + index] ?? 0);
  }
  return value;
}
