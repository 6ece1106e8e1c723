/** A list for each size class, served last-in first-out: Wilson et al. 1995, section 3.6. */
import type { Plan, SegregatedFitPlan } from "../../plan/plan.js";
import { BlockChain, type Block } from "../../reference/block-chain.js";
import {
  freedNull,
  noPath,
  refused,
  type BlockLinks,
  type Outcome,
  type ReferenceHeap,
} from "../../reference/reference-heap.js";

/** The smallest block size of each class, in granules: every small size, then equal parts of each doubling. */
function classFloors(policy: SegregatedFitPlan): readonly number[] {
  const floors: number[] = [];
  for (
    let size = policy.minimumGranules;
    size < policy.exactGranules && floors.length < policy.classes;
    size++
  ) {
    floors.push(size);
  }
  const parts = 2 ** policy.subdivisionBits;
  for (let doubling = policy.exactGranules; floors.length < policy.classes; doubling *= 2) {
    for (let part = 0; part < parts && floors.length < policy.classes; part++) {
      floors.push(doubling + (part * doubling) / parts);
    }
  }
  return floors;
}

export class SegregatedFitReference implements ReferenceHeap {
  private readonly chain: BlockChain;
  private readonly policy: SegregatedFitPlan;
  private readonly floors: readonly number[];
  /** Class of each block size in granules. */
  private readonly classBySize: Uint16Array;
  /** Free blocks of each class, the one freed last at the end. */
  private readonly classes: Block[][];

  constructor(private readonly plan: Plan) {
    if (plan.policy.kind !== "segregated-fit") throw new Error("not a plan of segregated fit");
    this.policy = plan.policy;
    this.chain = new BlockChain(plan);
    this.floors = classFloors(this.policy);
    this.classBySize = new Uint16Array(plan.heapBytes / plan.granuleBytes + 1);
    for (const [index, floor] of this.floors.entries()) this.classBySize.fill(index, floor);
    this.classes = this.floors.map(() => []);
    const all = this.chain.append(plan.firstBlock, plan.endOfBlocks - plan.firstBlock, true);
    this.list(all);
  }

  private classOf(block: Block): Block[] {
    return this.classes[this.classIndex(block.size)] as Block[];
  }

  private classIndex(size: number): number {
    return this.classBySize[size / this.plan.granuleBytes] as number;
  }

  private list(block: Block): void {
    this.classOf(block).push(block);
  }

  private unlist(block: Block): void {
    const blocks = this.classOf(block);
    blocks.splice(blocks.lastIndexOf(block), 1);
  }

  malloc(size: number, tag: number): Outcome {
    if (!this.chain.serves(size)) return refused;
    const need = this.chain.needFor(size);
    const own = this.classIndex(need);
    // The first class whose every block serves the need: the own one when the need is its smallest size.
    const exact = (this.floors[own] as number) * this.plan.granuleBytes >= need;
    const probed = exact || this.policy.probe ? this.classes[own]?.at(-1) : undefined;
    if (probed !== undefined && probed.size >= need)
      return this.give(probed, need, size, tag, "own-class", 0);
    for (let index = own + 1; index < this.classes.length; index++) {
      const block = this.classes[index]?.at(-1);
      if (block !== undefined) return this.give(block, need, size, tag, "larger-class", index - own);
    }
    return { payload: -1, path: noPath };
  }

  private give(
    block: Block,
    need: number,
    size: number,
    tag: number,
    source: "own-class" | "larger-class",
    steps: number,
  ): Outcome {
    this.unlist(block);
    const split = block.size - need >= this.plan.minimumBlockBytes;
    if (split) this.list(this.chain.split(block, need));
    block.free = false;
    block.requested = size;
    block.tag = tag;
    return { payload: this.chain.payloadOf(block), path: { ...noPath, source, steps, split } };
  }

  free(payload: number): Outcome {
    if (payload < 0) return freedNull;
    const block = this.chain.inUse(payload);
    const { left, right } = block;
    const mergedLeft = left?.free === true;
    const mergedRight = right?.free === true;
    let whole = block;
    if (mergedRight) {
      this.unlist(right);
      this.chain.join(whole, right);
    }
    if (mergedLeft) {
      this.unlist(left);
      this.chain.join(left, whole);
      whole = left;
    }
    whole.free = true;
    this.list(whole);
    return { payload: -1, path: { ...noPath, source: "free", mergedLeft, mergedRight } };
  }

  blocks(): Iterable<Block> {
    return this.chain.blocks();
  }

  wildernessStart(): number {
    return this.plan.endOfBlocks;
  }

  freeList(): readonly Block[] {
    return this.classes.flatMap((blocks) => blocks.toReversed());
  }

  links(block: Block): BlockLinks {
    const blocks = this.classOf(block);
    const index = blocks.indexOf(block);
    return { next: blocks[index - 1], previous: blocks[index + 1] };
  }

  control(): ReadonlyMap<string, readonly (number | undefined)[]> {
    const scale = this.plan.header.links.bytes === 2 ? this.plan.granuleBytes : 1;
    const words = Array.from({ length: this.policy.bitmapWords }, () => 0);
    const first = this.classes.map((blocks, index) => {
      const block = blocks.at(-1);
      if (block === undefined) return 0;
      const word = Math.floor(index / 32);
      words[word] = (words[word] as number) + 2 ** (index % 32);
      return this.chain.payloadOf(block) / scale;
    });
    const summary = words.reduce((sum, word, index) => sum + (word === 0 ? 0 : 2 ** index), 0);
    return new Map([
      ["summary", [summary]],
      ["bitmap", words],
      ["first", first],
    ]);
  }

  check(): void {
    this.chain.checkTiling(this.plan.endOfBlocks);
    let listed = 0;
    for (const [index, blocks] of this.classes.entries()) {
      listed += blocks.length;
      for (const block of blocks) {
        if (!block.free) throw new Error(`the block in use at ${block.start} is listed`);
        if (this.classIndex(block.size) !== index)
          throw new Error(`the block at ${block.start} is in a wrong class`);
      }
    }
    for (const block of this.blocks()) {
      if (block.free) listed--;
      if (block.free && block.right?.free === true) throw new Error(`two free neighbours at ${block.start}`);
    }
    if (listed !== 0) throw new Error("a free block is not listed, or listed twice");
  }
}
