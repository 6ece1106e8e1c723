/** A list for each size class, served last-in first-out: Wilson et al. 1995, section 3.6. */
import { linkUnitBytes, type Plan, type SegregatedFitPlan } from "../../plan/plan.js";
import { BlockChain, type Block } from "../../reference/block-chain.js";
import { PathTrail } from "../../reference/path-trail.js";
import type { BlockLinks, Outcome, ReferenceHeap } from "../../reference/reference-heap.js";

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
  /** Filled classes of each 32: a word of the bitmap. */
  private readonly filledInWord: Uint16Array;
  private readonly trail = new PathTrail();
  /** Whether there are classes of more than one size. */
  private readonly hasDoublings: boolean;

  constructor(private readonly plan: Plan) {
    if (plan.policy.kind !== "segregated-fit") throw new Error("not a plan of segregated fit");
    this.policy = plan.policy;
    this.chain = new BlockChain(plan);
    this.floors = classFloors(this.policy);
    this.classBySize = new Uint16Array(plan.heapBytes / plan.granuleBytes + 1);
    for (const [index, floor] of this.floors.entries()) this.classBySize.fill(index, floor);
    this.classes = this.floors.map(() => []);
    this.hasDoublings = this.policy.classes > this.policy.exactGranules - this.policy.minimumGranules;
    this.filledInWord = new Uint16Array(this.policy.bitmapWords);
    const all = this.chain.append(plan.firstBlock, plan.endOfBlocks - plan.firstBlock, true);
    this.list(all);
  }

  private classOf(block: Block): Block[] {
    return this.classes[this.classIndex(block.size)] as Block[];
  }

  private classIndex(size: number): number {
    return this.classBySize[size / this.plan.granuleBytes] as number;
  }

  /**
   * What finding a size's class has to find out: whether the class is exact, the doubling where that takes a search,
   * and whether the size is in a class before the last, in the last, or beyond what the last would hold by its rule.
   */
  private noteClass(size: number): void {
    const granules = size / this.plan.granuleBytes;
    const { exactGranules, classes, subdivisionBits } = this.policy;
    if (!this.trail.yesNo(granules < exactGranules) && this.hasDoublings && !this.plan.countLeadingZeros) {
      this.trail.choice(Math.floor(Math.log2(granules)), 32);
    }
    const last = this.floors[classes - 1] as number;
    const width = Math.max(1, 2 ** (Math.floor(Math.log2(last)) - subdivisionBits));
    this.trail.choice(granules < last ? 0 : granules < last + (last < exactGranules ? 1 : width) ? 1 : 2, 3);
  }

  private list(block: Block): void {
    this.noteClass(block.size);
    const index = this.classIndex(block.size);
    const blocks = this.classes[index] as Block[];
    if (this.trail.yesNo(blocks.length === 0)) this.countFilled(index, 1);
    blocks.push(block);
  }

  private countFilled(index: number, change: 1 | -1): number {
    const word = Math.floor(index / 32);
    const filled = (this.filledInWord[word] as number) + change;
    this.filledInWord[word] = filled;
    return filled;
  }

  /** Take a block out of its class, which may become empty, and with it a word of the bitmap. */
  private unlist(block: Block): void {
    const index = this.classIndex(block.size);
    const blocks = this.classes[index] as Block[];
    const at = blocks.lastIndexOf(block);
    this.trail.yesNo(at > 0);
    // Only the list's first block leads to its class.
    if (this.trail.yesNo(at === blocks.length - 1)) this.noteClass(block.size);
    blocks.splice(at, 1);
    this.noteEmptied(index);
  }

  private noteEmptied(index: number): void {
    if ((this.classes[index] as Block[]).length === 0) this.trail.yesNo(this.countFilled(index, -1) === 0);
  }

  malloc(size: number, tag: number): Outcome {
    this.trail.begin(1);
    if (!this.trail.yesNo(this.chain.serves(size))) return this.outcome(-1);
    const need = this.chain.needFor(size);
    this.trail.yesNo(need > size + this.plan.header.bytes + this.plan.granuleBytes - 1);
    const block = this.find(need);
    if (block === undefined) return this.outcome(-1);
    const blocks = this.classOf(block);
    blocks.pop();
    this.trail.yesNo(blocks.length === 0);
    this.noteEmptied(this.classIndex(block.size));
    if (this.trail.yesNo(block.size - need >= this.plan.minimumBlockBytes))
      this.list(this.chain.split(block, need));
    block.free = false;
    block.requested = size;
    block.tag = tag;
    return this.outcome(this.chain.payloadOf(block));
  }

  /** The first block of the own class if it is large enough, else of the first filled class whose every block is. */
  private find(need: number): Block | undefined {
    const own = this.classIndex(need);
    // Every block of the own class is large enough when the need is its smallest size: nothing is to be probed.
    const exact = (this.floors[own] as number) * this.plan.granuleBytes >= need;
    const probes = this.policy.probe && this.hasDoublings;
    const { granuleBytes, minimumBlockBytes } = this.plan;
    this.noteClass(probes || !this.hasDoublings ? need : Math.max(need - granuleBytes, minimumBlockBytes));
    const first = exact || probes ? this.classes[own]?.at(-1) : undefined;
    const fits = first !== undefined && first.size >= need;
    if (probes) this.trail.choice(fits ? 2 : first === undefined ? 0 : 1, 3);
    if (fits) {
      if (!probes) this.noteSearch(own, own);
      return first;
    }
    const begin = exact && !probes ? own : own + 1;
    let index = begin;
    while (index < this.classes.length && (this.classes[index] as Block[]).length === 0) index++;
    this.noteSearch(begin, index);
    return this.classes[index]?.at(-1);
  }

  /** Whether a search of the bitmap from one class to another ends in the word it begins in, in another, or nowhere. */
  private noteSearch(begin: number, end: number): void {
    const sameWord = Math.floor(begin / 32) === Math.floor(end / 32);
    this.trail.choice(end >= this.classes.length ? 0 : sameWord ? 1 : 2, 3);
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    const block = this.chain.inUse(payload);
    const { left, right } = block;
    let whole = block;
    if (this.trail.yesNo(right?.free === true) && right !== undefined) {
      this.unlist(right);
      this.chain.join(whole, right);
    }
    if (this.trail.yesNo(left?.free === true) && left !== undefined) {
      this.unlist(left);
      this.chain.join(left, whole);
      whole = left;
    }
    whole.free = true;
    this.list(whole);
    return this.outcome(-1);
  }

  private outcome(payload: number): Outcome {
    return { payload, path: this.trail.path() };
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
    const scale = linkUnitBytes(this.plan);
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
