/** What a trace asks for, in figures. */
import { groupBy } from "../group.js";
import type { FailedRequest, Trace, TraceOperation } from "./operation.js";

/** How many values are in a range; both ends are in it. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface Distribution {
  readonly count: number;
  readonly least: number;
  readonly median: number;
  readonly mean: number;
  /** At most 90 % are at most this. */
  readonly p90: number;
  readonly most: number;
  /** Ranges that end at powers of two, those in between without a value included. */
  readonly bars: readonly Bar[];
}

export interface Figures {
  readonly operations: number;
  readonly counts: Readonly<Record<TraceOperation["kind"], number>>;
  /** Bytes of each request: of every malloc, calloc, aligned allocation and realloc. */
  readonly sizes: Distribution | undefined;
  /** Operations from a block's allocation to its free, of blocks that are freed. */
  readonly lifetimes: Distribution | undefined;
  /** Payload bytes that are live at most, and the operation, from 1, after which they are; a realloc has one block. */
  readonly peak: { readonly bytes: number; readonly blocks: number; readonly operation: number };
  /** Blocks that are live at most. */
  readonly mostBlocks: number;
  readonly left: {
    readonly blocks: number;
    readonly bytes: number;
    /** The most bytes first; the tag is undefined for blocks without one. */
    readonly byTag: readonly {
      readonly tag: string | undefined;
      readonly blocks: number;
      readonly bytes: number;
    }[];
    /** The largest ten: operation that allocated it, from 1, and bytes. */
    readonly largest: readonly {
      readonly operation: number;
      readonly bytes: number;
      readonly tag: string | undefined;
    }[];
  };
  readonly failed: {
    readonly count: number;
    readonly largest: number;
    readonly counts: Readonly<Record<FailedRequest["kind"], number>>;
  };
  /** Ticks of the first and the last operation. */
  readonly times: { readonly first: number; readonly last: number } | undefined;
}

interface Block {
  bytes: number;
  readonly index: number;
}

export function describeTrace({ operations, notes = {} }: Trace): Figures {
  const counts = { malloc: 0, calloc: 0, aligned: 0, realloc: 0, free: 0 };
  const live = new Map<number, Block>();
  const sizes: number[] = [];
  const lifetimes: number[] = [];
  let bytes = 0;
  let peak = { bytes: 0, blocks: 0, operation: 0 };
  let mostBlocks = 0;
  for (const [index, operation] of operations.entries()) {
    counts[operation.kind]++;
    const block = live.get(operation.id);
    bytes -= block?.bytes ?? 0;
    if (operation.kind === "free") {
      lifetimes.push(index - (block?.index ?? index));
      live.delete(operation.id);
      continue;
    }
    bytes += operation.size;
    sizes.push(operation.size);
    if (block === undefined) live.set(operation.id, { bytes: operation.size, index });
    else block.bytes = operation.size;
    mostBlocks = Math.max(mostBlocks, live.size);
    if (bytes > peak.bytes) peak = { bytes, blocks: live.size, operation: index + 1 };
  }
  return {
    operations: operations.length,
    counts,
    sizes: distribution(sizes),
    lifetimes: distribution(lifetimes),
    peak,
    mostBlocks,
    left: leftOf([...live.values()], bytes, notes.tags),
    failed: failedOf(notes.failed ?? []),
    times: timesOf(notes.times, operations.length),
  };
}

function leftOf(
  blocks: readonly Block[],
  bytes: number,
  tags: ReadonlyMap<number, string> | undefined,
): Figures["left"] {
  const tagOf = (block: Block): string | undefined => tags?.get(block.index);
  const byTag = [...groupBy(blocks, tagOf)].map(([tag, group]) => ({
    tag,
    blocks: group.length,
    bytes: group.reduce((sum, block) => sum + block.bytes, 0),
  }));
  const largest = blocks.toSorted((left, right) => right.bytes - left.bytes || left.index - right.index);
  return {
    blocks: blocks.length,
    bytes,
    byTag: byTag.toSorted((left, right) => right.bytes - left.bytes),
    largest: largest
      .slice(0, 10)
      .map((block) => ({ operation: block.index + 1, bytes: block.bytes, tag: tagOf(block) })),
  };
}

function failedOf(failed: readonly FailedRequest[]): Figures["failed"] {
  const counts = { malloc: 0, calloc: 0, aligned: 0, realloc: 0 };
  for (const { kind } of failed) counts[kind]++;
  return {
    count: failed.length,
    largest: failed.reduce((most, { size }) => Math.max(most, size), 0),
    counts,
  };
}

function timesOf(times: ArrayLike<number> | undefined, count: number): Figures["times"] {
  if (times === undefined) return undefined;
  for (let index = 0; index < count; index++) {
    const first = times[index] ?? NaN;
    if (!Number.isNaN(first)) return { first, last: times[count - 1] ?? first };
  }
  return undefined;
}

function distribution(values: readonly number[]): Distribution | undefined {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const [least, most] = [sorted[0], sorted[count - 1]];
  if (least === undefined || most === undefined) return undefined;
  const at = (share: number): number => sorted[Math.min(count - 1, Math.ceil(share * count) - 1)] ?? most;
  return {
    count,
    least,
    median: at(0.5),
    mean: sorted.reduce((sum, value) => sum + value, 0) / count,
    p90: at(0.9),
    most,
    bars: barsOf(sorted),
  };
}

/** 0; 1; 2; 3 and 4; 5 to 8; and so on. */
function barsOf(values: Float64Array): readonly Bar[] {
  const rankOf = (value: number): number => (value <= 0 ? 0 : Math.ceil(Math.log2(value)) + 1);
  const counts: number[] = [];
  for (const value of values) {
    const rank = rankOf(value);
    counts[rank] = (counts[rank] ?? 0) + 1;
  }
  const lowest = rankOf(values[0] ?? 0);
  return Array.from({ length: counts.length - lowest }, (_, index) => {
    const rank = lowest + index;
    const to = rank === 0 ? 0 : 2 ** (rank - 1);
    const from = rank <= 1 ? to : 2 ** (rank - 2) + 1;
    return { from, to, count: counts[rank] ?? 0 };
  });
}
