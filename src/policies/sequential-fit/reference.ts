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
import { SlotTable } from "./slot-table.js";

interface Found {
  /** Position in the list. */
  readonly index: number;
  readonly steps: number;
}

export class SequentialFitReference implements ReferenceHeap {
  private readonly chain: BlockChain;
  private readonly policy: SequentialFitPlan;
  /** Free blocks, in list order. */
  private list: Block[] = [];
  private wilderness: number;
  /** Next fit begins behind this block; undefined: at the list's first. */
  private rover: Block | undefined;
  private sweepDue = false;
  private readonly slots: SlotTable | undefined;

  constructor(private readonly plan: Plan) {
    if (plan.policy.kind !== "sequential-fit") throw new Error("not a plan of sequential fit");
    this.policy = plan.policy;
    this.chain = new BlockChain(plan);
    this.wilderness = plan.firstBlock;
    const { links } = plan.header;
    this.slots = links.place === "slots" ? new SlotTable(links.count) : undefined;
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
    const first = this.policy.wilderness === "first";
    if (first && this.wildernessFits(need)) return this.takeWilderness(need, size, tag, 0, swept);
    const found = this.find(need);
    if (found.index >= 0) return this.takeListed(found, need, size, tag, swept);
    if (!first && this.wildernessFits(need)) return this.takeWilderness(need, size, tag, found.steps, swept);
    return { payload: -1, path: { ...noPath, steps: found.steps, swept } };
  }

  private wildernessFits(need: number): boolean {
    return need <= this.plan.endOfBlocks - this.wilderness;
  }

  private takeWilderness(need: number, size: number, tag: number, steps: number, swept: boolean): Outcome {
    const block = this.chain.append(this.wilderness, need, false);
    this.wilderness += need;
    return this.given(block, size, tag, { ...noPath, source: "wilderness", steps, swept });
  }

  private takeListed(found: Found, need: number, size: number, tag: number, swept: boolean): Outcome {
    const block = this.list[found.index];
    if (block === undefined) throw new Error("the list is shorter than it was");
    const split = block.size - need >= this.plan.minimumBlockBytes;
    if (this.policy.fit === "next") this.rover = this.list[found.index - 1];
    if (split) {
      const rest = this.chain.split(block, need);
      rest.slot = block.slot;
      block.slot = 0;
      this.list[found.index] = rest;
    } else {
      this.unlist(found.index);
    }
    return this.given(block, size, tag, { ...noPath, source: "list", steps: found.steps, split, swept });
  }

  private given(block: Block, size: number, tag: number, path: Outcome["path"]): Outcome {
    block.free = false;
    block.requested = size;
    block.tag = tag;
    return { payload: this.chain.payloadOf(block), path };
  }

  /** The position of the block that serves `need`, -1 where none does. Of equals, the one met first. */
  private find(need: number): Found {
    switch (this.policy.fit) {
      case "first":
        return this.firstFrom(0, undefined, need);
      case "next": {
        const begin = this.rover === undefined ? 0 : this.list.indexOf(this.rover) + 1;
        const behind = this.firstFrom(begin, undefined, need);
        if (behind.index >= 0 || this.rover === undefined) return behind;
        const before = this.firstFrom(0, this.rover, need);
        return { index: before.index, steps: behind.steps + before.steps };
      }
      case "best":
      case "worst": {
        const best = this.policy.fit === "best";
        let index = -1;
        let size = best ? Infinity : -Infinity;
        for (let at = 0; at < this.list.length; at++) {
          const block = this.visit(at);
          if (block.size >= need && (best ? block.size < size : block.size > size)) {
            index = at;
            size = block.size;
          }
        }
        return { index, steps: this.list.length };
      }
    }
  }

  /** @param last the last block to look at; undefined: to the end of the list. */
  private firstFrom(begin: number, last: Block | undefined, need: number): Found {
    for (let index = begin; index < this.list.length; index++) {
      const block = this.visit(index);
      if (block.size >= need) return { index, steps: index - begin + 1 };
      // Merging may have put another block in the last one's place.
      if (last !== undefined && block === this.rover) return { index: -1, steps: index - begin + 1 };
    }
    return { index: -1, steps: this.list.length - begin };
  }

