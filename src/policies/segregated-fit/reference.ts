/** A list for each size class, served last-in first-out: Wilson et al. 1995, section 3.6. */
import { tellsFailures } from "../../plan/figures.js";
import type { SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";
import { BlockChain } from "../../reference/block-chain.js";
import type { Block } from "../../reference/block.js";
import { largestServedBy } from "../../reference/largest-request.js";
import { noteNeed } from "../../reference/need.js";
import { PathTrail } from "../../reference/path-trail.js";
import type { BlockLinks, Outcome, ReferenceHeap } from "../../reference/reference-heap.js";
import { alignedAlloc, noteVerified, realloc, type Resizable } from "../../reference/resizing.js";
import { Usage } from "../../reference/usage.js";
import { linkUnit } from "./link-unit.js";
import { checkInvariants, classValues } from "./reference-control.js";
import { ClassLists } from "./reference-lists.js";
import { QuickLists } from "./reference-quick.js";
import { getsHighEnd } from "./split-rule.js";

export class SegregatedFitReference implements ReferenceHeap, Resizable {
  readonly chain: BlockChain;
  private readonly policy: SegregatedFitNumbers;
  readonly trail = new PathTrail();
  readonly usage: Usage;
  private readonly lists: ClassLists;
  private readonly quick: QuickLists;
  private coalesceDue = false;

  constructor(readonly plan: SegregatedFitPlan) {
    this.policy = plan.policy;
    this.chain = new BlockChain(plan);
    this.usage = new Usage(plan, this.trail);
    this.lists = new ClassLists(plan, this.trail);
    this.quick = new QuickLists(plan, this.trail);
    this.lists.list(this.chain.append(plan.firstBlock, plan.endOfBlocks - plan.firstBlock, true));
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
    if (tellsFailures(this.plan.api)) this.trail.yesNo(size === 0);
    if (!this.trail.yesNo(this.chain.serves(size))) return undefined;
    const need = noteNeed(this.trail, this.plan, size);
    const block = this.quick.serve(need) ?? this.obtain(need);
    if (block !== undefined) Object.assign(block, { requestBytes: size, tag });
    return block;
  }

  obtain(need: number): Block | undefined {
    const block = this.lists.find(need) ?? (this.reclaim() ? this.lists.find(need) : undefined);
    if (block === undefined) return undefined;
    this.lists.unlistFirst(block);
    const cut = this.trail.yesNo(block.size - need >= this.plan.minimumBlockBytes);
    const taken = cut ? this.cut(block, need) : block;
    taken.free = false;
    return taken;
  }

  realloc(payload: number, size: number, heapAddress: number): Outcome {
    return realloc(this, payload, size, heapAddress);
  }

  alignedAlloc(alignment: number, size: number, heapAddress: number, tag = 0): Outcome {
    return alignedAlloc(this, { alignment, size, tag, heapAddress });
  }

  /** Of the sizes down from the largest free block's, the first for which a search finds one. */
  largestRequest(): number {
    this.reclaim();
    const { plan, lists } = this;
    let need = Math.max(0, ...lists.classes.flat().map(({ size }) => size));
    while (need >= plan.minimumBlockBytes && lists.find(need) === undefined) need -= plan.granuleBytes;
    return largestServedBy(plan, need);
  }

  unlist(block: Block): void {
    this.lists.unlist(block);
  }

  roomAfter({ right }: Block): number {
    return this.trail.yesNo(right?.free === true) ? (right?.size ?? 0) : 0;
  }

  growRight(block: Block): void {
    if (block.right === undefined) throw new Error("nothing is behind the block");
    this.lists.unlist(block.right);
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
      this.lists.list(block);
      return high;
    }
    this.lists.list(this.chain.split(block, need));
    return block;
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    const block = this.chain.inUse(payload);
    noteVerified(this, block);
    this.usage.freed(block.size);
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
    this.lists.clear();
    for (const block of this.chain.mergeFree().reverse()) this.lists.list(block);
  }

  release(block: Block): void {
    if (this.policy.coalesce === "deferred") {
      block.free = true;
      this.coalesceDue = true;
      this.lists.list(block);
    } else this.merge(block);
  }

  private merge(block: Block): void {
    const { left, right } = block;
    let whole = block;
    if (this.trail.yesNo(right?.free === true) && right !== undefined) {
      this.lists.unlist(right);
      this.chain.join(whole, right);
    }
    if (this.trail.yesNo(left?.free === true) && left !== undefined) {
      this.lists.unlist(left);
      this.chain.join(left, whole);
      whole = left;
    }
    whole.free = true;
    this.lists.list(whole);
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
    return this.lists.classes.flatMap((blocks) => blocks.toReversed());
  }

  links(block: Block): BlockLinks {
    if (block.quick) return { next: this.quick.after(block), previous: undefined };
    const blocks = this.lists.classOf(block);
    const index = blocks.indexOf(block);
    return { next: blocks[index - 1], previous: blocks[index + 1], headLink: this.lists.headLink(block) };
  }

  control(): ReadonlyMap<string, readonly (number | undefined)[]> {
    const { plan, lists, quick } = this;
    const link = (block: Block) => this.chain.payloadOf(block) / linkUnit(plan);
    return new Map<string, readonly (number | undefined)[]>([
      ...classValues(plan, lists.classes, lists.places, link),
      ...quick.values(plan.minimumBlockBytes, plan.granuleBytes, link),
      ["coalesce_due", [this.coalesceDue ? 1 : 0]],
      ...this.usage.values(),
    ]);
  }

  check(): void {
    checkInvariants(this.plan, this.chain, this.lists.classes, (size) => this.lists.classNumber(size));
    this.quick.check(this.chain);
  }
}
