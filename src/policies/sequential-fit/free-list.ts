/** The list of free blocks in its order, with next fit's rover and, where links are in slots, the slot of each block. */
import type { SequentialFitNumbers, SequentialFitPlan } from "./types.js";
import type { BlockChain } from "../../reference/block-chain.js";
import { endOf, type Block } from "../../reference/block.js";
import type { PathTrail } from "../../reference/path-trail.js";
import { SlotTable } from "./slot-table.js";

/** Kinds of loop iterations, as the path counts them. */
const Loop = {
  tooSmall: 0,
  /** Next fit, after the search wrapped around to the list's first. */
  tooSmallAgain: 1,
  notBetter: 2,
  better: 3,
  /** A list neighbour merged as the search passed: in the list's middle, at its end, under the rover. */
  merged: 4,
  mergedLast: 5,
  mergedRover: 6,
  /** Nodes passed on the way to a place in address order. */
  passed: 7,
  /** Nodes looked at for neighbours. */
  looked: 8,
  /** Merged behind another one that the same block took in: the loop goes round. Its variants are below. */
  mergedMore: 9,
  /** Nodes passed in search of the one behind a block. */
  sought: 10,
  /** As good as the best so far: passed, or taken for its address. */
  equal: 11,
  equalTaken: 12,
  /** As merged, after the search wrapped around: compilers make code of its own for that. */
  mergedAgain: 13,
  mergedLastAgain: 14,
  /** Better, and its address would win a tie too: compilers ask for either first. */
  betterTwice: 15,
  /**
   * Too small once a block was found: compilers may ask first for what is better than that one, which every block is
   * than none. And these and the ones not better whose address would win a tie: that may be asked first too.
   */
  tooSmallSince: 16,
  tooSmallNearer: 17,
  notBetterNearer: 18,
  mergedRoverMore: 19,
  mergedAgainMore: 20,
  mergedLastMore: 21,
  mergedLastAgainMore: 22,
} as const;

export type LoopKind = keyof typeof Loop;

/** What a search of the whole list makes of a block. */
const judgements: readonly LoopKind[] = [
  "tooSmall",
  "notBetter",
  "equal",
  "equalTaken",
  "better",
  "betterTwice",
  "tooSmallSince",
  "tooSmallNearer",
  "notBetterNearer",
];

export class FreeList {
  /** Free blocks, in list order. */
  blocks: Block[] = [];
  /** Next fit begins after this block; undefined: at the list's first. */
  rover: Block | undefined;
  readonly slots: SlotTable | undefined;

  private readonly policy: SequentialFitNumbers;
  private readonly hasTags: boolean;

  constructor(
    plan: SequentialFitPlan,
    private readonly chain: BlockChain,
    private readonly trail: PathTrail,
  ) {
    this.policy = plan.policy;
    const { links, boundaryTag } = plan.header;
    this.hasTags = boundaryTag !== "none";
    this.slots = links.place === "slots" ? new SlotTable(links.count) : undefined;
  }

  at(index: number): Block {
    const block = this.blocks[index];
    if (block === undefined) throw new Error(`the list has no position ${index}`);
    return block;
  }

  /** Note iterations of a loop. */
  note(kind: LoopKind, count = 1): void {
    this.trail.iterations(Loop[kind], count);
  }

  /** The position of the block that serves `need`, -1 where none does. Of equals, the one met first. */
  find(need: number): number {
    switch (this.policy.fit) {
      case "first":
        return this.firstFrom(0, undefined, need, "tooSmall");
      case "next": {
        const begin = this.rover === undefined ? 0 : this.blocks.indexOf(this.rover) + 1;
        this.trail.yesNo(begin === 0);
        const after = this.firstFrom(begin, undefined, need, "tooSmall");
        if (this.trail.yesNo(after >= 0) || this.rover === undefined) return after;
        return this.firstFrom(0, this.rover, need, "tooSmallAgain");
      }
      case "best":
        return this.extreme(need, (size, found) => found - size);
      case "worst":
        return this.extreme(need, (size, found) => size - found);
    }
  }

  /** @param gain how much better a size is than the best so far. */
  private extreme(need: number, gain: (size: number, found: number) => number): number {
    let index = -1;
    let found: Block | undefined;
    let last: LoopKind | undefined;
    for (let at = 0; at < this.blocks.length; at++) {
      const block = this.visit(at);
      last = this.judge(block, found, need, gain);
      this.note(last);
      if (last === "better" || last === "betterTwice" || last === "equalTaken") {
        index = at;
        found = block;
      }
    }
    // The loop may end another way by what its last block was.
    this.trail.choice(last === undefined ? judgements.length : judgements.indexOf(last));
    return index;
  }

  /** What a block is to the search that has found another one, or none yet. */
  private judge(
    block: Block,
    found: Block | undefined,
    need: number,
    gain: (size: number, found: number) => number,
  ): LoopKind {
    const wins = this.winsTie(block, found);
    if (block.size < need) {
      if (found === undefined) return "tooSmall";
      return wins ? "tooSmallNearer" : "tooSmallSince";
    }
    const better = found === undefined ? 1 : gain(block.size, found.size);
    if (better < 0) return wins ? "notBetterNearer" : "notBetter";
    if (better === 0) return wins ? "equalTaken" : "equal";
    return wins ? "betterTwice" : "better";
  }

