/**
 * How many bytes of blocks are enough for every sequence of requests. Each theorem is told with its source, or with its
 * proof where it is short.
 */
import type { FindsWhatFits, Halves, Slots } from "../plan/fragmentation.js";
import { blockSizes, mostLiveBlockBytes, mostOthers, type Demand } from "./demand.js";

export const theorems = {
  gaps: "Between n live blocks lie at most n + 1 free stretches, each too small for the request that fails",
  firstFit:
    "First fit needs no more than M H(n) / ln 2 for blocks of up to n units and M units in all (Robson 1977; Knuth, The Art of Computer Programming 1, 2.5, exercise 43)",
  buddies:
    "Binary buddies of up to 2^r units never overflow (r + 1) M units, M in whole blocks of 2^r (Knuth, The Art of Computer Programming 1, 2.5, exercise 41)",
  slots: "Blocks of one size never fragment: as many as are live at once are enough",
} as const;
export type Theorem = keyof typeof theorems;

export interface Enough {
  /** Of blocks, their headers and padding included. */
  readonly blockBytes: number;
  readonly theorem: Theorem;
}

/**
 * Where a request for a block of b bytes fails, every free stretch is smaller than what surely serves it, f(b), so at most
 * f(b) less a granule. Live blocks take L - b bytes at most, for the request would have been within the limits, and are n at
 * most; a free stretch has a live block at its end, but for the last one and those that lie apart. So the heap has at most
 * L - b + (n + 1 + apart)(f(b) - granule) bytes of blocks: one granule more is enough.
 */
export function enoughByGaps(
  demand: Demand,
  { blockBytes, foundFrom, apart }: FindsWhatFits,
  granule: number,
): Enough {
  const live = mostLiveBlockBytes(demand, (request) => blockBytes(request).most);
  const smallestBlock = blockBytes(demand.smallest).least;
  const areas = blockSizes(demand, (request) => blockBytes(request).least).map(({ request, bytes }) => {
    const beside = Math.max(0, live - bytes);
    const others = Math.min(mostOthers(demand, request), Math.floor(beside / smallestBlock));
    return beside + (others + 1 + apart) * (foundFrom(bytes) - granule) + granule;
  });
  return { blockBytes: Math.max(...areas), theorem: "gaps" };
}

/** @returns undefined: the policy is no first fit */
export function enoughByFirstFit(
  demand: Demand,
  { blockBytes, isFirstFit }: FindsWhatFits,
  granule: number,
): Enough | undefined {
  if (!isFirstFit) return undefined;
  const most = (request: number): number => blockBytes(request).most;
  const units = Math.ceil(mostLiveBlockBytes(demand, most) / granule);
  const largest = Math.ceil(most(demand.largest) / granule);
  return {
    blockBytes: Math.ceil((units * harmonic(largest)) / Math.LN2) * granule,
    theorem: "firstFit",
  };
}

/** H(n) = 1 + 1/2 + … + 1/n. */
const harmonic = (count: number): number =>
  Array.from({ length: count }, (_, index) => 1 / (index + 1)).reduce((sum, term) => sum + term, 0);

/**
 * Knuth's exercise, of any area of whole granules whose blocks lie at multiples of their size. Let c(j) be the bytes of the
 * aligned cells of 2^j that hold live blocks smaller than 2^j. c(0) is 0. It grows only where a request of 2^i, i < j, gets a
 * cell that was free; then no free block of 2^i up to 2^(j-1) is there, so all cells of 2^i within those of c(j) are taken:
 * c(j) <= (live blocks of 2^i and more) + c(i) < M + i M, so with the new cell at most j M, for M is in whole cells. A request
 * of 2^i fails where no cell of 2^i is free: then there are at most M - 2^i + i M bytes of them.
 */
export function enoughByBuddies(demand: Demand, { blockBytes }: Halves, granule: number): Enough {
  const largest = blockBytes(demand.largest);
  const live = Math.ceil(mostLiveBlockBytes(demand, blockBytes) / largest) * largest;
  return { blockBytes: (Math.log2(largest / granule) + 1) * live, theorem: "buddies" };
}

/** Of each class: the blocks that are live at once at most, where every request is served by the smallest class that fits. */
export function slotsNeeded(
  demand: Demand,
  { classes }: Slots,
): readonly { readonly blockBytes: number; readonly needed: number; readonly count: number }[] {
  let below = 0;
  return classes.map(({ blockBytes, count }) => {
    const least = Math.max(demand.smallest, below + 1);
    below = blockBytes;
    const isAsked = least <= Math.min(demand.largest, blockBytes);
    const needed = isAsked ? Math.min(demand.blocks, Math.floor(demand.liveBytes / least)) : 0;
    return { blockBytes, needed, count };
  });
}

/**
 * What no allocator can do with less of, where blocks have the sizes that they have here: M / 2 log2 n + M - n + 1 units, n the
 * largest power of two that the sizes reach by doublings of the least (Robson 1971, 1974).
 */
export function neededByAny(demand: Demand, blockBytes: (request: number) => number): number {
  const sizes = blockSizes(demand, blockBytes);
  const unit = blockBytes(demand.smallest);
  const doublings: (typeof sizes)[number][] = [];
  for (const size of sizes) if (size.bytes === unit * 2 ** doublings.length) doublings.push(size);
  // Bytes of blocks that a program can have live of each of these sizes alone.
  const live = Math.min(
    ...doublings.map(
      ({ request, bytes }) => bytes * Math.min(demand.blocks, Math.floor(demand.liveBytes / request)),
    ),
  );
  const units = Math.floor(live / unit);
  const largest = 2 ** (doublings.length - 1);
  return Math.max(0, Math.floor((units / 2) * Math.log2(largest)) + units - largest + 1) * unit;
}
