/**
 * realloc and aligned allocation for policies whose blocks tile the heap: what happens to which bytes is the same for
 * all, and what is free beside a block, where it is listed and where a freed block goes is the policy's.
 */
import { isSealed } from "../header/facts.js";
import { mostBlockBytes, type Plan } from "../plan/plan.js";
import type { BlockChain } from "./block-chain.js";
import type { Block } from "./block.js";
import { keptAlignment } from "./kept-alignment.js";
import { noteNeed } from "./need.js";
import { noteBytesCopied, noteWordsCopied, type PathTrail } from "./path-trail.js";
import type { Outcome } from "./reference-heap.js";
import type { Usage } from "./usage.js";
import { isPowerOfTwo } from "../units.js";

/** What a policy does with blocks. */
export interface Resizable {
  readonly plan: Plan;
  readonly chain: BlockChain;
  readonly trail: PathTrail;
  readonly usage: Usage;
  /** As malloc: served, or undefined. */
  request(size: number, tag: number): Block | undefined;
  /** A block in use of at least `need` bytes, cut to it as malloc does; undefined: none. */
  obtain(need: number): Block | undefined;
  /** Whether a block that is freed whole is kept aside, as free does where the policy has a place for it. */
  keepAside?(block: Block): boolean;
  /** As free of any other block: list it, merged with what is beside it. */
  release(block: Block): void;
  /** Bytes that are free directly behind a block and can be added to it. */
  roomAfter(block: Block): number;
  /** Add what is free behind a block, so much of it as the policy takes: at least what makes `need` bytes. */
  growRight(block: Block, need: number): void;
  /** The free block directly in front, where the policy finds it without a search. */
  freeLeftNeighbour(block: Block): Block | undefined;
  /** Take a free block out of the policy's index. */
  unlist(block: Block): void;
  /** What of a block in use decides how its end is found and written; nothing when left out. */
  noteBlock?(block: Block): void;
}

/**
 * @param payload of a live block, or -1
 * @param heapAddress where the heap begins
 */
export function realloc(heap: Resizable, payload: number, size: number, heapAddress: number): Outcome {
  const { chain, trail, plan, usage } = heap;
  trail.begin(4);
  if (trail.yesNo(payload < 0)) return outcomeOf(heap, heap.request(size, 0));
  const old = chain.inUse(payload);
  if (plan.zeroSize === "null" && trail.yesNo(size === 0)) {
    usage.freed(old.size);
    giveBack(heap, old);
    return outcomeOf(heap, undefined);
  }
  if (!trail.yesNo(size <= plan.maximumRequestBytes)) {
    usage.failed(size);
    return outcomeOf(heap, undefined);
  }
  noteVerified(heap, old);
  const need = noteNeed(heap.trail, heap.plan, size);
  const before = old.size;
  const held = keptBytes(plan, old);
  const { tag } = old;
  const alignment = keptAlignment(plan, heapAddress + payload);
  const block = resize(heap, old, { need, held, alignment, heapAddress });
  if (trail.yesNo(block !== undefined) && block !== undefined) {
    heap.noteBlock?.(block);
    block.requestBytes = size;
    usage.change(block.size - before);
    return outcomeOf(heap, block);
  }
  const elsewhere = allocate(heap, { alignment, size, tag, heapAddress });
  if (elsewhere !== undefined) {
    noteCopied(heap, held);
    usage.freed(before);
    giveBack(heap, old);
  }
  return outcomeOf(heap, elsewhere);
}

/** Bytes that move with a block: behind a guarded request nothing is the program's. */
const keptBytes = (plan: Plan, block: Block): number =>
  plan.hardening?.guard === undefined ? block.size - plan.header.bytes : block.requestBytes;

function noteCopied({ plan, trail }: Resizable, bytes: number, way: "copied" | "movedDown" = "copied"): void {
  if (plan.hardening?.guard === undefined) noteWordsCopied(trail, bytes, way);
  else noteBytesCopied(trail, bytes, way);
}

/**
 * Headers beside a block are verified where something in them is computed from the rest: from other bits in a free block
 * than in one in use.
 */
export function noteVerified(heap: Pick<Resizable, "plan" | "trail" | "noteBlock">, block: Block): void {
  const { plan, trail } = heap;
  heap.noteBlock?.(block);
  if (!isSealed(plan.header)) return;
  const noteState = (beside: Block | undefined) =>
    trail.choice(beside === undefined ? 0 : beside.free ? 1 : 2);
  const { left, right } = block;
  noteState(left);
  noteState(right);
  if (right?.free === true) noteState(right.right);
}

function giveBack(heap: Resizable, block: Block): void {
  noteVerified(heap, block);
  if (heap.keepAside?.(block) !== true) heap.release(block);
}