  /** Whether of two equally good blocks the one met later is taken. */
  private winsTie(block: Block, found: Block | undefined): boolean {
    // Of none found yet the address is 0.
    const start = found?.start ?? -1;
    switch (this.policy.ties) {
      case "list":
        return false;
      case "lowest":
        return block.start < start;
      case "highest":
        return block.start > start;
    }
  }

  /** @param last the last block to look at; undefined: to the end of the list. */
  private firstFrom(begin: number, last: Block | undefined, need: number, passing: LoopKind): number {
    for (let index = begin; index < this.blocks.length; index++) {
      const block = this.visit(index, passing === "tooSmallAgain");
      if (block.size >= need) return index;
      this.note(passing);
      // Merging may have put another block in the last one's place.
      if (last !== undefined && block === this.rover) return -1;
    }
    return -1;
  }

  /** A block of the list as the search meets it: list neighbours merge as the search passes. */
  private visit(index: number, again = false): Block {
    const block = this.at(index);
    if (this.policy.coalesce === "list-neighbours") {
      let more: "" | "More" = "";
      for (let next = this.blocks[index + 1]; next !== undefined && endOf(block) === next.start;) {
        const last = index + 2 === this.blocks.length ? "Last" : "";
        this.note(this.rover === next ? `mergedRover${more}` : `merged${last}${again ? "Again" : ""}${more}`);
        this.takeOut(index + 1);
        this.chain.join(block, next);
        next = this.blocks[index + 1];
        more = "More";
      }
    }
    return block;
  }

  /** Size of the block behind another where it is listed, else 0: the list is walked for it. */
  seek(right: Block | undefined): number {
    const index = this.blocks.findIndex((listed) => listed === right);
    this.note("sought", index < 0 ? this.blocks.length : index);
    return this.trail.yesNo(index >= 0) ? this.at(index).size : 0;
  }

  neighboursOf(block: Block): { readonly next: Block | undefined; readonly previous: Block | undefined } {
    const index = this.blocks.indexOf(block);
    return { next: this.blocks[index + 1], previous: this.blocks[index - 1] };
  }

  /** Where the list's order puts a block that is freed now. */
  position(block: Block): number {
    switch (this.policy.order) {
      case "lifo":
      case "in-place":
        return 0;
      case "fifo":
        return this.blocks.length;
      case "address": {
        const index = this.blocks.findIndex((listed) => listed.start > block.start);
        return index < 0 ? this.blocks.length : index;
      }
    }
  }

  /** In address order a place is found by passing nodes, unless boundary tags show a free neighbour. */
  noteWayTo(block: Block, index: number): void {
    if (this.policy.order !== "address") return;
    const left = this.trail.yesNo(this.hasTags && block.left?.free === true);
    const right = this.trail.yesNo(this.hasTags && block.right?.free === true);
    if (!left && !right) this.note("passed", index);
  }

  /** False when the slot table is full: the block then stays out of the list. */
  insert(block: Block, index: number): boolean {
    this.notePlace(index, index === this.blocks.length);
    return this.trail.yesNo(this.append(block, index));
  }

  /** As `insert`, and no choice of the path: for loops that list many blocks. */
  append(block: Block, index: number): boolean {
    if (this.slots !== undefined) {
      block.slot = this.slots.acquire();
      if (block.slot === 0) return false;
    }
    this.blocks.splice(index, 0, block);
    return true;
  }

  remove(index: number): void {
    this.notePlace(index, index === this.blocks.length - 1);
    this.trail.yesNo(this.rover === this.blocks[index]);
    this.takeOut(index);
  }

  private takeOut(index: number): void {
    const block = this.at(index);
    this.blocks.splice(index, 1);
    if (this.rover === block) this.rover = this.blocks[index - 1];
    this.slots?.release(block.slot);
    block.slot = 0;
  }

  /** Another block takes the place, the slot and the rover of the one at `index`. */
  replace(index: number, by: Block): void {
    this.notePlace(index, index === this.blocks.length - 1);
    this.trail.yesNo(this.rover === this.blocks[index]);
    this.standIn(index, by);
  }

  /** As `replace`, and no choice of the path. */
  standIn(index: number, by: Block): void {
    const block = this.at(index);
    by.slot = block.slot;
    block.slot = 0;
    this.blocks[index] = by;
    if (this.rover === block) this.rover = by;
  }

  /** Links at the list's ends are the control data's. */
  private notePlace(index: number, last: boolean): void {
    this.trail.yesNo(index === 0);
    this.trail.yesNo(last);
  }

  /** An empty list, all slots spare. */
  clear(): void {
    for (const block of this.blocks) block.slot = 0;
    this.blocks = [];
    this.rover = undefined;
    this.slots?.reset();
  }
}
