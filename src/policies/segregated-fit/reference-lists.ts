/** The lists of the classes: which block is in which, and which one serves. */
import { mostBlockBytes } from "../../plan/plan.js";
import type { Block } from "../../reference/block.js";
import type { PathTrail } from "../../reference/path-trail.js";
import { headStep } from "./link-unit.js";
import { classIndex } from "./plan.js";
import { classesBySize, classFloors } from "./reference-classes.js";
import type { SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";

export class ClassLists {
  private readonly policy: SegregatedFitNumbers;
  /** Smallest size of each class, in granules. */
  private readonly floors: readonly number[];
  /** Class of each block size in granules. */
  private readonly classBySize: Uint16Array;
  /** Free blocks of each class, the one freed last at the end. */
  readonly classes: Block[][];
  /** Where each class stands in the bitmap and, counted from the first, among the heads of the lists. */
  readonly places: readonly number[];
  /** Filled classes of each 32: a word of the bitmap. */
  private readonly filledInWord: Uint16Array;

  constructor(
    private readonly plan: SegregatedFitPlan,
    private readonly trail: PathTrail,
  ) {
    this.policy = plan.policy;
    const space = mostBlockBytes(plan);
    const { granuleBytes } = plan;
    this.floors = classFloors(this.policy, plan.minimumBlockBytes / granuleBytes, space / granuleBytes);
    this.classBySize = classesBySize(plan, this.floors);
    this.classes = this.floors.map(() => []);
    this.places = this.floors.map((floor) => classIndex(this.policy, floor * granuleBytes));
    this.filledInWord = new Uint16Array(this.policy.bitmapWords);
  }

  classOf(block: Block): Block[] {
    return this.classes[this.classNumber(block.size)] as Block[];
  }

  classNumber(size: number): number {
    return this.classBySize[size / this.plan.granuleBytes] as number;
  }

  private placeOf(classNumber: number): number {
    return this.places[classNumber] as number;
  }

  /** Finding a size's class takes its highest bit: a search, where the core does not count leading zeros. */
  private noteClass(bytes: number): void {
    if (this.plan.countLeadingZeros) return;
    const { squares, sizeShift, leastHighest } = this.policy;
    const units = Math.floor(bytes / 2 ** sizeShift);
    const searched = squares ? units * units : Math.max(units, leastHighest, 1);
    this.trail.choice(Math.floor(Math.log2(searched)));
  }

  list(block: Block): void {
    this.noteClass(block.size);
    const number = this.classNumber(block.size);
    const blocks = this.classes[number] as Block[];
    // Whether there is a block that must lead back to the head.
    if (this.plan.hardening !== undefined) this.trail.yesNo(blocks.length > 0);
    if (blocks.length === 0) this.countFilled(number, 1);
    blocks.push(block);
  }

  /** Filled classes of a class's word, from now on. */
  private countFilled(classNumber: number, change: 1 | -1): number {
    const word = Math.floor(this.placeOf(classNumber) / 32);
    const filled = (this.filledInWord[word] as number) + change;
    this.filledInWord[word] = filled;
    return filled;
  }

  /** Take a block out of its class, which may become empty, and with it a word of the bitmap. */
  unlist(block: Block): void {
    const number = this.classNumber(block.size);
    const blocks = this.classes[number] as Block[];
    const at = blocks.lastIndexOf(block);
    this.trail.yesNo(at > 0);
    this.trail.yesNo(at === blocks.length - 1);
    blocks.splice(at, 1);
    this.noteEmptied(number);
  }

  private noteEmptied(classNumber: number): void {
    const emptied = (this.classes[classNumber] as Block[]).length === 0;
    if (this.trail.yesNo(emptied)) this.trail.yesNo(this.countFilled(classNumber, -1) === 0);
  }

  /** No block is listed any more. */
  clear(): void {
    for (const blocks of this.classes) blocks.length = 0;
    this.filledInWord.fill(0);
  }

  /** Take the first block of its class out of it. */
  unlistFirst(block: Block): void {
    this.classOf(block).pop();
    this.noteEmptied(this.classNumber(block.size));
  }

  /** The first block of the own class if it is large enough, else of the first filled class whose every block is. */
  find(need: number): Block | undefined {
    const own = this.classNumber(need);
    if (this.policy.probe) {
      this.noteClass(need);
      const first = this.classes[own]?.at(-1);
      const fits = first !== undefined && first.size >= need;
      this.trail.choice(fits ? 2 : first === undefined ? 0 : 1);
      return fits ? first : this.firstFilled(own + 1, this.placeOf(own));
    }
    this.noteClass(need - 1);
    // Every block of the own class is large enough when the need is its smallest size.
    const exact = (this.floors[own] as number) * this.plan.granuleBytes >= need;
    return this.firstFilled(exact ? own : own + 1, classIndex(this.policy, need - 1));
  }

  /** The first block of the first filled class from `begin` on; the search of the bitmap starts behind a place. */
  private firstFilled(begin: number, place: number): Block | undefined {
    let number = begin;
    while (number < this.classes.length && (this.classes[number] as Block[]).length === 0) number++;
    const found = this.classes[number]?.at(-1);
    const sameWord = Math.floor(place / 32) === Math.floor((this.places[number] ?? 0) / 32);
    this.trail.choice(found === undefined ? 0 : sameWord ? 1 : 2);
    return found;
  }

  /** Link of the head of a block's class, as if it were a block. */
  headLink(block: Block): number {
    return this.policy.headsLink + this.placeOf(this.classNumber(block.size)) * headStep(this.plan);
  }
}
