/** Which pools a program may want in front of a general heap: of the sizes of which most is live when most is. */
import type { BlockClass } from "../policies/policy.js";
import type { Trace } from "../traces/operation.js";
import { roundUp } from "../units.js";

export interface PoolsInFront {
  /** By size, rising. */
  readonly classes: readonly BlockClass[];
  /** Of all blocks. */
  readonly bytes: number;
}

/** Larger blocks hardly gain from having no header. */
const largestBlock = 256;
/** Fewer blocks are not worth a class. */
const fewestBlocks = 8;
/** Numbers of classes that are tried: the hottest sizes. */
const classCounts = [1, 2, 3, 4, 6, 8];
/** Of what is live at the peak: pools for all of it stand empty at other times, and what they lack the heap behind serves. */
const shares = [0.9, 0.75];

/**
 * @param traces at least one: of each the blocks that are live when the most bytes are, in the mean
 * @param alignment of payloads
 */
export function poolsOf(traces: readonly Trace[], alignment: number): readonly PoolsInFront[] {
  const live = meanOf(traces.map((trace) => liveAtPeak(trace, alignment)));
  const hottest = [...live]
    .filter(([size, count]) => size <= largestBlock && count >= fewestBlocks)
    .sort(([leftSize, left], [rightSize, right]) => right - left || leftSize - rightSize)
    .map(([size]) => size);
  const found = new Map<string, PoolsInFront>();
  for (const share of shares) {
    for (const count of classCounts) {
      const classes = classesOf(hottest.slice(0, count), live, share);
      const bytes = classes.reduce((sum, each) => sum + each.blockBytes * each.count, 0);
      if (classes.length > 0) found.set(JSON.stringify(classes), { classes, bytes });
    }
  }
  return [...found.values()];
}

/** A block serves its own size and what is between it and the next smaller one. */
function classesOf(
  sizes: readonly number[],
  live: ReadonlyMap<number, number>,
  share: number,
): readonly BlockClass[] {
  let below = 0;
  return sizes
    .toSorted((left, right) => left - right)
    .flatMap((blockBytes) => {
      let served = 0;
      for (const [size, count] of live) if (size > below && size <= blockBytes) served += count;
      below = blockBytes;
      const count = Math.floor(share * served);
      return count >= 1 ? [{ blockBytes, count }] : [];
    });
}

/** Live blocks by their size, rounded up to the alignment, when the most bytes are live. */
function liveAtPeak(trace: Trace, alignment: number): ReadonlyMap<number, number> {
  const peak = momentOfPeak(trace);
  const sizes = new Map<number, number>();
  for (const operation of trace.operations.slice(0, peak + 1)) {
    if (operation.kind === "free") sizes.delete(operation.id);
    else sizes.set(operation.id, operation.size);
  }
  const live = new Map<number, number>();
  for (const size of sizes.values()) {
    const rounded = roundUp(Math.max(1, size), alignment);
    live.set(rounded, (live.get(rounded) ?? 0) + 1);
  }
  return live;
}

/** The operation after which the most bytes are live. */
function momentOfPeak(trace: Trace): number {
  const sizes = new Map<number, number>();
  let [live, most, at] = [0, 0, 0];
  for (const [index, operation] of trace.operations.entries()) {
    const size = operation.kind === "free" ? 0 : operation.size;
    live += size - (sizes.get(operation.id) ?? 0);
    if (operation.kind === "free") sizes.delete(operation.id);
    else sizes.set(operation.id, size);
    if (live > most) [most, at] = [live, index];
  }
  return at;
}

function meanOf(counts: readonly ReadonlyMap<number, number>[]): ReadonlyMap<number, number> {
  const mean = new Map<number, number>();
  for (const [size, count] of counts.flatMap((each) => [...each]))
    mean.set(size, (mean.get(size) ?? 0) + count / counts.length);
  return mean;
}
