/** For each size a stack of its free blocks; the lowest address first at the beginning. */
import type { PoolNumbers, PoolPlan } from "./types.js";
import type { Block } from "../../reference/block.js";
import { PathTrail } from "../../reference/path-trail.js";
import { headerlessBlock } from "../../reference/headerless-block.js";
import type { BlockLinks, Outcome, StoredNumber, ReferenceHeap } from "../../reference/reference-heap.js";
import {
  alignedAlloc,
  giveBack,
  outcome,
  realloc,
  request,
  type AlignedRequest,
  type HeaderlessHeap,
} from "../../reference/headerless-functions.js";
import { Usage } from "../../reference/usage.js";

interface Shelf {
  readonly blockBytes: number;
  readonly blocks: readonly Block[];
  /** Blocks that were handed out at least once: the first so many. */
  touched: number;
  /** Free blocks that are listed, the next to be handed out at the end. */
  readonly free: Block[];
}

interface Found {
  readonly block: Block;
  readonly shelf: Shelf;
}

const hasBlock = ({ free, touched, blocks }: Shelf): boolean => free.length > 0 || touched < blocks.length;

export class PoolReference implements ReferenceHeap, HeaderlessHeap<Found> {
  private readonly policy: PoolNumbers;
  private readonly shelves: readonly Shelf[];
  private readonly byPayload = new Map<number, Found>();
  readonly trail = new PathTrail();
  readonly usage: Usage;

  constructor(readonly plan: PoolPlan) {
    this.policy = plan.policy;
    this.usage = new Usage(plan, this.trail);
    this.shelves = this.policy.classes.map(({ blockBytes, start, end }) => {
      const blocks: Block[] = [];
      for (let at = start; at < end; at += blockBytes) blocks.push(headerlessBlock(at, blockBytes, true));
      const shelf = this.policy.lazy
        ? { blockBytes, blocks, touched: 0, free: [] }
        : { blockBytes, blocks, touched: blocks.length, free: blocks.toReversed() };
      for (const block of blocks) this.byPayload.set(block.start, { block, shelf });
      return shelf;
    });
  }

  malloc(size: number): Outcome {
    this.trail.begin(1);
    return outcome(this, request(this, size));
  }

  /** The smallest class that fits, or, where borrowing is allowed, the smallest larger one that has a block. */
  obtain(size: number): Found | undefined {
    const { classes, fallback } = this.policy;
    const smallest = classes.findIndex(({ blockBytes }) => blockBytes >= size);
    const candidates = fallback ? this.shelves.slice(smallest) : this.shelves.slice(smallest, smallest + 1);
    const found = candidates.findIndex(hasBlock);
    this.trail.choice(smallest);
    this.trail.choice(found + 1);
    const shelf = candidates[found];
    return shelf && this.take(shelf);
  }

  private take(shelf: Shelf): Found {
    const listed = shelf.free.pop();
    this.trail.yesNo(listed !== undefined);
    // Where a block must lead to a free one, unless it is the last.
    if (this.plan.hardening !== undefined) this.trail.yesNo(shelf.free.length > 0);
    const block = listed ?? shelf.blocks[shelf.touched++];
    if (block === undefined) throw new Error("the class is empty");
    block.free = false;
    return { block, shelf };
  }

  bytesOf({ block }: Found): number {
    return block.size;
  }

  heldBy({ block }: Found): number {
    return block.size;
  }

  payloadOf({ block }: Found): number {
    return block.start;
  }

  realloc(payload: number, size: number, heapAddress: number): Outcome {
    return realloc(this, payload, size, heapAddress);
  }

  /** A block that is large enough stays as it is. */
  resize(old: Found, size: number): Found | undefined {
    this.noteShelf(old.shelf);
    return size <= old.block.size ? old : undefined;
  }

  /** As malloc, of the classes whose blocks all have the alignment because their size is a multiple of it. */
  alignedAlloc(alignment: number, size: number, heapAddress: number): Outcome {
    return alignedAlloc(this, { alignment, size, heapAddress });
  }

  obtainAligned({ alignment, size }: AlignedRequest): Found | undefined {
    const shelf = this.alignedShelf(alignment, size);
    return shelf && this.take(shelf);
  }