interface Resize {
  /** Bytes of the block, and those that its payload has. */
  readonly need: number;
  readonly held: number;
  /** That the payload keeps. */
  readonly alignment: number;
  readonly heapAddress: number;
}

/** The block with the bytes it needs, where its neighbours allow that; at its old place if they do. */
function resize(
  heap: Resizable,
  old: Block,
  { need, held, alignment, heapAddress }: Resize,
): Block | undefined {
  const { chain, trail, plan } = heap;
  let block = old;
  if (trail.yesNo(need > old.size)) {
    const room = heap.roomAfter(old);
    if (!trail.yesNo(old.size + room >= need)) {
      const left = plan.realloc.copyUnlocked === true ? undefined : heap.freeLeftNeighbour(old);
      if (!trail.yesNo(left !== undefined) || left === undefined) return undefined;
      if (!trail.yesNo(left.size + old.size + room >= need)) return undefined;
      if (!trail.yesNo((heapAddress + chain.payloadOf(left)) % alignment === 0)) return undefined;
      heap.unlist(left);
      noteCopied(heap, held, "movedDown");
      const { tag } = old;
      chain.join(left, old);
      left.free = false;
      left.tag = tag;
      block = left;
    }
    if (trail.yesNo(block.size < need)) heap.growRight(block, need);
  }
  cut(heap, block, need);
  return block;
}

/** Free what a block has beyond `need` bytes, if that is a block. */
function cut(heap: Resizable, block: Block, need: number): void {
  const { chain, trail, plan } = heap;
  if (trail.yesNo(block.size - need >= plan.minimumBlockBytes)) {
    const rest = chain.split(block, need);
    rest.free = false;
    heap.release(rest);
  }
}

export function alignedAlloc(heap: Resizable, request: AlignedRequest): Outcome {
  heap.trail.begin(5);
  return outcomeOf(heap, allocate(heap, request));
}

/** Of a block at a multiple of an alignment, in a heap that begins there. */
interface AlignedRequest {
  readonly alignment: number;
  readonly size: number;
  readonly tag: number;
  readonly heapAddress: number;
}

function allocate(heap: Resizable, request: AlignedRequest): Block | undefined {
  const { alignment, size, tag } = request;
  if (heap.trail.yesNo(isPowerOfTwo(alignment) && alignment <= heap.plan.alignment))
    return heap.request(size, tag);
  const block = aligned(heap, request);
  heap.usage.served(block, size);
  return block;
}

function aligned(heap: Resizable, { alignment, size, tag, heapAddress }: AlignedRequest): Block | undefined {
  const { chain, trail, plan } = heap;
  // What is wrong with an alignment is found in some order; a request of nothing is none that fails.
  trail.yesNo(size === 0);
  if (!trail.yesNo(isPowerOfTwo(alignment) && alignment <= plan.maximumAlignment)) {
    trail.choice(alignment === 0 ? 0 : isPowerOfTwo(alignment) ? 1 : 2);
    return undefined;
  }
  if (!trail.yesNo(chain.serves(size))) return undefined;
  const need = noteNeed(heap.trail, heap.plan, size);
  const most = need + widestGap(plan, alignment);
  if (!trail.yesNo(most <= mostBlockBytes(plan))) return undefined;
  let block = heap.obtain(most);
  if (block === undefined) return undefined;
  const gap = gapBefore(plan, heapAddress + chain.payloadOf(block), alignment);
  // A gap that is too small for a block is widened.
  trail.yesNo((heapAddress + chain.payloadOf(block) + gap) % alignment === 0 && gap >= alignment);
  if (trail.yesNo(gap > 0)) {
    const left = block;
    block = chain.split(left, gap);
    block.free = false;
    heap.release(left);
  }
  cut(heap, block, need);
  block.free = false;
  block.requestBytes = size;
  block.tag = tag;
  return block;
}

/** Bytes in front of the first aligned payload: none, or a block. */
function gapBefore(plan: Plan, address: number, alignment: number): number {
  let gap = (alignment - (address % alignment)) % alignment;
  while (gap > 0 && gap < plan.minimumBlockBytes) gap += alignment;
  return gap;
}

/** The widest gap of any payload's place. */
function widestGap(plan: Plan, alignment: number): number {
  const { granuleBytes, minimumBlockBytes } = plan;
  return minimumBlockBytes === granuleBytes
    ? alignment - granuleBytes
    : alignment + minimumBlockBytes - granuleBytes;
}

export function outcomeOf(
  { chain, trail }: Pick<Resizable, "chain" | "trail">,
  block: Block | undefined,
): Outcome {
  return { payload: block === undefined ? -1 : chain.payloadOf(block), path: trail.path() };
}
