/** A list for each size class, served last-in first-out: Wilson et al. 1995, section 3.6. */
import { linkUnitBytes } from "../../plan/plan.js";
import type { SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";
import { BlockChain } from "../../reference/block-chain.js";
import type { Block } from "../../reference/block.js";
import { noteNeed } from "../../reference/need.js";
import { PathTrail } from "../../reference/path-trail.js";
import type { BlockLinks, Outcome, ReferenceHeap } from "../../reference/reference-heap.js";
import { alignedAlloc, noteVerified, realloc, type Resizable } from "../../reference/resizing.js";
import { Usage } from "../../reference/usage.js";
import { classesBySize, classFloors } from "./reference-classes.js";
import { checkInvariants, classValues } from "./reference-control.js";
import { QuickLists } from "./reference-quick.js";
import { classIndex } from "./plan.js";
import { getsHighEnd } from "./split-rule.js";

export class SegregatedFitReference implements ReferenceHeap, Resizable {
  readonly chain: BlockChain;
  private readonly policy: SegregatedFitNumbers;
  /** Smallest size of each class, in granules. */
  private readonly floors: readonly number[];
  /** Class of each block size in granules. */
  private readonly classBySize: Uint16Array;
  /** Free blocks of each class, the one freed last at the end. */
  private readonly classes: Block[][];
  /** Where each class stands in the bitmap and, counted from the first, among the heads of the lists. */
  private readonly places: readonly number[];
  /** Filled classes of each 32: a word of the bitmap. */
  private readonly filledInWord: Uint16Array;
  readonly trail = new PathTrail();
  readonly usage: Usage;
  private readonly quick: QuickLists;
  private coalesceDue = false;

  constructor(readonly plan: SegregatedFitPlan) {
    this.policy = plan.policy;
    this.chain = new BlockChain(plan);
    this.usage = new Usage(plan, this.trail);
    this.quick = new QuickLists(plan, this.trail);
    const space = plan.endOfBlocks - plan.firstBlock;
    const { granuleBytes } = plan;
    const parts = 2 ** this.policy.subdivisionBits;
    this.floors = classFloors(parts, plan.minimumBlockBytes / granuleBytes, space / granuleBytes);
    this.classBySize = classesBySize(plan, this.floors);
    this.classes = this.floors.map(() => []);
    this.places = this.floors.map((floor) => classIndex(this.policy, floor * granuleBytes));
    this.filledInWord = new Uint16Array(this.policy.bitmapWords);
    this.list(this.chain.append(plan.firstBlock, space, true));
  }

  private classOf(block: Block): Block[] {
    return this.classes[this.classNumber(block.size)] as Block[];
  }

  private classNumber(size: number): number {
    return this.classBySize[size / this.plan.granuleBytes] as number;
  }

  private placeOf(classNumber: number): number {
    return this.places[classNumber] as number;
  }

  /** Finding a size's class takes its highest bit: a search, where the core does not count leading zeros. */
  private noteClass(bytes: number): void {
    if (this.plan.countLeadingZeros) return;
    const { sizeShift, leastHighest } = this.policy;
    this.trail.choice(Math.floor(Math.log2(Math.max(bytes / 2 ** sizeShift, leastHighest, 1))));
  }

  private list(block: Block): void {
    this.noteClass(block.size);
    const number = this.classNumber(block.size);
    const blocks = this.classes[number] as Block[];
    if (blocks.length === 0) this.countFilled(number, 1);
    blocks.push(block);
  }

  /** Filled classes of a class's word, from now on. */
  private countFilled(classNumber: number, change: 1 | -1): number {
    const word = Math.floor(this.placeOf(classNumber) / 32);
    const filled = (this.filledInWord[word] as number) + change;
    this.filledInWord[word] = filled;
    return filled;
  }

  /** Take a block out of its class, which may become empty, and with it a word of the bitmap. */
  unlist(block: Block): void {
    const number = this.classNumber(block.size);
    const blocks = this.classes[number] as Block[];
    const at = blocks.lastIndexOf(block);
    this.trail.yesNo(at > 0);
    this.trail.yesNo(at === blocks.length - 1);
    blocks.splice(at, 1);
    this.noteEmptied(number);
  }

  private noteEmptied(classNumber: number): void {
    const emptied = (this.classes[classNumber] as Block[]).length === 0;
    if (this.trail.yesNo(emptied)) this.trail.yesNo(this.countFilled(classNumber, -1) === 0);
  }

  malloc(size: number, tag: number): Outcome {
    this.trail.begin(1);
    const block = this.request(size, tag);
    return this.outcome(block === undefined ? -1 : this.chain.payloadOf(block));
  }

  request(size: number, tag: number): Block | undefined {
    const block = this.serve(size, tag);
    this.usage.served(block, size);
    return block;
  }

  private serve(size: number, tag: number): Block | undefined {
    // Of what is not served, a request of nothing is none that fails.
    if (this.plan.api.stats) this.trail.yesNo(size === 0);
    if (!this.trail.yesNo(this.chain.serves(size))) return undefined;
    const need = noteNeed(this.trail, this.plan, size);
    const block = this.quick.serve(need) ?? this.obtain(need);
    if (block !== undefined) Object.assign(block, { requestBytes: size, tag });
    return block;
  }

  obtain(need: number): Block | undefined {
    const block = this.find(need) ?? (this.reclaim() ? this.find(need) : undefined);
    if (block === undefined) return undefined;
    this.classOf(block).pop();
    this.noteEmptied(this.classNumber(block.size));
    const cut = this.trail.yesNo(block.size - need >= this.plan.minimumBlockBytes);
    const taken = cut ? this.cut(block, need) : block;
    taken.free = false;
    return taken;
  }

  realloc(payload: number, size: number): Outcome {
    return realloc(this, payload, size);
  }

  alignedAlloc(alignment: number, size: number, heapAddress: number): Outcome {
    return alignedAlloc(this, alignment, size, heapAddress);
  }

  roomAfter({ right }: Block): number {
    return this.trail.yesNo(right?.free === true) ? (right?.size ?? 0) : 0;
  }

  growRight(block: Block): void {
    if (block.right === undefined) throw new Error("nothing is behind the block");
    this.unlist(block.right);
    this.chain.join(block, block.right);
  }

  freeLeftNeighbour({ left }: Block): Block | undefined {
    // Without boundary tags nothing tells where it begins.
    return this.plan.header.boundaryTag !== "none" && left?.free === true ? left : undefined;
  }

  /** Cut `need` bytes off a free block that is in no class: at the end that the policy says. */
  private cut(block: Block, need: number): Block {
    if (this.trail.yesNo(getsHighEnd(this.policy, need, block))) {
      const high = this.chain.split(block, block.size - need);
      this.list(block);
      return high;
    }
    this.list(this.chain.split(block, need));
    return block;
  }

  /** The first block of the own class if it is large enough, else of the first filled class whose every block is. */
  private find(need: number): Block | undefined {
    const own = this.classNumber(need);
    if (this.policy.probe) {
      this.noteClass(need);
      const first = this.classes[own]?.at(-1);
      const fits = first !== undefined && first.size >= need;
      this.trail.choice(fits ? 2 : first === undefined ? 0 : 1);
      return fits ? first : this.firstFilled(own + 1, this.placeOf(own));
    }
    this.noteClass(need - 1);
    // Every block of the own class is large enough when the need is its smallest size.
    const exact = (this.floors[own] as number) * this.plan.granuleBytes >= need;
    return this.firstFilled(exact ? own : own + 1, classIndex(this.policy, need - 1));
  }

  /** The first block of the first filled class from `begin` on; the search of the bitmap starts behind a place. */
  private firstFilled(begin: number, place: number): Block | undefined {
    let number = begin;
    while (number < this.classes.length && (this.classes[number] as Block[]).length === 0) number++;
    const found = this.classes[number]?.at(-1);
    const sameWord = Math.floor(place / 32) === Math.floor((this.places[number] ?? 0) / 32);
    this.trail.choice(found === undefined ? 0 : sameWord ? 1 : 2);
    return found;
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    const block = this.chain.inUse(payload);
    noteVerified(this, block);
    this.usage.change(-block.size);
    if (!this.keepAside(block)) this.release(block);
    return this.outcome(-1);
  }

  keepAside(block: Block): boolean {
    return this.quick.keep(block);
  }

  /** Free what waits, and merge what was not merged when it was freed; false where there is neither. */
  private reclaim(): boolean {
    const waiting = this.quick.empty();
    const due = waiting.length > 0 || this.coalesceDue;
    if (this.policy.coalesce === "deferred" || this.policy.quick !== undefined) this.trail.yesNo(due);
    if (!due) return false;
    this.trail.noteCoalescingPass();
    for (const block of waiting) this.release(block);
    if (this.policy.coalesce === "deferred") this.coalesceAll();
    return true;
  }

  /** Merge all free blocks that touch, and list them anew: in each class the one at the lowest address first. */
  private coalesceAll(): void {
    this.coalesceDue = false;
    for (const blocks of this.classes) blocks.length = 0;
    this.filledInWord.fill(0);
    for (const block of this.chain.mergeFree().reverse()) this.list(block);
  }

  release(block: Block): void {
    if (this.policy.coalesce === "deferred") {
      block.free = true;
      this.coalesceDue = true;
      this.list(block);
    } else this.merge(block);
  }

  private merge(block: Block): void {
    const { left, right } = block;
    let whole = block;
    if (this.trail.yesNo(right?.free === true) && right !== undefined) {
      this.unlist(right);
      this.chain.join(whole, right);
    }
    if (this.trail.yesNo(left?.free === true) && left !== undefined) {
      this.unlist(left);
      this.chain.join(left, whole);
      whole = left;
    }
    whole.free = true;
    this.list(whole);
  }

  private outcome(payload: number): Outcome {
    return { payload, path: this.trail.path() };
  }

  blocks(): Iterable<Block> {
    return this.chain.blocks();
  }

  wildernessStart(): number {
    return this.plan.endOfBlocks;
  }

  freeList(): readonly Block[] {
    return this.classes.flatMap((blocks) => blocks.toReversed());
  }

  links(block: Block): BlockLinks {
    if (block.quick) return { next: this.quick.after(block), previous: undefined };
    const blocks = this.classOf(block);
    const index = blocks.indexOf(block);
    return { next: blocks[index - 1], previous: blocks[index + 1], headLink: this.headLink(block) };
  }

  control(): ReadonlyMap<string, readonly (number | undefined)[]> {
    const { plan, quick } = this;
    const link = (block: Block) => this.chain.payloadOf(block) / linkUnitBytes(plan);
    return new Map<string, readonly (number | undefined)[]>([
      ...classValues(plan, this.classes, this.places, link),
      ...quick.values(plan.minimumBlockBytes, plan.granuleBytes, link),
      ["coalesce_due", [this.coalesceDue ? 1 : 0]],
      ...this.usage.values(),
    ]);
  }

  /** Link of the head of a block's class, as if it were a block. */
  private headLink(block: Block): number {
    const { headsLink } = this.policy;
    const { bytes } = this.plan.header.links;
    return headsLink + (this.placeOf(this.classNumber(block.size)) * bytes) / linkUnitBytes(this.plan);
  }

  check(): void {
    checkInvariants(this.plan, this.chain, this.classes, (size) => this.classNumber(size));
    this.quick.check(this.chain);
  }
}
