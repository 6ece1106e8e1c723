/** The least heap of a config for a trace: by the reference, for every size near the answer. */
import type { Config } from "../config/config.js";
import { AllocGenError } from "../diagnostics.js";
import type { Project } from "../pipeline.js";
import { makePlan } from "../policies/make-plan.js";
import type { Plan } from "../plan/plan.js";
import type { Target } from "../targets/target.js";
import type { Trace } from "../traces/operation.js";
import { peakBytes } from "../traces/peak.js";
import { bytes } from "../units.js";
import { leastEdge, leastSize, type Edge } from "./least.js";
import { firstRefused } from "./reference-run.js";

/** Every size in so many bytes above the answer works too. */
export const windowBytes = 4096;

/** Steps in the peak of a trace, at least, where a size is wanted about. */
const resolution = 1000;
const coarseWindowStep = 1024;

/** A size that does not do. */
export interface SizeBelow {
  readonly heapBytes: number;
  /** Index of the trace's operation that gets NULL; undefined where there is no plan for that size. */
  readonly operation?: number;
  /** Why there is no plan. */
  readonly why?: string;
}

export interface Least {
  readonly heapBytes: number;
  /** One step below; absent where that is less than the payload live at most. */
  readonly below?: SizeBelow;
}

/** The plan of a config with another size of its heap, or why there is none. */
export function planAt(config: Config, target: Target, heapBytes: number): Plan | AllocGenError {
  try {
    return makePlan({ ...config, heap: { ...config.heap, size: bytes(heapBytes) } }, target);
  } catch (error) {
    if (error instanceof AllocGenError) return error;
    throw error;
  }
}

/**
 * The project with another size of its heap, and another toolchain.
 * @throws AllocGenError, exit code 2: there is no plan for that size
 */
export function resized(
  project: Project,
  heapBytes: number,
  otherwise: Partial<Config["toolchain"]> = {},
): Project {
  const { loaded, target } = project;
  const plan = planAt(loaded.config, target, heapBytes);
  if (plan instanceof AllocGenError) throw plan;
  const toolchain = { ...loaded.config.toolchain, ...otherwise };
  return { target, plan, loaded: { ...loaded, config: { ...loaded.config, toolchain } } };
}

/** What is sized: a heap, or several behind one front. */
export interface SizedHeap {
  /** Sizes that are tried are multiples of it. */
  readonly alignment: number;
  /** The target's RAM. */
  readonly mostBytes: number;
  /** Whether reallocs are the allocator's own; otherwise they are mallocs and frees. */
  readonly ownRealloc: boolean;
  /** What a trace gets of so many bytes: nothing is said where all is served. */
  judge(heapBytes: number, trace: Trace): Omit<SizeBelow, "heapBytes">;
}

/** The heap of a config. */
export function heapToSize(config: Config, target: Target, ownRealloc: boolean): SizedHeap {
  return {
    alignment: config.heap.alignment,
    mostBytes: target.memory.ram.length,
    ownRealloc,
    judge: (heapBytes, trace) => {
      const plan = planAt(config, target, heapBytes);
      if (plan instanceof AllocGenError)
        return { why: plan.diagnostics.map(({ message }) => message).join("; ") };
      const operation = firstRefused(plan, trace, ownRealloc);
      return operation === undefined ? {} : { operation };
    },
  };
}

/** One trace on the reference, with heaps of many sizes. */
export class Sizing {
  /** Sizes that were tried. */
  readonly #served = new Map<number, boolean>();
  #least: Promise<number | undefined> | undefined;

  constructor(
    private readonly heap: SizedHeap,
    private readonly trace: Trace,
  ) {}

  /** Payload bytes live at most: no heap is smaller. */
  get peakBytes(): number {
    return peakBytes(this.trace, !this.heap.ownRealloc);
  }

  /**
   * The least multiple of the alignment that serves the trace, as do all multiples up to 4 KiB above. Undefined where
   * the target's RAM does not hold such a heap.
   */
  async least(): Promise<Least | undefined> {
    const from = this.peakBytes;
    this.#least ??= leastSize({ ...this.#question, from, works: (size) => this.serves(size) });
    const heapBytes = await this.#least;
    if (heapBytes === undefined) return undefined;
    const smaller = heapBytes - this.heap.alignment;
    return smaller < from ? { heapBytes } : { heapBytes, below: this.#judge(smaller) };
  }

  /**
   * What a binary search finds, where of the sizes above every `windowStep`th byte is tried.
   * @param near where it is thought to be: the search begins there
   */
  edge(windowStep: number, near?: number): Promise<Edge | undefined> {
    const works = (size: number): boolean => this.serves(size);
    const around = near === undefined ? {} : { near };
    return leastEdge({ ...this.#question, windowStep, from: this.peakBytes, works, ...around });
  }

  /**
   * The least heap to a thousandth, from which on larger ones serve too as far as they were tried: for many copies of a
   * trace. Undefined where none does.
   * @param ratio what least heap over peak is thought to be
   */
  async about(ratio?: number): Promise<number | undefined> {
    const from = this.peakBytes;
    const { alignment } = this.heap;
    const step = alignment * 2 ** Math.max(0, Math.floor(Math.log2(from / resolution / alignment)));
    const near = ratio === undefined ? {} : { near: ratio * from };
    const works = (size: number): boolean => this.serves(size);
    const windowStep = Math.ceil(coarseWindowStep / step) * step;
    const edge = await leastEdge({ ...this.#question, step, windowStep, from, works, ...near });
    return edge && (edge.steadyFrom ?? edge.size);
  }

  /** As `least`, for several traces of one config at once. */
  static async leastOfAll(sizings: readonly Sizing[]): Promise<number | undefined> {
    const [first] = sizings;
    let from = 0;
    for (const sizing of sizings) {
      const least = await sizing.least();
      if (least === undefined) return undefined;
      from = Math.max(from, least.heapBytes);
    }
    const works = (size: number): boolean => sizings.every((sizing) => sizing.serves(size));
    return first && leastSize({ ...first.#question, from, works });
  }

  get #question() {
    const { mostBytes, alignment } = this.heap;
    return { to: mostBytes, step: alignment, window: windowBytes };
  }

  /** Whether a heap of this size serves every request of the trace. */
  serves(heapBytes: number): boolean {
    const known = this.#served.get(heapBytes);
    if (known !== undefined) return known;
    const { operation, why } = this.#judge(heapBytes);
    const serves = operation === undefined && why === undefined;
    this.#served.set(heapBytes, serves);
    return serves;
  }

  #judge(heapBytes: number): SizeBelow {
    return { heapBytes, ...this.heap.judge(heapBytes, this.trace) };
  }
}