  /** A block of the list as the search meets it: list neighbours merge as the search passes. */
  private visit(index: number): Block {
    const block = this.list[index] as Block;
    if (this.policy.coalesce === "list-neighbours") {
      for (
        let next = this.list[index + 1];
        next !== undefined && endOf(block) === next.start;
        next = this.list[index + 1]
      ) {
        this.unlist(index + 1);
        this.chain.join(block, next);
      }
    }
    return block;
  }

  free(payload: number): Outcome {
    if (payload < 0) return freedNull;
    const block = this.chain.inUse(payload);
    block.free = true;
    const { coalesce, order } = this.policy;
    if (coalesce === "immediate") {
      return order === "address" ? this.place(block, this.position(block)) : this.mergeAndInsert(block);
    }
    if (coalesce === "deferred") this.sweepDue = true;
    const steps = this.position(block);
    this.insert(block, steps);
    return { payload: -1, path: { ...noPath, source: "free", steps } };
  }

  /** Where the list's order puts a block that is freed now. */
  private position(block: Block): number {
    switch (this.policy.order) {
      case "lifo":
        return 0;
      case "fifo":
        return this.list.length;
      case "address": {
        let index = 0;
        while (index < this.list.length && (this.list[index] as Block).start < block.start) index++;
        return index;
      }
    }
  }

  /** Put `block` between two nodes of the list, merging with those it touches. */
  private place(block: Block, index: number): Outcome {
    const previous = this.list[index - 1];
    const next = this.list[index];
    const mergedLeft = previous !== undefined && endOf(previous) === block.start;
    const mergedRight = next !== undefined && endOf(block) === next.start;
    let result = block;
    let at = index;
    if (mergedLeft) {
      this.chain.join(previous, block);
      result = previous;
      at = index - 1;
      if (mergedRight) {
        this.unlist(index);
        this.chain.join(previous, next);
      }
    } else if (mergedRight) {
      // The freed block stands in for its right neighbour, the search position with it.
      this.chain.join(block, next);
      block.slot = next.slot;
      this.list[index] = block;
      if (this.rover === next) this.rover = block;
    } else if (this.joinsWilderness(block)) {
      this.joinWilderness();
      return this.freed(index, false, false, true);
    } else {
      this.insert(block, index);
      return this.freed(index, false, false, false);
    }
    const joined = this.joinsWilderness(result);
    if (joined) {
      this.unlist(at);
      this.joinWilderness();
    }
    return this.freed(index, mergedLeft, mergedRight, joined);
  }