  private alignedShelf(alignment: number, size: number): Shelf | undefined {
    for (const shelf of this.shelves) {
      const { blockBytes } = shelf;
      const way = blockBytes < size ? 0 : blockBytes % alignment > 0 ? 1 : hasBlock(shelf) ? 2 : 3;
      this.trail.choice(way);
      if (way === 2) return shelf;
      if (way === 3 && !this.policy.fallback) return undefined;
    }
    return undefined;
  }

  largestRequest(): number {
    const shelf = this.shelves.findLast(hasBlock);
    return shelf === undefined ? 0 : Math.min(shelf.blockBytes, this.plan.maximumRequestBytes);
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    giveBack(this, this.inUse(payload));
    return this.outcome(-1);
  }

  inUse(payload: number): Found {
    const found = this.byPayload.get(payload);
    if (found === undefined || found.block.free)
      throw new Error(`no block in use has its payload at ${payload}`);
    return found;
  }

  private noteShelf(shelf: Shelf): void {
    this.trail.choice(this.shelves.indexOf(shelf));
  }

  giveBack({ block, shelf }: Found): void {
    this.noteShelf(shelf);
    block.free = true;
    shelf.free.push(block);
  }

  private outcome(payload: number): Outcome {
    return { payload, path: this.trail.path() };
  }

  blocks(): Iterable<Block> {
    return this.shelves.flatMap(({ blocks }) => blocks);
  }

  wildernessStart(): number {
    return this.plan.endOfBlocks;
  }

  freeList(): readonly Block[] {
    return this.shelves.flatMap(({ free }) => free.toReversed());
  }

  links(): BlockLinks {
    return { next: undefined, previous: undefined };
  }

  private linkTo(block: Block | undefined): number {
    return (block?.start ?? 0) / (this.plan.header.links.bytes === 2 ? this.plan.granuleBytes : 1);
  }

  *storedNumbers(): Iterable<StoredNumber> {
    const { bytes } = this.plan.header.links;
    for (const { free } of this.shelves) {
      for (const [index, { start }] of free.entries()) {
        yield { name: "next", offset: start, bytes, value: this.linkTo(free[index - 1]) };
      }
    }
  }

  control(): ReadonlyMap<string, readonly number[]> {
    const first = this.shelves.map(({ free }) => this.linkTo(free.at(-1)));
    const fresh = this.shelves.map(({ blocks, touched }, index) => {
      const untouched = blocks[touched];
      if (untouched !== undefined) return this.linkTo(untouched);
      const end = this.policy.classes[index]?.end ?? 0;
      return end / (this.plan.header.links.bytes === 2 ? this.plan.granuleBytes : 1);
    });
    return new Map<string, readonly number[]>([
      ["used", this.usedBits()],
      ["first", first],
      ["fresh", fresh],
      ...this.usage.values(),
    ]);
  }

  /** A bit for each block, by its distance from the first one. */
  private usedBits(): readonly number[] {
    const { usedBits } = this.policy;
    if (usedBits === undefined) return [];
    const words = Array.from({ length: usedBits.words }, () => 0);
    for (const { start, free } of this.blocks()) {
      if (free) continue;
      const place = Math.floor((start - this.plan.firstBlock) / 2 ** usedBits.shift);
      const word = Math.floor(place / 32);
      words[word] = (words[word] as number) + 2 ** (place % 32);
    }
    return words;
  }

  check(): void {
    let end: number = this.plan.firstBlock;
    for (const { blockBytes, blocks, touched, free } of this.shelves) {
      const first = blocks[0]?.start ?? end;
      // In front of a class there may be a gap: its blocks are aligned as their size is.
      if (
        first < end ||
        (first > end && first % Math.min(this.plan.maximumAlignment, blockBytes & -blockBytes) !== 0)
      )
        throw new Error(`a class begins at ${first}, behind ${end}`);
      end = first;
      for (const block of blocks) {
        if (block.start !== end) throw new Error(`a block at ${block.start}, expected at ${end}`);
        end = block.start + block.size;
      }
      const listed = new Set(free);
      if (listed.size !== free.length) throw new Error("a free block is listed twice");
      for (const [index, block] of blocks.entries()) {
        if (block.free !== (listed.has(block) || index >= touched))
          throw new Error(`the block at ${block.start} is free and not listed, or listed and in use`);
      }
    }
    if (end !== this.plan.endOfBlocks)
      throw new Error(`the blocks end at ${end}, not at ${this.plan.endOfBlocks}`);
  }
}
