/** What stands in payloads: an interrupt must not change what others keep in theirs. */
import type { BlockNumber, HeapCall } from "./heap-call.js";

/** Bytes of a payload that are looked at. */
const most = 64;

/** What the handler writes into its blocks. */
const handlersByte = 0xee;

const byteOf = (block: number): number => (37 * block + 11) & 0xff;

/** A heap's bytes, and where they begin. */
export interface HeapBytes {
  readonly bytes: Uint8Array;
  readonly address: number;
}

/** A payload by its address, 0 for NULL. */
const payload = ({ bytes, address }: HeapBytes, at: number, size: number): Uint8Array =>
  bytes.subarray(at - address, at - address + Math.min(size, most));

export interface Payloads {
  readonly setup: readonly HeapCall[];
  readonly live: readonly number[];
  /** Addresses of blocks by number. */
  readonly blocks: readonly number[];
}

/** Bytes that were asked for, by the number of the block. */
function sizesOf(setup: readonly HeapCall[]): readonly number[] {
  return setup.flatMap((call) => ("size" in call ? [call.size] : []));
}

/** Fill the payloads of a state. */
export function fillPayloads(heap: HeapBytes, { setup, live, blocks }: Payloads): void {
  const sizes = sizesOf(setup);
  for (const block of live) payload(heap, blocks[block] ?? 0, sizes[block] ?? 0).fill(byteOf(block));
}

/** What a handler does with a block as soon as it has it. */
export function fillByHandler(heap: HeapBytes, at: number, size: number): void {
  if (at !== 0) payload(heap, at, size).fill(handlersByte);
}

/** The second block that a handler allocates, which it keeps. */
function keptBlock(handler: readonly HeapCall[], results: readonly number[]) {
  const [, kept] = handler.flatMap((call, index) =>
    "size" in call ? [{ at: results[index] ?? 0, size: call.size }] : [],
  );
  if (kept === undefined) throw new Error("a handler keeps no block");
  return kept;
}

/** What is wrong behind an interrupted call; a sentence without a full stop. */
export function wrongPayload(
  heap: HeapBytes,
  state: Payloads,
  call: HeapCall,
  result: number,
  handler: readonly HeapCall[],
  handlerResults: readonly number[],
): string | undefined {
  const { setup, live, blocks } = state;
  const sizes = sizesOf(setup);
  const holds = (at: number, size: number, byte: number): boolean =>
    payload(heap, at, size).every((each) => each === byte);
  const freed = new Set<BlockNumber>(
    [...handler, call].map((each) => ("block" in each ? each.block : undefined)),
  );
  const changed = live.find(
    (block) => !freed.has(block) && !holds(blocks[block] ?? 0, sizes[block] ?? 0, byteOf(block)),
  );
  if (changed !== undefined) return `the payload of block ${changed} changed`;
  const kept = keptBlock(handler, handlerResults);
  if (kept.at !== 0 && !holds(kept.at, kept.size, handlersByte))
    return "the payload of the handler's block changed";
  if (call.kind === "calloc" && result !== 0 && !holds(result, call.count * call.size, 0))
    return "the block is not cleared";
  if (call.kind !== "realloc" || call.block === undefined) return undefined;
  // A size of 0 may have freed it.
  if (result === 0 && call.size === 0) return undefined;
  const old = sizes[call.block] ?? 0;
  const [at, bytes] = result === 0 ? [blocks[call.block] ?? 0, old] : [result, Math.min(call.size, old)];
  return holds(at, bytes, byteOf(call.block)) ? undefined : "the contents are not kept";
}
