/** Halves of halves: a free block is split until its half would be too small, and merged with its other half. */
import type { BuddyNumbers, BuddyPlan } from "./types.js";
import type { Block } from "../../reference/block.js";
import { largestFree, largestServedBy } from "../../reference/largest-request.js";
import { noteWordsCopied, PathTrail } from "../../reference/path-trail.js";
import { headerlessBlock } from "../../reference/headerless-block.js";
import type { BlockLinks, Outcome, StoredNumber, ReferenceHeap } from "../../reference/reference-heap.js";
import { Usage } from "../../reference/usage.js";
import {
  alignedAlloc,
  giveBack,
  outcome,
  realloc,
  request,
  type AlignedRequest,
  type HeaderlessHeap,
} from "../../reference/headerless-functions.js";

/** A block of 2^order units that begins at a multiple of as many. */
interface Half {
  readonly unit: number;
  readonly order: number;
  readonly free: boolean;
}

export class BuddyReference implements ReferenceHeap, HeaderlessHeap<Half> {
  private readonly policy: BuddyNumbers;
  /** Every block, by its first unit. */
  private readonly byUnit = new Map<number, Half>();
  /** First units of the free blocks of each order, the next to be taken at the end. */
  private readonly lists: number[][];
  readonly trail = new PathTrail();
  readonly usage: Usage;

  constructor(readonly plan: BuddyPlan) {
    this.policy = plan.policy;
    this.usage = new Usage(plan, this.trail);
    this.lists = Array.from({ length: this.policy.orders }, () => []);
    // As few blocks as there can be, the largest first.
    for (let unit = 0; unit < this.policy.granules;) {
      const order = Math.floor(Math.log2(this.policy.granules - unit));
      this.list({ unit, order, free: true });
      unit += 2 ** order;
    }
  }

  private listOf(order: number): number[] {
    const list = this.lists[order];
    if (list === undefined) throw new Error(`there is no order ${order}`);
    return list;
  }

  private list(half: Half): void {
    this.byUnit.set(half.unit, half);
    this.listOf(half.order).push(half.unit);
  }

  malloc(size: number): Outcome {
    this.trail.begin(1);
    return outcome(this, request(this, size));
  }

  obtain(size: number): Half | undefined {
    return this.take(this.orderFor(size));
  }

  bytesOf({ order }: Half): number {
    return 2 ** order * this.plan.granuleBytes;
  }

  heldBy(half: Half): number {
    return this.bytesOf(half);
  }

  payloadOf({ unit }: Half): number {
    return this.placeOf(unit);
  }

  /** Of the smallest block that holds a request. */
  private orderFor(size: number): number {
    const { granuleBytes, minimumBlockBytes, zeroSize, countLeadingZeros } = this.plan;
    const smallest = zeroSize === "unique" ? Math.max(1, minimumBlockBytes) : minimumBlockBytes;
    this.trail.yesNo(size < smallest);
    const order = Math.ceil(Math.log2(Math.ceil(Math.max(size, smallest) / granuleBytes)));
    // Without an instruction for it, the order is found by halving.
    if (!countLeadingZeros) this.trail.choice(order);
    return order;
  }

  /** A block in use of the order, cut off the smallest free one that holds it. */
  private take(order: number): Half | undefined {
    const found = this.lists.findIndex((list, index) => index >= order && list.length > 0);
    if (!this.trail.yesNo(found >= 0)) return undefined;
    this.trail.choice(found - order);
    const unit = this.listOf(found).pop() as number;
    this.trail.yesNo(this.listOf(found).length > 0);
    for (let half = found - 1; half >= order; half--)
      this.list({ unit: unit + 2 ** half, order: half, free: true });
    return this.use({ unit, order, free: false });
  }

  private use(half: Half): Half {
    this.byUnit.set(half.unit, half);
    return half;
  }

