/** Halves of halves: a free block is split until its half would be too small, and merged with its other half. */
import type { BuddyPlan, Plan } from "../../plan/plan.js";
import type { Block } from "../../reference/block-chain.js";
import { PathTrail } from "../../reference/path-trail.js";
import { plainBlock, servesRequest } from "../../reference/plain-block.js";
import type { BlockLinks, Outcome, OwnNumber, ReferenceHeap } from "../../reference/reference-heap.js";

/** A block of 2^order units that begins at a multiple of as many. */
interface Half {
  readonly unit: number;
  readonly order: number;
  readonly free: boolean;
}

export class BuddyReference implements ReferenceHeap {
  private readonly policy: BuddyPlan;
  /** Every block, by its first unit. */
  private readonly byUnit = new Map<number, Half>();
  /** First units of the free blocks of each order, the next to be taken at the end. */
  private readonly lists: number[][];
  private readonly trail = new PathTrail();

  constructor(private readonly plan: Plan) {
    if (plan.policy.kind !== "buddy") throw new Error("not a plan of binary buddies");
    this.policy = plan.policy;
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
    if (!this.trail.yesNo(servesRequest(this.plan, size))) return this.outcome(-1);
    const { granuleBytes, minimumBlockBytes, zeroSize, countLeadingZeros } = this.plan;
    const smallest = zeroSize === "unique" ? Math.max(1, minimumBlockBytes) : minimumBlockBytes;
    this.trail.yesNo(size < smallest);
    const units = Math.ceil(Math.max(size, smallest) / granuleBytes);
    const order = Math.ceil(Math.log2(units));
    // Without an instruction for it, the order is found by halving.
    if (!countLeadingZeros) this.trail.choice(order, 32);
    const found = this.lists.findIndex((list, index) => index >= order && list.length > 0);
    if (!this.trail.yesNo(found >= 0)) return this.outcome(-1);
    this.trail.choice(found - order, 32);
    const unit = this.listOf(found).pop() as number;
    this.trail.yesNo(this.listOf(found).length > 0);
    for (let half = found - 1; half >= order; half--)
      this.list({ unit: unit + 2 ** half, order: half, free: true });
    this.byUnit.set(unit, { unit, order, free: false });
    return this.outcome(this.placeOf(unit));
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    const given = this.byUnit.get((payload - this.plan.firstBlock) / this.plan.granuleBytes);
    if (given === undefined || given.free) throw new Error(`no block in use has its payload at ${payload}`);
    let whole: Half = { ...given, free: true };
    let mergers = 0;
    const ways: (0 | 1)[] = [];
    for (let buddy = this.buddyOf(whole); this.isWhole(buddy, whole); buddy = this.buddyOf(whole)) {
      const list = this.listOf(whole.order);
      const at = list.indexOf(buddy);
      ways.push(at > 0 ? 1 : 0, at < list.length - 1 ? 1 : 0);
      list.splice(at, 1);
      this.byUnit.delete(Math.max(buddy, whole.unit));
      whole = { unit: Math.min(buddy, whole.unit), order: whole.order + 1, free: true };
      mergers++;
    }
    this.trail.choice(mergers, 32);
    for (const way of ways) this.trail.choice(way, 2);
    this.trail.yesNo(this.buddyOf(whole) < this.policy.granules);
    this.trail.yesNo(this.listOf(whole.order).length > 0);
    this.list(whole);
    return this.outcome(-1);
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

  private outcome(payload: number): Outcome {
    return { payload, path: this.trail.path() };
  }

  private blockOf({ unit, order, free }: Half): Block {
    return plainBlock(this.placeOf(unit), 2 ** order * this.plan.granuleBytes, free);
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

  *ownNumbers(): Iterable<OwnNumber> {
    const { bytes } = this.plan.header.links;
    for (const list of this.lists) {
      for (const [index, unit] of list.entries()) {
        const offset = this.placeOf(unit);
        yield { offset, bytes, value: list[index - 1] ?? this.none() };
        yield { offset: offset + bytes, bytes, value: list[index + 1] ?? this.none() };
      }
    }
  }

  control(): ReadonlyMap<string, readonly (number | undefined)[]> {
    const filled = this.lists.reduce((sum, list, order) => sum + (list.length > 0 ? 2 ** order : 0), 0);
    const state = Array.from({ length: this.policy.granules }, (): number | undefined => undefined);
    for (const { unit, order, free } of this.byUnit.values()) state[unit] = order + (free ? 128 : 0);
    return new Map<string, readonly (number | undefined)[]>([
      ["filled", [filled]],
      ["first", this.lists.map((list) => list.at(-1) ?? this.none())],
      ["state", state],
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