  /** Take the free neighbours out of the list, then insert the whole as if it had just been freed. */
  private mergeAndInsert(block: Block): Outcome {
    const { left, right } = block;
    const mergedLeft = left !== undefined && this.list.includes(left);
    const mergedRight = right !== undefined && this.list.includes(right);
    for (const neighbour of this.list.filter((node) => node === left || node === right)) {
      this.unlist(this.list.indexOf(neighbour));
    }
    let whole = block;
    if (mergedRight) this.chain.join(whole, right);
    if (mergedLeft) {
      this.chain.join(left, whole);
      whole = left;
    }
    const joined = this.joinsWilderness(whole);
    if (joined) this.joinWilderness();
    else this.insert(whole, this.position(whole));
    return this.freed(this.list.length, mergedLeft, mergedRight, joined);
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

  private joinsWilderness(block: Block): boolean {
    return this.policy.coalesce === "immediate" && endOf(block) === this.wilderness;
  }

  /** The last block, already out of the list, becomes untouched space. */
  private joinWilderness(): void {
    this.wilderness = (this.chain.last as Block).start;
    this.chain.removeLast();
  }

  /** A block that finds the slot table full stays out of the list until a sweep. */
  private insert(block: Block, index: number): void {
    if (this.slots !== undefined) {
      block.slot = this.slots.acquire();
      if (block.slot === 0) {
        this.sweepDue = true;
        return;
      }
    }
    this.list.splice(index, 0, block);
  }

  private unlist(index: number): void {
    const [block] = this.list.splice(index, 1);
    if (block === undefined) throw new Error(`the list has no position ${index}`);
    if (this.rover === block) this.rover = this.list[index - 1];
    this.slots?.release(block.slot);
    block.slot = 0;
  }

  /**
   * Go over the whole heap: merge what touches (unless the policy never merges) and make the list anew, in address
   * order. A full slot table leaves blocks out; the first of them that serves `need`, if no listed one does, takes
   * the place of the last.
   */
  private sweep(need: number): void {
    const { coalesce } = this.policy;
    this.list = [];
    this.rover = undefined;
    this.slots?.reset();
    this.sweepDue = false;
    let served = false;
    for (const block of this.chain.blocks()) {
      if (!block.free) continue;
      block.slot = 0;
      while (coalesce !== "never" && block.right?.free === true) this.chain.join(block, block.right);
      if ((coalesce === "immediate" || coalesce === "deferred") && endOf(block) === this.wilderness) {
        this.joinWilderness();
        break;
      }
      this.listSwept(block, need, served);
      served ||= block.slot !== 0 && block.size >= need;
    }
  }

  private listSwept(block: Block, need: number, served: boolean): void {
    const slot = this.slots?.acquire();
    const last = this.list.at(-1);
    if (slot !== 0) {
      block.slot = slot ?? 0;
      this.list.push(block);
    } else {
      this.sweepDue = true;
      if (!served && block.size >= need && last !== undefined) {
        block.slot = last.slot;
        last.slot = 0;
        this.list[this.list.length - 1] = block;
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
    return this.list;
  }

  links(block: Block): BlockLinks {
    const index = this.list.indexOf(block);
    return { next: this.list[index + 1], previous: this.list[index - 1] };
  }

  control(): ReadonlyMap<string, readonly (number | undefined)[]> {
    const { slots, plan } = this;
    const scale = plan.header.links.bytes === 2 ? plan.granuleBytes : 1;
    const link = (block: Block | undefined) =>
      block === undefined ? 0 : this.chain.payloadOf(block) / scale;
    const node = (block: Block | undefined) => (slots === undefined ? link(block) : (block?.slot ?? 0));
    const values = new Map<string, readonly (number | undefined)[]>([
      ["wilderness", [this.wilderness]],
      ["first", [node(this.list[0])]],
      ["last", [node(this.list.at(-1))]],
      ["rover", [node(this.rover)]],
      ["sweep_due", [this.sweepDue ? 1 : 0]],
    ]);
    if (slots !== undefined) {
      values.set("spare", [slots.firstSpare()]);
      values.set("slots", slots.values(this.list, link, plan.granuleBytes));
    }
    return values;
  }

  check(): void {
    this.chain.checkTiling(this.wilderness);
    if (this.wilderness > this.plan.endOfBlocks) throw new Error("the wilderness begins behind the heap");
    const listed = new Set(this.list);
    if (listed.size !== this.list.length) throw new Error("a block is listed twice");
    for (const block of this.blocks()) {
      if (listed.has(block) && !block.free) throw new Error(`the block in use at ${block.start} is listed`);
      if (block.free && !listed.has(block) && this.slots === undefined) {
        throw new Error(`the free block at ${block.start} is not listed`);
      }
      if (
        this.policy.coalesce === "immediate" &&
        listed.has(block) &&
        block.right !== undefined &&
        listed.has(block.right)
      ) {
        throw new Error(`the free blocks at ${block.start} and ${block.right.start} were not merged`);
      }
    }
    if (
      this.policy.order === "address" &&
      this.list.some((block, at) => at > 0 && block.start < (this.list[at - 1] as Block).start)
    ) {
      throw new Error("the list is not in address order");
    }
    if (this.rover !== undefined && !listed.has(this.rover))
      throw new Error("the search begins behind no listed block");
  }
}
