/** What the toy must do, told without its C. */
import type { Block } from "../../../src/reference/block.js";
import { PathTrail } from "../../../src/reference/path-trail.js";
import { headerlessBlock, servesRequest } from "../../../src/reference/headerless-block.js";
import type { BlockLinks, Outcome, ReferenceHeap } from "../../../src/reference/reference-heap.js";
import type { ToyPlan } from "./plan.js";

/** Kind of work: a block is looked at. */
const looked = 0;

export class ToyReference implements ReferenceHeap {
  readonly trail = new PathTrail();
  private readonly used: boolean[];

  constructor(private readonly plan: ToyPlan) {
    this.used = Array.from({ length: plan.policy.blocks }, () => false);
  }

  malloc(size: number): Outcome {
    this.trail.begin(1);
    if (!this.trail.yesNo(servesRequest(this.plan, size))) return this.outcome(-1);
    const index = this.used.indexOf(false);
    this.trail.iterations(looked, index < 0 ? this.used.length : index);
    if (!this.trail.yesNo(index >= 0)) return this.outcome(-1);
    this.used[index] = true;
    return this.outcome(this.placeOf(index));
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    const index = (payload - this.plan.firstBlock) / this.plan.minimumBlockBytes;
    if (this.used[index] !== true) throw new Error(`no block in use has its payload at ${payload}`);
    this.used[index] = false;
    return this.outcome(-1);
  }

  private placeOf(index: number): number {
    return this.plan.firstBlock + index * this.plan.minimumBlockBytes;
  }

  private outcome(payload: number): Outcome {
    return { payload, path: this.trail.path() };
  }

  blocks(): Iterable<Block> {
    return this.used.map((isUsed, index) =>
      headerlessBlock(this.placeOf(index), this.plan.minimumBlockBytes, !isUsed),
    );
  }

  wildernessStart(): number {
    return this.plan.endOfBlocks;
  }

  freeList(): readonly Block[] {
    return [];
  }

  links(): BlockLinks {
    return { next: undefined, previous: undefined };
  }

  control(): ReadonlyMap<string, readonly number[]> {
    return new Map([["used", this.used.map(Number)]]);
  }

  check(): void {
    if (this.used.length !== this.plan.policy.blocks) throw new Error("a block was lost");
  }
}
