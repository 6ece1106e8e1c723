/** For each size a stack of its free blocks; the lowest address first at the beginning. */
import type { Plan, PoolPlan } from "../../plan/plan.js";
import type { Block } from "../../reference/block-chain.js";
import { PathTrail } from "../../reference/path-trail.js";
import { plainBlock, servesRequest } from "../../reference/plain-block.js";
import type { BlockLinks, Outcome, OwnNumber, ReferenceHeap } from "../../reference/reference-heap.js";

interface Shelf {
  readonly blocks: readonly Block[];
  /** Blocks that were handed out at least once: the first so many. */
  touched: number;
  /** Free blocks that are listed, the next to be handed out at the end. */
  readonly free: Block[];
}

export class PoolReference implements ReferenceHeap {
  private readonly policy: PoolPlan;
  private readonly shelves: readonly Shelf[];
  private readonly byPayload = new Map<number, { readonly block: Block; readonly shelf: Shelf }>();
  private readonly trail = new PathTrail();

  constructor(private readonly plan: Plan) {
    if (plan.policy.kind !== "pool") throw new Error("not a plan of a pool");
    this.policy = plan.policy;
    this.shelves = this.policy.classes.map(({ blockBytes, start, end }) => {
      const blocks: Block[] = [];
      for (let at = start; at < end; at += blockBytes) blocks.push(plainBlock(at, blockBytes, true));
      const shelf = this.policy.lazy
        ? { blocks, touched: 0, free: [] }
        : { blocks, touched: blocks.length, free: blocks.toReversed() };
      for (const block of blocks) this.byPayload.set(block.start, { block, shelf });
      return shelf;
    });
  }

  malloc(size: number): Outcome {
    this.trail.begin(1);
    if (!this.trail.yesNo(servesRequest(this.plan, size))) return this.outcome(-1);
    const { classes, fallback } = this.policy;
    const smallest = classes.findIndex(({ blockBytes }) => blockBytes >= size);
    const candidates = fallback ? this.shelves.slice(smallest) : this.shelves.slice(smallest, smallest + 1);
    const found = candidates.findIndex(
      ({ free, touched, blocks }) => free.length > 0 || touched < blocks.length,
    );
    this.trail.choice(smallest, classes.length);
    this.trail.choice(found + 1, classes.length + 1);
    const shelf = candidates[found];
    if (shelf === undefined) return this.outcome(-1);
    const block = this.take(shelf);
    block.free = false;
    return this.outcome(block.start);
  }

  private take(shelf: Shelf): Block {
    const listed = shelf.free.pop();
    this.trail.yesNo(listed !== undefined);
    const block = listed ?? shelf.blocks[shelf.touched++];
    if (block === undefined) throw new Error("the class is empty");
    return block;
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    const found = this.byPayload.get(payload);
    if (found === undefined || found.block.free)
      throw new Error(`no block in use has its payload at ${payload}`);
    this.trail.choice(this.shelves.indexOf(found.shelf), this.shelves.length);
    found.block.free = true;
    found.shelf.free.push(found.block);
    return this.outcome(-1);
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

  *ownNumbers(): Iterable<OwnNumber> {
    const { bytes } = this.plan.header.links;
    for (const { free } of this.shelves) {
      for (const [index, { start }] of free.entries()) {
        yield { offset: start, bytes, value: this.linkTo(free[index - 1]) };
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
    return new Map([
      ["first", first],
      ["fresh", fresh],
    ]);
  }

  check(): void {
    let end: number = this.plan.firstBlock;
    for (const { blocks, touched, free } of this.shelves) {
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
