/** A pile of blocks: each new one stands in front of the one before it, as far from the heap's start as there is room. */
import type { BumpNumbers, BumpPlan } from "./types.js";
import type { Block } from "../../reference/block.js";
import {
  alignedAlloc,
  giveBack,
  outcome,
  realloc,
  request,
  type AlignedRequest,
  type HeaderlessHeap,
} from "../../reference/headerless-functions.js";
import { keptAlignment } from "../../reference/kept-alignment.js";
import { largestServedBy } from "../../reference/largest-request.js";
import { noteNeed } from "../../reference/need.js";
import { noteWordsCopied, PathTrail } from "../../reference/path-trail.js";
import { headerlessBlock } from "../../reference/headerless-block.js";
import type { BlockLinks, Outcome, StoredNumber, ReferenceHeap } from "../../reference/reference-heap.js";
import { Usage } from "../../reference/usage.js";

/** Kind of work: a link's width of a payload is moved up. */
const movedUp = 16;

export class BumpReference implements ReferenceHeap, HeaderlessHeap<Block> {
  private readonly policy: BumpNumbers;
  /** Bottom first: the bottom ends where the heap's space ends. */
  private readonly pile: Block[] = [];
  /** Payloads that were handed out and not freed, whether or not their memory came back. */
  private readonly live = new Set<number>();
  /** Blocks cut off since the beginning. */
  private count = 0;
  readonly trail = new PathTrail();
  readonly usage: Usage;

  constructor(readonly plan: BumpPlan) {
    this.policy = plan.policy;
    this.usage = new Usage(plan, this.trail);
  }

  /** Where the newest block begins. */
  private top(): number {
    return this.pile.at(-1)?.start ?? this.plan.endOfBlocks;
  }

  payloadOf(block: Block): number {
    return block.start + this.plan.header.bytes;
  }

  malloc(size: number): Outcome {
    this.trail.begin(1);
    return outcome(this, request(this, size));
  }

  obtain(size: number): Block | undefined {
    const need = this.needFor(size);
    if (!this.trail.yesNo(need <= this.mark())) return undefined;
    return this.cutOff(need);
  }

  private needFor(size: number): number {
    return noteNeed(this.trail, this.plan, size);
  }

  private cutOff(size: number): Block {
    const block = headerlessBlock(this.top() - size, size, false);
    this.pile.push(block);
    this.live.add(this.payloadOf(block));
    this.count++;
    return block;
  }

  bytesOf({ size }: Block): number {
    return size;
  }

  heldBy({ size }: Block): number {
    return size - this.plan.header.bytes;
  }

  inUse(payload: number): Block {
    const block = this.live.has(payload)
      ? this.pile.find((each) => this.payloadOf(each) === payload)
      : undefined;
    if (block === undefined) throw new Error(`no block in use has its payload at ${payload}`);
    return block;
  }

  realloc(payload: number, size: number, heapAddress: number): Outcome {
    return realloc(this, payload, size, heapAddress);
  }

  /** The newest block ends where it ended, and its payload moves; an older one stays as it is. */
  resize(old: Block, size: number, heapAddress: number): Block | undefined {
    const { trail, plan } = this;
    const need = this.needFor(size);
    // A payload that may not move with the lock held stays where it is, that of the newest block too.
    const mayMove = plan.realloc.copyUnlocked !== true && trail.yesNo(old === this.pile.at(-1));
    if (!mayMove) return trail.yesNo(need <= old.size) ? old : undefined;
    const alignment = keptAlignment(plan, heapAddress + this.payloadOf(old));
    const whole = this.alignedSize(need, alignment, heapAddress + old.start + old.size);
    if (!trail.yesNo(whole <= this.mark() + old.size)) return undefined;
    trail.choice(whole > old.size ? 0 : whole < old.size ? 1 : 2);
    if (whole > old.size) noteWordsCopied(trail, this.heldBy(old), "movedDown");
    if (whole < old.size) trail.iterations(movedUp, (need - plan.header.bytes) / plan.header.links.bytes);
    this.pile.pop();
    this.live.delete(this.payloadOf(old));
    return this.cutOff(whole);
  }

