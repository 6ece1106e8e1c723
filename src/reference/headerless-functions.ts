/**
 * realloc and aligned allocation for policies whose blocks have no header: what is asked and in which order is the same
 * for all, what becomes of the blocks is the policy's.
 */
import { tellsFailures } from "../plan/figures.js";
import type { Plan } from "../plan/plan.js";
import { isPowerOfTwo } from "../units.js";
import { keptAlignment } from "./kept-alignment.js";
import { noteWordsCopied, type PathTrail } from "./path-trail.js";
import { servesRequest } from "./headerless-block.js";
import type { Outcome } from "./reference-heap.js";
import type { Usage } from "./usage.js";

/** What a policy does with its blocks, whatever it knows of one. */
export interface HeaderlessHeap<Block> {
  readonly plan: Plan;
  readonly trail: PathTrail;
  readonly usage: Usage;
  /** A block in use for a request that the heap answers; undefined: none. */
  obtain(size: number): Block | undefined;
  /** The block in use whose payload this is. @throws Error where there is none. */
  inUse(payload: number): Block;
  /** A block in use with its bytes, where it is or beside; undefined where that cannot be: nothing has changed. */
  resize(block: Block, size: number, heapAddress: number): Block | undefined;
  /** As alignedAlloc's, of a request that the heap answers. */
  obtainAligned(request: AlignedRequest): Block | undefined;
  /** As free. */
  giveBack(block: Block): void;
  payloadOf(block: Block): number;
  /** Bytes that count as in use. */
  bytesOf(block: Block): number;
  /** Bytes that no longer do when the block is given back; all when left out. */
  freedBytes?(block: Block): number;
  /** Bytes of its payload. */
  heldBy(block: Block): number;
}

/** As malloc: a block, or undefined, counted either way. */
export function request<Block>(heap: HeaderlessHeap<Block>, size: number): Block | undefined {
  const { trail, plan } = heap;
  // Of what is not served, a request of nothing is none that fails.
  if (tellsFailures(plan.api)) trail.yesNo(size === 0);
  const block = trail.yesNo(servesRequest(plan, size)) ? heap.obtain(size) : undefined;
  count(heap, block, size);
  return block;
}

function count<Block>(heap: HeaderlessHeap<Block>, block: Block | undefined, size: number): void {
  if (block === undefined) heap.usage.failed(size);
  else heap.usage.allocated(heap.bytesOf(block));
}

export function outcome<Block>(heap: HeaderlessHeap<Block>, block: Block | undefined): Outcome {
  return { payload: block === undefined ? -1 : heap.payloadOf(block), path: heap.trail.path() };
}

/**
 * @param payload of a live block, or -1
 * @param heapAddress where the heap begins
 */
export function realloc<Block>(
  heap: HeaderlessHeap<Block>,
  payload: number,
  size: number,
  heapAddress: number,
): Outcome {
  const { trail, plan, usage } = heap;
  trail.begin(4);
  if (trail.yesNo(payload < 0)) return outcome(heap, request(heap, size));
  const old = heap.inUse(payload);
  if (plan.zeroSize === "null" && trail.yesNo(size === 0)) {
    giveBack(heap, old);
    return outcome(heap, undefined);
  }
  if (!trail.yesNo(size <= plan.maximumRequestBytes)) {
    usage.failed(size);
    return outcome(heap, undefined);
  }
  const [before, held] = [heap.bytesOf(old), heap.heldBy(old)];
  const resized = heap.resize(old, size, heapAddress);
  if (trail.yesNo(resized !== undefined) && resized !== undefined) {
    usage.change(heap.bytesOf(resized) - before);
    return outcome(heap, resized);
  }
  const alignment = keptAlignment(plan, heapAddress + payload);
  const isPlain = plan.realloc.keepAlignment === undefined;
  const moved = isPlain ? request(heap, size) : allocate(heap, { alignment, size, heapAddress });
  if (moved === undefined) return outcome(heap, undefined);
  noteWordsCopied(trail, held);
  giveBack(heap, old);
  return outcome(heap, moved);
}

/** As free, counted. */
export function giveBack<Block>(heap: HeaderlessHeap<Block>, block: Block): void {
  const bytes = heap.freedBytes?.(block) ?? heap.bytesOf(block);
  // What stays in use is not freed.
  if (bytes > 0) heap.usage.freed(bytes);
  else heap.usage.change(0);
  heap.giveBack(block);
}

/** Addresses count, not offsets. */
export function alignedAlloc<Block>(heap: HeaderlessHeap<Block>, request: AlignedRequest): Outcome {
  heap.trail.begin(5);
  return outcome(heap, allocate(heap, request));
}

function allocate<Block>(heap: HeaderlessHeap<Block>, request: AlignedRequest): Block | undefined {
  const { trail, plan, usage } = heap;
  const { alignment, size, heapAddress } = request;
  trail.yesNo(size === 0);
  if (!trail.yesNo(isPowerOfTwo(alignment) && alignment <= plan.maximumAlignment)) {
    // What is wrong with it is found in some order.
    trail.choice(alignment === 0 ? 0 : isPowerOfTwo(alignment) ? 1 : 2);
    usage.failed(size);
    return undefined;
  }
  const block = trail.yesNo(servesRequest(plan, size)) ? heap.obtainAligned(request) : undefined;
  count(heap, block, size);
  if (block !== undefined && (heapAddress + heap.payloadOf(block)) % alignment !== 0)
    throw new Error(`the payload at ${heap.payloadOf(block)} is at no multiple of ${alignment}`);
  return block;
}

/** Of so many bytes at a multiple of an alignment, in a heap that begins there. */
export interface AlignedRequest {
  readonly alignment: number;
  readonly size: number;
  readonly heapAddress: number;
}
