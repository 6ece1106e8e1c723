/** A workload as it was unpacked. */
import type { TimeWorkload } from "../src/report/page/data.js";
import { unpacked, unpackedSteps } from "./packed.js";

export interface Workload {
  readonly name: string;
  readonly operations: number;
  /** By block, in the order in which they were handed out. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly offset: Float64Array;
  readonly bytes: Float64Array;
  /** Where headers have a tag. */
  readonly tag?: Float64Array;
  /** Numbers of the blocks by the operation that ended them. */
  readonly byEnd: Uint32Array;
  readonly failed: Float64Array;
  readonly cycles: Float64Array;
  readonly memory: Readonly<Record<keyof TimeWorkload["memory"], Float64Array>>;
}

export async function unpackedWorkload(workload: TimeWorkload): Promise<Workload> {
  const { name, operations, blocks, memory } = workload;
  const from = await unpackedSteps(blocks.from);
  const life = await unpacked(blocks.life);
  const to = from.map((start, index) => start + (life[index] ?? 0));
  const byEnd = Uint32Array.from(to.keys()).sort((left, right) => (to[left] ?? 0) - (to[right] ?? 0));
  return {
    name,
    operations,
    from,
    to,
    offset: await unpacked(blocks.offset),
    bytes: await unpacked(blocks.bytes),
    ...(blocks.tag === undefined ? {} : { tag: await unpacked(blocks.tag) }),
    byEnd,
    failed: await unpackedSteps(workload.failed),
    cycles: await unpacked(workload.cycles),
    memory: {
      at: await unpackedSteps(memory.at),
      payload: await unpackedSteps(memory.payload),
      padding: await unpackedSteps(memory.padding),
      headers: await unpackedSteps(memory.headers),
      free: await unpackedSteps(memory.free),
      largestFree: await unpackedSteps(memory.largestFree),
    },
  };
}

/** The first index from which on `of` is not below `value`; `length` where it always is. */
export function firstFrom(length: number, of: (index: number) => number, value: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (of(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The block at an address after an operation; undefined: the byte is in no payload. */
export function blockAt(
  { from, to, offset, bytes }: Workload,
  operation: number,
  address: number,
): number | undefined {
  for (let block = 0; block < from.length && (from[block] ?? 0) <= operation; block++) {
    const start = offset[block] ?? 0;
    if ((to[block] ?? 0) > operation && start <= address && address < start + Math.max(1, bytes[block] ?? 0))
      return block;
  }
  return undefined;
}

/** What an operation did. */
export function describeOperation(workload: Workload, operation: number): string {
  const { from, to, bytes, offset, byEnd, failed, cycles } = workload;
  const took = `${cycles[operation] ?? 0} cycles`;
  const got = firstFrom(from.length, (index) => from[index] ?? 0, operation);
  const ended = byEnd[firstFrom(byEnd.length, (index) => to[byEnd[index] ?? 0] ?? 0, operation)];
  const parts: string[] = [];
  if (ended !== undefined && to[ended] === operation)
    parts.push(`frees ${bytes[ended]} bytes at 0x${(offset[ended] ?? 0).toString(16)}`);
  if (from[got] === operation) parts.push(`gets ${bytes[got]} bytes at 0x${(offset[got] ?? 0).toString(16)}`);
  const none = firstFrom(failed.length, (index) => failed[index] ?? 0, operation);
  if (failed[none] === operation) parts.push("returns NULL");
  return `${parts.length === 0 ? "changes no block" : parts.join(", ")}, ${took}`;
}