  /** The payload is at the alignment below where it would be; what is behind it belongs to the block. */
  alignedAlloc(alignment: number, size: number, heapAddress: number): Outcome {
    return alignedAlloc(this, { alignment, size, heapAddress });
  }

  obtainAligned({ alignment, size, heapAddress }: AlignedRequest): Block | undefined {
    const need = this.needFor(size);
    if (!this.trail.yesNo(need <= this.mark())) return undefined;
    const most = this.alignedSize(need, alignment, heapAddress + this.top());
    return this.trail.yesNo(most <= this.mark()) ? this.cutOff(most) : undefined;
  }

  /** Bytes of a block that ends at an address and has its payload at a multiple of the alignment: at least `need`. */
  private alignedSize(need: number, alignment: number, end: number): number {
    let most = need;
    while ((end - most + this.plan.header.bytes) % alignment !== 0) most += this.plan.granuleBytes;
    return most;
  }

  largestRequest(): number {
    return largestServedBy(this.plan, this.mark());
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    giveBack(this, this.inUse(payload));
    return this.outcome(-1);
  }

  giveBack(block: Block): void {
    this.live.delete(this.payloadOf(block));
    if (this.policy.release !== "lifo") return;
    if (!this.trail.yesNo(block === this.pile.at(-1))) return;
    this.pile.pop();
  }

  /** An older block keeps its place until a mark is released. */
  freedBytes(block: Block): number {
    return this.policy.release === "lifo" && block === this.pile.at(-1) ? block.size : 0;
  }

  /** A mark for `release`: what is left now. */
  mark(): number {
    return this.top() - this.plan.firstBlock;
  }

  /** All blocks are given back that were allocated since the mark. */
  releaseTo(mark: number): void {
    while (this.mark() < mark) {
      const block = this.pile.pop();
      if (block === undefined) return;
      this.live.delete(this.payloadOf(block));
      this.usage.change(-block.size);
    }
  }

  private outcome(payload: number): Outcome {
    return { payload, path: this.trail.path() };
  }

  *blocks(): Iterable<Block> {
    const room = this.mark();
    if (room > 0) yield headerlessBlock(this.plan.firstBlock, room, true);
    yield* this.pile.toReversed();
  }

  wildernessStart(): number {
    return this.plan.endOfBlocks;
  }

  freeList(): readonly Block[] {
    return [];
  }

  links(): BlockLinks {
    return { next: undefined, previous: undefined };
  }

  *storedNumbers(): Iterable<StoredNumber> {
    if (this.policy.release !== "lifo") return;
    const { bytes } = this.plan.header.links;
    const unit = bytes === 2 ? this.plan.granuleBytes : 1;
    for (const { start, size } of this.pile) {
      yield {
        name: "offset of the block below",
        offset: start,
        bytes,
        value: (start + size - this.plan.firstBlock) / unit,
      };
    }
  }

  control(): ReadonlyMap<string, readonly number[]> {
    return new Map<string, readonly number[]>([
      ["room", [this.mark()]],
      ["blocks", [this.count]],
      ...this.usage.values(),
    ]);
  }

  check(): void {
    let end: number = this.plan.endOfBlocks;
    const starts = new Set<number>();
    for (const block of this.pile) {
      if (block.start + block.size !== end)
        throw new Error(`the block at ${block.start} does not end at ${end}`);
      if (block.size < this.plan.minimumBlockBytes || block.size % this.plan.granuleBytes !== 0)
        throw new Error(`the block at ${block.start} has an impossible size of ${block.size}`);
      end = block.start;
      starts.add(this.payloadOf(block));
    }
    if (end < this.plan.firstBlock) throw new Error("the blocks begin in front of their space");
    for (const payload of this.live) {
      if (!starts.has(payload)) throw new Error(`the block in use at ${payload} was given back`);
    }
  }
}
