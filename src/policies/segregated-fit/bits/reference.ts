/** Segregated fit whose blocks have no header: what stands in memory of a block is told from where it begins and ends. */
import type { Block } from "../../../reference/block.js";
import type { Outcome, StoredNumber } from "../../../reference/reference-heap.js";
import { SegregatedFitReference } from "../reference.js";
import type { BoundaryBits, SegregatedFitPlan } from "../types.js";
import { codeStart } from "./long.js";

export class BitsReference extends SegregatedFitReference {
  private readonly bits: BoundaryBits;
  /** Blocks are resized or aligned: the bits of what is beside a freed block were written in the same call. */
  private changesBlocks = false;

  constructor(plan: SegregatedFitPlan) {
    super(plan);
    if (plan.policy.bits === undefined) throw new Error("the plan has no boundary bits");
    this.bits = plan.policy.bits;
  }

  override obtain(need: number): Block | undefined {
    const block = super.obtain(need);
    if (block !== undefined) this.noteLength(block.size);
    return block;
  }

  override release(block: Block): void {
    this.noteLength(block.size);
    if (this.changesBlocks) {
      for (const beside of [block.left, block.right]) {
        if (beside?.free === false) this.noteLength(block.size + beside.size);
        if (beside?.free === false) this.noteLength(beside.size);
      }
    }
    super.release(block);
  }

  override realloc(payload: number, size: number, heapAddress: number): Outcome {
    return this.changing(() => super.realloc(payload, size, heapAddress));
  }

  override alignedAlloc(alignment: number, size: number, heapAddress: number): Outcome {
    return this.changing(() => super.alignedAlloc(alignment, size, heapAddress));
  }

  private changing(operation: () => Outcome): Outcome {
    this.changesBlocks = true;
    const outcome = operation();
    this.changesBlocks = false;
    return outcome;
  }

  /** What finds a block's end, and what writes it, depends on whether it is long. */
  noteBlock(block: Block): void {
    this.noteLength(block.size);
  }

  private noteLength(size: number): void {
    this.trail.yesNo(size >= this.bits.longBytes);
  }

  override freeLeftNeighbour({ left }: Block): Block | undefined {
    return left?.free === true ? left : undefined;
  }

  override control(): ReadonlyMap<string, readonly (number | undefined)[]> {
    return new Map([...super.control(), ["none", [undefined, undefined, 0]], ["bits", this.words()]]);
  }

  /** The bits, from the place in front of the first block to that behind the last: both are as if in use. */
  private words(): readonly number[] {
    const { words, wordsBefore } = this.bits;
    const { granuleBytes, firstBlock, endOfBlocks } = this.plan;
    const found = Array.from({ length: words }, () => 0);
    const set = (offset: number): void => {
      // A granule's bit stands one place behind that of the granule in front of it.
      const place = offset / granuleBytes + 1 - 32 * wordsBefore;
      const word = Math.floor(place / 32);
      found[word] = (found[word] as number) + 2 ** (place % 32);
    };
    set(firstBlock - granuleBytes);
    set(endOfBlocks);
    for (const { start, size, free } of this.blocks()) {
      if (free) continue;
      for (const granule of this.setGranules(size / granuleBytes)) set(start + granule * granuleBytes);
    }
    return found;
  }

  /** Granules of a block in use whose bits are set, counted from its first. */
  private *setGranules(granules: number): Generator<number> {
    yield 0;
    if (granules * this.plan.granuleBytes >= this.bits.longBytes) {
      yield 1;
      yield 3;
      for (let bit = 0; bit < this.bits.sizeBits; bit++) {
        if (Math.floor(granules / 2 ** bit) % 2 === 1) yield codeStart + bit;
      }
    }
    yield granules - 1;
  }

  /** In a free block: two links and its size, and its size again in its last word. */
  *storedNumbers(): Generator<StoredNumber> {
    for (const block of this.blocks()) {
      if (!block.free) continue;
      const { start, size } = block;
      const { next, previous, headLink = 0 } = this.links(block);
      const number = (name: string, offset: number, value: number): StoredNumber => ({
        ...{ name: `${name} of the free block at ${start}`, offset, value },
        bytes: 4,
      });
      yield number("next", start, next?.start ?? 0);
      yield number("previous", start + 4, previous?.start ?? headLink);
      yield number("size", start + 8, size);
      yield number("last word", start + size - 4, size);
    }
  }
}
