/** A heap size that keeps what it promises: from the least heaps of perturbed copies of a trace, not from the trace alone. */
import type { Trace } from "../traces/operation.js";
import { perturbedCopies } from "../traces/perturb/perturb.js";
import { roundUp } from "../units.js";
import { Sizing, type SizedHeap } from "./sizing.js";

export interface ConfidenceQuestion {
  /** Perturbed copies: 1 and more. */
  readonly copies: number;
  /** Share of copies whose fragmentation is at most the one that is told: 0 to 1. */
  readonly confidence: number;
  /** Of the first copy, 0 to 2^32 - 1. */
  readonly seed: number;
  /** Other copies that the size is tried on: 1 and more; as many as there were when left out. */
  readonly checks?: number;
}

/** What copies of a trace need. */
interface CopiesNeed {
  /** Least heap over peak of each copy, rising; infinite where no heap in the target's RAM serves. */
  readonly ratios: readonly number[];
  /** The largest of copies and trace: payload bytes live at once. */
  readonly peakBytes: number;
}

export interface ConfidentSize extends Omit<ConfidenceQuestion, "checks"> {
  readonly fragmentation: {
    readonly median: number;
    /** What `confidence` of the copies stay within. */
    readonly quantile: number;
    readonly worst: number;
  };
  /** The largest of copies and trace: payload bytes live at once. */
  readonly peakBytes: number;
  /** Quantile of the fragmentation times the largest peak. Undefined where copies are not served by any heap. */
  readonly heapBytes?: number;
  /** Other copies that the size was tried on. */
  readonly checked: number;
  /** Of those, the ones that a heap of this size serves. */
  readonly served: number;
}

/** Two risks, told apart: how badly a heap fragments (least heap over peak), and how much is live at once. */
export async function confidentSize(
  heap: SizedHeap,
  trace: Trace,
  question: ConfidenceQuestion,
  onCopy: (done: number) => void = () => undefined,
): Promise<ConfidentSize> {
  const { checks = question.copies, ...asked } = question;
  const { copies, confidence, seed } = asked;
  const sizings = perturbedCopies(trace, copies, seed).map((copy) => new Sizing(heap, copy));
  const need = await needOfCopies(trace, sizings, heap, onCopy);
  const { ratios, peakBytes } = need;
  const quantile = quantileOf(ratios, confidence);
  const fragmentation = { median: quantileOf(ratios, 0.5), quantile, worst: ratios.at(-1) ?? Infinity };
  const said = { ...asked, fragmentation, peakBytes, checked: checks };
  const heapBytes = roundUp(Math.ceil(quantile * peakBytes), heap.alignment);
  if (!(heapBytes <= heap.mostBytes)) return { ...said, served: 0 };
  const others = perturbedCopies(trace, checks, seed + copies);
  const served = others.filter((copy) => new Sizing(heap, copy).serves(heapBytes));
  return { ...said, heapBytes, served: served.length };
}

async function needOfCopies(
  trace: Trace,
  sizings: readonly Sizing[],
  heap: SizedHeap,
  onCopy: (done: number) => void,
): Promise<CopiesNeed> {
  let { peakBytes } = new Sizing(heap, trace);
  const ratios: number[] = [];
  let last: number | undefined;
  for (const [index, sizing] of sizings.entries()) {
    onCopy(index);
    peakBytes = Math.max(peakBytes, sizing.peakBytes);
    // Copies are alike: the search begins where the one before ended.
    const least = await sizing.about(last);
    if (least !== undefined) last = least / sizing.peakBytes;
    ratios.push(least === undefined ? Infinity : least / sizing.peakBytes);
  }
  return { ratios: ratios.toSorted((left, right) => left - right), peakBytes };
}

/**
 * The least of the values that so large a share of them does not exceed.
 * @param rising at least one
 * @param share 0 to 1
 */
export function quantileOf(rising: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * rising.length - 1e-9));
  return rising[rank - 1] ?? Infinity;
}
