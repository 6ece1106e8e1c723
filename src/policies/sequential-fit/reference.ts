/** One list of free blocks, searched in order: Wilson et al. 1995, sections 3.3 to 3.5. */
import type { SequentialFitNumbers, SequentialFitPlan } from "./types.js";
import { BlockChain } from "../../reference/block-chain.js";
import { endOf, type Block } from "../../reference/block.js";
import { largestFree, largestServedBy } from "../../reference/largest-request.js";
import { noteNeed } from "../../reference/need.js";
import { tellsFailures } from "../../plan/figures.js";
import { PathTrail } from "../../reference/path-trail.js";
import type { BlockLinks, Outcome, ReferenceHeap } from "../../reference/reference-heap.js";
import { alignedAlloc, noteVerified, outcomeOf, realloc, type Resizable } from "../../reference/resizing.js";
import { Usage } from "../../reference/usage.js";
import { controlValues } from "./control-values.js";
import { FreeList } from "./free-list.js";
import { checkInvariants } from "./invariants.js";
import { getsHighEnd } from "./split-rule.js";

export class SequentialFitReference implements ReferenceHeap, Resizable {
  readonly chain: BlockChain;
  private readonly policy: SequentialFitNumbers;
  private readonly list: FreeList;
  readonly trail = new PathTrail();
  readonly usage: Usage;
  private wilderness: number;
  private coalesceDue = false;

  constructor(readonly plan: SequentialFitPlan) {
    this.policy = plan.policy;
    this.chain = new BlockChain(plan);
    this.usage = new Usage(plan, this.trail);
    this.list = new FreeList(plan, this.chain, this.trail);
    this.wilderness = plan.firstBlock;
    if (this.policy.wilderness !== "none") return;
    this.wilderness = plan.endOfBlocks;
    this.list.append(this.chain.append(plan.firstBlock, plan.endOfBlocks - plan.firstBlock, true), 0);
  }

  malloc(size: number, tag: number): Outcome {
    this.trail.begin(1);
    return outcomeOf(this, this.request(size, tag));
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
    const block = this.obtain(need);
    if (block !== undefined) Object.assign(block, { requestBytes: size, tag });
    return block;
  }

  obtain(need: number): Block | undefined {
    let block = this.take(need);
    if (block === undefined && this.trail.yesNo(this.coalesceDue)) {
      this.trail.noteCoalescingPass();
      this.coalesceAll(need);
      block = this.take(need);
    }
    if (block !== undefined) block.free = false;
    return block;
  }

  realloc(payload: number, size: number, heapAddress: number): Outcome {
    return realloc(this, payload, size, heapAddress);
  }

  alignedAlloc(alignment: number, size: number, heapAddress: number, tag = 0): Outcome {
    return alignedAlloc(this, { alignment, size, tag, heapAddress });
  }

  largestRequest(): number {
    if (this.policy.coalesce === "list-neighbours") this.list.find(Infinity);
    if (this.coalesceDue) this.coalesceAll(Infinity);
    return largestServedBy(this.plan, largestFree(this.blocks(), this.plan.endOfBlocks - this.wilderness));
  }

  roomAfter(block: Block): number {
    if (this.trail.yesNo(this.touchesWilderness(block))) return this.plan.endOfBlocks - this.wilderness;
    const { right } = block;
    if (this.plan.header.boundaryTag !== "none") {
      return this.trail.yesNo(right?.free === true) ? (right?.size ?? 0) : 0;
    }
    return this.list.seek(right);
  }

  growRight(block: Block, need: number): void {
    if (this.touchesWilderness(block)) {
      this.wilderness += need - block.size;
      block.size = need;
      return;
    }
    if (block.right === undefined) throw new Error("nothing is behind the block");
    this.unlist(block.right);
    this.chain.join(block, block.right);
  }

  freeLeftNeighbour({ left }: Block): Block | undefined {
    return this.plan.header.boundaryTag !== "none" && left?.free === true ? left : undefined;
  }

  unlist(block: Block): void {
    this.list.remove(this.list.blocks.indexOf(block));
  }

  private take(need: number): Block | undefined {
    const { wilderness } = this.policy;
    if (wilderness === "first") return this.takeWilderness(need) ?? this.takeListed(need);
    const listed = this.takeListed(need);
    return wilderness === "last" ? (listed ?? this.takeWilderness(need)) : listed;
  }

  private takeWilderness(need: number): Block | undefined {
    if (!this.trail.yesNo(need <= this.plan.endOfBlocks - this.wilderness)) return undefined;
    const block = this.chain.append(this.wilderness, need, false);
    this.wilderness += need;
    return block;
  }

  /** Take a listed block; what is left of it, if that is a block, keeps its place in the list. */
  private takeListed(need: number): Block | undefined {
    const index = this.list.find(need);
    if (!this.trail.yesNo(index >= 0)) return undefined;
    // A search that merges looks behind the block it takes too, if there is one.
    if (this.policy.coalesce === "list-neighbours") this.trail.yesNo(index === this.list.blocks.length - 1);
    const block = this.list.at(index);
    const before = this.list.blocks[index - 1];
    if (this.trail.yesNo(block.size - need >= this.plan.minimumBlockBytes)) {
      if (this.trail.yesNo(getsHighEnd(this.policy, need, block, this.trail))) {
        if (this.policy.fit === "next") this.list.rover = before;
        return this.chain.split(block, block.size - need);
      }
      this.list.replace(index, this.chain.split(block, need));
    } else {
      this.list.remove(index);
    }
    if (this.policy.fit === "next") this.list.rover = before;
    return block;
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return outcomeOf(this, undefined);
    const block = this.chain.inUse(payload);
    noteVerified(this, block);
    this.usage.freed(block.size);
    this.release(block);
    return outcomeOf(this, undefined);
  }

