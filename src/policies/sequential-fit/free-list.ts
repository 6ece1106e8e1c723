/** The list of free blocks in its order, with next fit's rover and, where links are in slots, the slot of each block. */
import type { SequentialFitPlan } from "../../plan/plan.js";
import { endOf, type Block, type BlockChain } from "../../reference/block-chain.js";
import { SlotTable } from "./slot-table.js";

export interface Found {
  /** Position in the list; -1: nothing serves the request. */
  readonly index: number;
  /** Nodes looked at. */
  readonly steps: number;
}

export class FreeList {
  /** Free blocks, in list order. */
  blocks: Block[] = [];
  /** Next fit begins behind this block; undefined: at the list's first. */
  rover: Block | undefined;
  readonly slots: SlotTable | undefined;

  /** @param slotCount length of the side table; undefined: links are in the blocks. */
  constructor(
    private readonly policy: SequentialFitPlan,
    private readonly chain: BlockChain,
    slotCount: number | undefined,
  ) {
    this.slots = slotCount === undefined ? undefined : new SlotTable(slotCount);
  }

  at(index: number): Block {
    const block = this.blocks[index];
    if (block === undefined) throw new Error(`the list has no position ${index}`);
    return block;
  }

  /** The position of the block that serves `need`. Of equals, the one met first. */
  find(need: number): Found {
    switch (this.policy.fit) {
      case "first":
        return this.firstFrom(0, undefined, need);
      case "next": {
        const begin = this.rover === undefined ? 0 : this.blocks.indexOf(this.rover) + 1;
        const behind = this.firstFrom(begin, undefined, need);
        if (behind.index >= 0 || this.rover === undefined) return behind;
        const before = this.firstFrom(0, this.rover, need);
        return { index: before.index, steps: behind.steps + before.steps };
      }
      case "best":
        return this.extreme(need, (size, found) => size < found);
      case "worst":
        return this.extreme(need, (size, found) => size > found);
    }
  }

  private extreme(need: number, better: (size: number, found: number) => boolean): Found {
    let index = -1;
    let found = 0;
    for (let at = 0; at < this.blocks.length; at++) {
      const { size } = this.visit(at);
      if (size >= need && (index < 0 || better(size, found))) {
        index = at;
        found = size;
      }
    }
    return { index, steps: this.blocks.length };
  }

  /** @param last the last block to look at; undefined: to the end of the list. */
  private firstFrom(begin: number, last: Block | undefined, need: number): Found {
    for (let index = begin; index < this.blocks.length; index++) {
      const block = this.visit(index);
      if (block.size >= need) return { index, steps: index - begin + 1 };
      // Merging may have put another block in the last one's place.
      if (last !== undefined && block === this.rover) return { index: -1, steps: index - begin + 1 };
    }
    return { index: -1, steps: this.blocks.length - begin };
  }

  /** A block of the list as the search meets it: list neighbours merge as the search passes. */
  private visit(index: number): Block {
    const block = this.at(index);
    if (this.policy.coalesce === "list-neighbours") {
      for (let next = this.blocks[index + 1]; next !== undefined && endOf(block) === next.start;) {
        this.remove(index + 1);
        this.chain.join(block, next);
        next = this.blocks[index + 1];
      }
    }
    return block;
  }

  /** Where the list's order puts a block that is freed now. */
  position(block: Block): number {
    switch (this.policy.order) {
      case "lifo":
        return 0;
      case "fifo":
        return this.blocks.length;
      case "address": {
        const index = this.blocks.findIndex((listed) => listed.start > block.start);
        return index < 0 ? this.blocks.length : index;
      }
    }
  }

  /** False when the slot table is full: the block then stays out of the list. */
  insert(block: Block, index: number): boolean {
    if (this.slots !== undefined) {
      block.slot = this.slots.acquire();
      if (block.slot === 0) return false;
    }
    this.blocks.splice(index, 0, block);
    return true;
  }

  remove(index: number): void {
    const block = this.at(index);
    this.blocks.splice(index, 1);
    if (this.rover === block) this.rover = this.blocks[index - 1];
    this.slots?.release(block.slot);
    block.slot = 0;
  }

  /** Another block takes the place, the slot and the rover of the one at `index`. */
  replace(index: number, by: Block): void {
    const block = this.at(index);
    by.slot = block.slot;
    block.slot = 0;
    this.blocks[index] = by;
    if (this.rover === block) this.rover = by;
  }

  /** An empty list, all slots spare. */
  clear(): void {
    for (const block of this.blocks) block.slot = 0;
    this.blocks = [];
    this.rover = undefined;
    this.slots?.reset();
  }
}