  realloc(payload: number, size: number, heapAddress: number): Outcome {
    return realloc(this, payload, size, heapAddress);
  }

  /** Halved, or merged with its other halves where these are free. */
  resize(old: Half, size: number): Half | undefined {
    const order = this.orderFor(size);
    return this.trail.yesNo(order <= old.order) ? this.shrink(old, order) : this.grow(old, order);
  }

  /** The low end of a block in use; its upper halves become free. */
  private shrink({ unit, order: from }: Half, order: number): Half {
    this.trail.choice(from - order);
    for (let half = from - 1; half >= order; half--) {
      this.trail.yesNo(this.listOf(half).length > 0);
      this.list({ unit: unit + 2 ** half, order: half, free: true });
    }
    return this.use({ unit, order, free: false });
  }

  /** The larger block that a block in use is a part of, where all of the rest is free in halves. */
  private grow(old: Half, order: number): Half | undefined {
    if (this.plan.realloc.copyUnlocked && !this.trail.yesNo(old.unit % 2 ** order === 0)) return undefined;
    const others: Half[] = [];
    let whole = old;
    while (whole.order < order && this.isWhole(this.buddyOf(whole), whole)) {
      others.push({ unit: this.buddyOf(whole), order: whole.order, free: true });
      whole = { unit: Math.min(this.buddyOf(whole), whole.unit), order: whole.order + 1, free: false };
    }
    this.trail.choice(order - old.order);
    this.trail.choice(others.length);
    if (whole.order < order) {
      this.trail.yesNo(this.buddyOf(whole) < this.policy.granules);
      return undefined;
    }
    for (const other of others) {
      this.noteUnlisted(other);
      this.unlist(other);
    }
    this.byUnit.delete(old.unit);
    if (this.trail.yesNo(whole.unit !== old.unit))
      noteWordsCopied(this.trail, this.bytesOf(old), "movedDown");
    return this.use(whole);
  }

  /** A block begins at a multiple of its size: one as large as the alignment is taken, and cut down to the request. */
  alignedAlloc(alignment: number, size: number, heapAddress: number): Outcome {
    return alignedAlloc(this, { alignment, size, heapAddress });
  }

  obtainAligned({ alignment, size }: AlignedRequest): Half | undefined {
    const order = this.orderFor(size);
    const least = Math.max(0, Math.log2(alignment / this.plan.granuleBytes));
    if (!this.plan.countLeadingZeros) this.trail.choice(least);
    this.trail.choice(Math.sign(least - order) + 1); // Of equal ones a compiler takes either.
    const whole = this.take(Math.max(least, order));
    return whole && this.shrink(whole, order);
  }

  largestRequest(): number {
    return largestServedBy(this.plan, largestFree(this.blocks()));
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return outcome(this, undefined);
    giveBack(this, this.inUse(payload));
    return outcome(this, undefined);
  }

  inUse(payload: number): Half {
    const half = this.byUnit.get((payload - this.plan.firstBlock) / this.plan.granuleBytes);
    if (half === undefined || half.free) throw new Error(`no block in use has its payload at ${payload}`);
    return half;
  }

  /** What was in use is free, and merges with its other half for as long as that is free as a whole. */
  giveBack(given: Half): void {
    this.byUnit.delete(given.unit);
    let whole: Half = { ...given, free: true };
    for (let buddy = this.buddyOf(whole); this.isWhole(buddy, whole); buddy = this.buddyOf(whole)) {
      this.trail.yesNo(true);
      this.noteUnlisted({ ...whole, unit: buddy });
      this.unlist({ ...whole, unit: buddy });
      whole = { unit: Math.min(buddy, whole.unit), order: whole.order + 1, free: true };
    }
    this.trail.yesNo(false);
    this.trail.yesNo(this.buddyOf(whole) < this.policy.granules);
    this.trail.yesNo(this.listOf(whole.order).length > 0);
    if (this.plan.hardening !== undefined) this.trail.yesNo(whole.unit !== given.unit);
    this.list(whole);
  }