  release(block: Block): void {
    block.free = true;
    const { coalesce, order } = this.policy;
    if (coalesce === "deferred") this.coalesceDue = true;
    if (coalesce !== "immediate") {
      const index = this.list.position(block);
      this.list.noteWayTo(block, index);
      this.insert(block, index);
    } else if (order === "address") this.place(block);
    else if (order === "in-place") this.mergeInPlace(block);
    else this.mergeAndInsert(block);
  }

  /** Put a block in its place of an address-ordered list, merging with the nodes it touches. */
  private place(block: Block): void {
    const index = this.list.position(block);
    this.list.noteWayTo(block, index);
    const previous = this.list.blocks[index - 1];
    const next = this.list.blocks[index];
    this.trail.yesNo(previous === undefined);
    this.trail.yesNo(next === undefined);
    const mergedLeft = this.trail.yesNo(previous !== undefined && endOf(previous) === block.start);
    const mergedRight = this.trail.yesNo(next !== undefined && endOf(block) === next.start);
    if (mergedRight && next !== undefined) {
      if (mergedLeft) this.list.remove(index);
      // The freed block stands in for its right neighbour, the search position with it.
      else this.list.replace(index, block);
      this.chain.join(block, next);
    }
    if (mergedLeft && previous !== undefined) this.chain.join(previous, block);
    const whole = mergedLeft && previous !== undefined ? previous : block;
    if (this.trail.yesNo(this.touchesWilderness(whole))) {
      if (mergedLeft) this.list.remove(index - 1);
      this.joinWilderness();
    } else if (!mergedLeft && !mergedRight) {
      this.insert(block, index);
    }
  }

  /** Take the free neighbours out of the list, then insert the whole as if it had just been freed. */
  private mergeAndInsert(block: Block): void {
    const { left, right } = block;
    const mergedLeft = this.trail.yesNo(left !== undefined && this.list.blocks.includes(left));
    const mergedRight = this.trail.yesNo(right !== undefined && this.list.blocks.includes(right));
    const neighbours = this.list.blocks.filter((node) => node === left || node === right);
    if (this.plan.header.boundaryTag === "none") {
      // A walk meets them in list order.
      this.list.note("looked", this.list.blocks.length - neighbours.length);
      this.trail.yesNo(neighbours[0] === left);
    } else if (mergedRight && neighbours[0] === left) {
      neighbours.reverse();
    }
    for (const neighbour of neighbours) this.list.remove(this.list.blocks.indexOf(neighbour));
    if (mergedRight && right !== undefined) this.chain.join(block, right);
    if (mergedLeft && left !== undefined) this.chain.join(left, block);
    const whole = mergedLeft && left !== undefined ? left : block;
    if (this.trail.yesNo(this.touchesWilderness(whole))) this.joinWilderness();
    else this.insert(whole, this.list.position(whole));
  }

  private touchesWilderness(block: Block): boolean {
    return this.policy.wilderness !== "none" && endOf(block) === this.wilderness;
  }

  /** The whole stands where the left neighbour stood, or the right one; without either the block becomes the first. */
  private mergeInPlace(block: Block): void {
    const { left, right } = block;
    const mergesLeft = this.trail.yesNo(left?.free === true);
    const mergesRight = this.trail.yesNo(right?.free === true);
    if (mergesRight && right !== undefined) {
      const index = this.list.blocks.indexOf(right);
      if (mergesLeft) this.list.remove(index);
      else this.list.replace(index, block);
      this.chain.join(block, right);
    }
    if (mergesLeft && left !== undefined) this.chain.join(left, block);
    if (!mergesLeft && !mergesRight) this.insert(block, 0);
  }

  /** The last block, already out of the list, becomes untouched space. */
  private joinWilderness(): void {
    const { last } = this.chain;
    if (last === undefined) throw new Error("no block stands before the wilderness");
    this.wilderness = last.start;
    this.chain.removeLast();
  }

  /** A block that finds the slot table full stays out of the list until a sweep. */
  private insert(block: Block, index: number): void {
    if (!this.list.insert(block, index)) this.coalesceDue = true;
  }

  /**
   * Go over the whole heap: merge what touches (unless the policy never merges) and make the list anew, in address
   * order. A full slot table leaves blocks out; the first of them that serves `need`, if no listed one does, takes
   * the place of the last.
   */
  private coalesceAll(need: number): void {
    const { coalesce } = this.policy;
    this.list.clear();
    this.coalesceDue = false;
    let served = false;
    for (const block of this.chain.blocks()) {
      if (!block.free) continue;
      while (coalesce !== "never" && block.right?.free === true) this.chain.join(block, block.right);
      if ((coalesce === "immediate" || coalesce === "deferred") && this.touchesWilderness(block)) {
        this.joinWilderness();
        break;
      }
      const serves = block.size >= need;
      const end = this.list.blocks.length;
      if (!this.list.append(block, end)) {
        this.coalesceDue = true;
        if (serves && !served) this.list.standIn(end - 1, block);
      }
      served ||= serves;
    }
  }

  blocks(): Iterable<Block> {
    return this.chain.blocks();
  }

  wildernessStart(): number {
    return this.wilderness;
  }

  freeList(): readonly Block[] {
    return this.list.blocks;
  }

  links(block: Block): BlockLinks {
    return this.list.neighboursOf(block);
  }

  control(): ReadonlyMap<string, readonly (number | undefined)[]> {
    const { plan, list, wilderness, coalesceDue } = this;
    return new Map([...controlValues(plan, list, { wilderness, coalesceDue }), ...this.usage.values()]);
  }

  check(): void {
    checkInvariants(this.plan, this.chain, this.list, this.wilderness);
  }
}
