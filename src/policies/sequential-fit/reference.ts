/** One list of free blocks, searched in order: Wilson et al. 1995, sections 3.3 to 3.5. */
import type { Plan, SequentialFitPlan } from "../../plan/plan.js";
import { BlockChain, endOf, type Block } from "../../reference/block-chain.js";
import {
  freedNull,
  noPath,
  refused,
  type BlockLinks,
  type Outcome,
  type ReferenceHeap,
} from "../../reference/reference-heap.js";
import { FreeList } from "./free-list.js";

export class SequentialFitReference implements ReferenceHeap {
  private readonly chain: BlockChain;
  private readonly policy: SequentialFitPlan;
  private readonly list: FreeList;
  private wilderness: number;
  private sweepDue = false;

  constructor(private readonly plan: Plan) {
    if (plan.policy.kind !== "sequential-fit") throw new Error("not a plan of sequential fit");
    const { links } = plan.header;
    this.policy = plan.policy;
    this.chain = new BlockChain(plan);
    this.list = new FreeList(plan.policy, this.chain, links.place === "slots" ? links.count : undefined);
    this.wilderness = plan.firstBlock;
  }

  malloc(size: number, tag: number): Outcome {
    if (!this.chain.serves(size)) return refused;
    const need = this.chain.needFor(size);
    let outcome = this.take(need, size, tag, false);
    if (outcome.payload < 0 && this.sweepDue) {
      this.sweep(need);
      outcome = this.take(need, size, tag, true);
    }
    return outcome;
  }

  private take(need: number, size: number, tag: number, swept: boolean): Outcome {
    const untouchedFirst = this.policy.wilderness === "first";
    if (untouchedFirst && this.wildernessFits(need)) return this.takeWilderness(need, size, tag, 0, swept);
    const { index, steps } = this.list.find(need);
    if (index >= 0) {
      const split = this.cut(index, need);
      return this.given(split.block, size, tag, {
        ...noPath,
        source: "list",
        steps,
        split: split.cut,
        swept,
      });
    }
    if (!untouchedFirst && this.wildernessFits(need))
      return this.takeWilderness(need, size, tag, steps, swept);
    return { payload: -1, path: { ...noPath, steps, swept } };
  }

  private wildernessFits(need: number): boolean {
    return need <= this.plan.endOfBlocks - this.wilderness;
  }

  private takeWilderness(need: number, size: number, tag: number, steps: number, swept: boolean): Outcome {
    const block = this.chain.append(this.wilderness, need, false);
    this.wilderness += need;
    return this.given(block, size, tag, { ...noPath, source: "wilderness", steps, swept });
  }

  /** Take a listed block; what is left of it, if that is a block, keeps its place in the list. */
  private cut(index: number, need: number): { readonly block: Block; readonly cut: boolean } {
    const block = this.list.at(index);
    const before = this.list.blocks[index - 1];
    const cut = block.size - need >= this.plan.minimumBlockBytes;
    if (cut) this.list.replace(index, this.chain.split(block, need));
    else this.list.remove(index);
    if (this.policy.fit === "next") this.list.rover = before;
    return { block, cut };
  }

  private given(block: Block, size: number, tag: number, path: Outcome["path"]): Outcome {
    block.free = false;
    block.requested = size;
    block.tag = tag;
    return { payload: this.chain.payloadOf(block), path };
  }

  free(payload: number): Outcome {
    if (payload < 0) return freedNull;
    const block = this.chain.inUse(payload);
    block.free = true;
    if (this.policy.coalesce === "immediate") {
      return this.policy.order === "address" ? this.place(block) : this.mergeAndInsert(block);
    }
    if (this.policy.coalesce === "deferred") this.sweepDue = true;
    const steps = this.list.position(block);
    this.insert(block, steps);
    return this.freed(steps, false, false, false);
  }

  /** Put a block in its place of an address-ordered list, merging with the nodes it touches. */
  private place(block: Block): Outcome {
    const index = this.list.position(block);
    const previous = this.list.blocks[index - 1];
    const next = this.list.blocks[index];
    const mergedLeft = previous !== undefined && endOf(previous) === block.start;
    const mergedRight = next !== undefined && endOf(block) === next.start;
    if (mergedRight) {
      if (mergedLeft) this.list.remove(index);
      // The freed block stands in for its right neighbour, the search position with it.
      else this.list.replace(index, block);
      this.chain.join(block, next);
    }
    if (mergedLeft) this.chain.join(previous, block);
    const whole = mergedLeft ? previous : block;
    const joined = endOf(whole) === this.wilderness;
    if (joined) {
      if (mergedLeft) this.list.remove(index - 1);
      this.joinWilderness();
    } else if (!mergedLeft && !mergedRight) {
      this.insert(block, index);
    }
    return this.freed(index, mergedLeft, mergedRight, joined);
  }

