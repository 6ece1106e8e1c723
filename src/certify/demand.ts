/** What a program may ask for, and what blocks that makes at most. */

/** Limits that a program keeps, whatever it does. */
export interface Demand {
  /** Bytes asked for that are live at most, the request under way among them. */
  readonly liveBytes: number;
  /** Blocks that are live at most. */
  readonly blocks: number;
  /** Least and largest request, in bytes; the least is 1 or more. */
  readonly smallest: number;
  readonly largest: number;
}

/** Bytes of a block for a request. */
export type BlockBytes = (request: number) => number;

/** The least request of each size of block, by size. */
export function blockSizes(
  { smallest, largest }: Demand,
  blockBytes: BlockBytes,
): readonly { readonly request: number; readonly bytes: number }[] {
  const sizes: { request: number; bytes: number }[] = [];
  for (let request = smallest; request <= largest; request++) {
    const bytes = blockBytes(request);
    if (bytes !== sizes.at(-1)?.bytes) sizes.push({ request, bytes });
  }
  return sizes;
}

/** The most bytes of blocks that are live at once: what the worst program has, or a bound of it where that takes too long. */
export function mostLiveBlockBytes(demand: Demand, blockBytes: BlockBytes): number {
  const sizes = blockSizes(demand, blockBytes);
  const { liveBytes, blocks, smallest } = demand;
  const isCounted = blocks < Math.floor(liveBytes / smallest);
  return isCounted || liveBytes * sizes.length > mostSteps
    ? boundOfMost(demand, sizes)
    : exactMost(demand, sizes);
}

type Sizes = ReturnType<typeof blockSizes>;

/** Steps that the exact answer may take: well below a second. */
const mostSteps = 2 ** 25;

/** By the bytes asked for: a knapsack. */
function exactMost({ liveBytes }: Demand, sizes: Sizes): number {
  const most = new Float64Array(liveBytes + 1);
  for (const { request, bytes } of sizes)
    for (let asked = request; asked <= liveBytes; asked++)
      most[asked] = Math.max(most[asked] ?? 0, (most[asked - request] ?? 0) + bytes);
  return most.reduce((left, right) => Math.max(left, right), 0);
}

/**
 * As if blocks could be cut. For any price p of a block, Σ bytes <= blocks · p + liveBytes · max (bytes - p) / request; the
 * price that gives the least is searched.
 */
function boundOfMost({ liveBytes, blocks, smallest }: Demand, sizes: Sizes): number {
  const most = Math.min(blocks, Math.floor(liveBytes / smallest));
  const at = (price: number): number =>
    most * price +
    liveBytes * sizes.reduce((rate, { request, bytes }) => Math.max(rate, (bytes - price) / request), 0);
  let [low, high] = [0, sizes.at(-1)?.bytes ?? 0];
  // The sum is convex in the price.
  for (let step = 0; step < priceSteps; step++) {
    const third = (high - low) / 3;
    if (at(low + third) <= at(high - third)) high -= third;
    else low += third;
  }
  return Math.floor(Math.min(at(0), at(low), at(high)) + rounding);
}

/** What sums of quotients may be off by. */
const rounding = 1e-6;
const priceSteps = 60;

/** Blocks that are live at most beside one of that request. */
export function mostOthers({ liveBytes, blocks, smallest }: Demand, request: number): number {
  return Math.max(0, Math.min(blocks - 1, Math.floor((liveBytes - request) / smallest)));
}