  /** Whether a free block has another in front of it in its list, and one behind. */
  private noteUnlisted({ unit, order }: Half): void {
    const list = this.listOf(order);
    const at = list.indexOf(unit);
    this.trail.yesNo(at > 0);
    this.trail.yesNo(at < list.length - 1);
  }

  private unlist({ unit, order }: Half): void {
    const list = this.listOf(order);
    list.splice(list.indexOf(unit), 1);
    this.byUnit.delete(unit);
  }

  /** First unit of the other half. */
  private buddyOf({ unit, order }: Half): number {
    return Math.floor(unit / 2 ** order) % 2 === 0 ? unit + 2 ** order : unit - 2 ** order;
  }

  /** Whether a free block begins at the unit that is as large as `half`. */
  private isWhole(unit: number, half: Half): boolean {
    const other = this.byUnit.get(unit);
    return other?.free === true && other.order === half.order;
  }

  private placeOf(unit: number): number {
    return this.plan.firstBlock + unit * this.plan.granuleBytes;
  }

  private blockOf({ unit, order, free }: Half): Block {
    return headerlessBlock(this.placeOf(unit), 2 ** order * this.plan.granuleBytes, free);
  }

  blocks(): Iterable<Block> {
    return [...this.byUnit.values()]
      .map((half) => this.blockOf(half))
      .sort((left, right) => left.start - right.start);
  }

  wildernessStart(): number {
    return this.plan.endOfBlocks;
  }

  freeList(): readonly Block[] {
    return this.lists.flatMap((list, order) =>
      list.toReversed().map((unit) => this.blockOf({ unit, order, free: true })),
    );
  }

  links(): BlockLinks {
    return { next: undefined, previous: undefined };
  }

  private none(): number {
    return 2 ** (8 * this.plan.header.links.bytes) - 1;
  }

  *storedNumbers(): Iterable<StoredNumber> {
    const { bytes } = this.plan.header.links;
    for (const list of this.lists) {
      for (const [index, unit] of list.entries()) {
        const offset = this.placeOf(unit);
        yield { name: "next", offset, bytes, value: list[index - 1] ?? this.none() };
        yield { name: "previous", offset: offset + bytes, bytes, value: list[index + 1] ?? this.none() };
      }
    }
  }

  control(): ReadonlyMap<string, readonly (number | undefined)[]> {
    const filled = this.lists.reduce((sum, list, order) => sum + (list.length > 0 ? 2 ** order : 0), 0);
    const state = Array.from({ length: this.policy.granules }, (): number | undefined => undefined);
    for (const { unit, order, free } of this.byUnit.values()) state[unit] = order + (free ? 128 : 0);
    return new Map<string, readonly (number | undefined)[]>([
      ["nonempty", [filled]],
      ["first", this.lists.map((list) => list.at(-1) ?? this.none())],
      ["state", state],
      ...this.usage.values(),
    ]);
  }

  check(): void {
    let unit = 0;
    let listed = this.lists.reduce((sum, list) => sum + list.length, 0);
    while (unit < this.policy.granules) {
      const half = this.byUnit.get(unit);
      if (half === undefined) throw new Error(`no block begins at unit ${unit}`);
      if (unit % 2 ** half.order !== 0)
        throw new Error(`the block at unit ${unit} is no half of a larger one`);
      if (half.free) {
        if (!this.listOf(half.order).includes(unit))
          throw new Error(`the free block at unit ${unit} is not listed`);
        if (this.isWhole(this.buddyOf(half), half)) throw new Error(`two free halves at unit ${unit}`);
        listed--;
      }
      unit += 2 ** half.order;
    }
    if (unit !== this.policy.granules) throw new Error("a block ends behind the last unit");
    if (listed !== 0) throw new Error("a block is listed that is not free, or twice");
  }
}