  /** Take the free neighbours out of the list, then insert the whole as if it had just been freed. */
  private mergeAndInsert(block: Block): Outcome {
    const { left, right } = block;
    const mergedLeft = left !== undefined && this.list.blocks.includes(left);
    const mergedRight = right !== undefined && this.list.blocks.includes(right);
    for (const neighbour of this.list.blocks.filter((node) => node === left || node === right)) {
      this.list.remove(this.list.blocks.indexOf(neighbour));
    }
    if (mergedRight) this.chain.join(block, right);
    if (mergedLeft) this.chain.join(left, block);
    const whole = mergedLeft ? left : block;
    const joined = endOf(whole) === this.wilderness;
    if (joined) this.joinWilderness();
    else this.insert(whole, this.list.position(whole));
    return this.freed(this.list.blocks.length, mergedLeft, mergedRight, joined);
  }

  private freed(
    steps: number,
    mergedLeft: boolean,
    mergedRight: boolean,
    joinedWilderness: boolean,
  ): Outcome {
    return {
      payload: -1,
      path: { ...noPath, source: "free", steps, mergedLeft, mergedRight, joinedWilderness },
    };
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
    if (!this.list.insert(block, index)) this.sweepDue = true;
  }

  /**
   * Go over the whole heap: merge what touches (unless the policy never merges) and make the list anew, in address
   * order. A full slot table leaves blocks out; the first of them that serves `need`, if no listed one does, takes
   * the place of the last.
   */
  private sweep(need: number): void {
    const { coalesce } = this.policy;
    this.list.clear();
    this.sweepDue = false;
    let served = false;
    for (const block of this.chain.blocks()) {
      if (!block.free) continue;
      while (coalesce !== "never" && block.right?.free === true) this.chain.join(block, block.right);
      if ((coalesce === "immediate" || coalesce === "deferred") && endOf(block) === this.wilderness) {
        this.joinWilderness();
        break;
      }
      const serves = block.size >= need;
      const end = this.list.blocks.length;
      if (this.list.insert(block, end)) {
        served ||= serves;
      } else {
        this.sweepDue = true;
        if (serves && !served) this.list.replace(end - 1, block);
        served ||= serves;
      }
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
    const index = this.list.blocks.indexOf(block);
    return { next: this.list.blocks[index + 1], previous: this.list.blocks[index - 1] };
  }

  control(): ReadonlyMap<string, readonly (number | undefined)[]> {
    const { plan } = this;
    const { blocks, rover, slots } = this.list;
    const scale = plan.header.links.bytes === 2 ? plan.granuleBytes : 1;
    const link = (block: Block | undefined) =>
      block === undefined ? 0 : this.chain.payloadOf(block) / scale;
    const node = (block: Block | undefined) => (slots === undefined ? link(block) : (block?.slot ?? 0));
    const values = new Map<string, readonly (number | undefined)[]>([
      ["wilderness", [this.wilderness]],
      ["first", [node(blocks[0])]],
      ["last", [node(blocks.at(-1))]],
      ["rover", [node(rover)]],
      ["sweep_due", [this.sweepDue ? 1 : 0]],
    ]);
    if (slots !== undefined) {
      values.set("spare", [slots.firstSpare()]);
      values.set("slots", slots.values(blocks, link, plan.granuleBytes));
    }
    return values;
  }

  check(): void {
    this.chain.checkTiling(this.wilderness);
    if (this.wilderness > this.plan.endOfBlocks) throw new Error("the wilderness begins behind the heap");
    const { blocks, rover, slots } = this.list;
    const listed = new Set(blocks);
    if (listed.size !== blocks.length) throw new Error("a block is listed twice");
    for (const block of this.blocks()) {
      if (listed.has(block) && !block.free) throw new Error(`the block in use at ${block.start} is listed`);
      if (block.free && !listed.has(block) && slots === undefined) {
        throw new Error(`the free block at ${block.start} is not listed`);
      }
      const { right } = block;
      if (
        this.policy.coalesce === "immediate" &&
        listed.has(block) &&
        right !== undefined &&
        listed.has(right)
      ) {
        throw new Error(`the free blocks at ${block.start} and ${right.start} were not merged`);
      }
    }
    if (
      this.policy.order === "address" &&
      blocks.some((block, at) => at > 0 && block.start < this.list.at(at - 1).start)
    ) {
      throw new Error("the list is not in address order");
    }
    if (rover !== undefined && !listed.has(rover))
      throw new Error("the search begins behind no listed block");
  }
}
