/** The side table of slots: which slot each listed free block has, and the stack of unused slots. */
import type { Block } from "../../reference/block.js";

export class SlotTable {
  /** Unused slots, the next to be used last. Slots count from 1. */
  private spare: number[] = [];

  constructor(private readonly count: number) {
    this.reset();
  }

  /** All slots unused; the lowest is taken first. */
  reset(): void {
    this.spare = Array.from({ length: this.count }, (_, index) => this.count - index);
  }

  /** A slot, or 0 when all are used. */
  acquire(): number {
    return this.spare.pop() ?? 0;
  }

  release(slot: number): void {
    this.spare.push(slot);
  }

  firstSpare(): number {
    return this.spare.at(-1) ?? 0;
  }

  /** The table's words: block, size in granules, next; undefined where an unused slot owes nothing. */
  values(
    list: readonly Block[],
    link: (block: Block) => number,
    granuleBytes: number,
  ): readonly (number | undefined)[] {
    const words: (number | undefined)[] = Array.from({ length: 3 * this.count });
    for (const [at, block] of list.entries()) {
      const word = 3 * (block.slot - 1);
      words[word] = link(block);
      words[word + 1] = block.size / granuleBytes;
      words[word + 2] = list[at + 1]?.slot ?? 0;
    }
    for (const [at, slot] of this.spare.entries()) {
      words[3 * (slot - 1) + 2] = this.spare[at - 1] ?? 0;
    }
    return words;
  }
}
