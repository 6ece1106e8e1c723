/** A pile of blocks: each new one stands in front of the one before it, as far from the heap's start as there is room. */
import type { BumpPlan, Plan } from "../../plan/plan.js";
import type { Block } from "../../reference/block-chain.js";
import { PathTrail } from "../../reference/path-trail.js";
import { plainBlock, servesRequest } from "../../reference/plain-block.js";
import type { BlockLinks, Outcome, OwnNumber, ReferenceHeap } from "../../reference/reference-heap.js";

export class BumpReference implements ReferenceHeap {
  private readonly policy: BumpPlan;
  /** Bottom first: the bottom ends where the heap's space ends. */
  private readonly pile: Block[] = [];
  /** Payloads that were handed out and not freed, whether or not their memory came back. */
  private readonly live = new Set<number>();
  private readonly trail = new PathTrail();

  constructor(private readonly plan: Plan) {
    if (plan.policy.kind !== "bump") throw new Error("not a plan of a bump arena");
    this.policy = plan.policy;
  }

  /** Where the newest block begins. */
  private top(): number {
    return this.pile.at(-1)?.start ?? this.plan.endOfBlocks;
  }

  private payloadOf(block: Block): number {
    return block.start + this.plan.header.bytes;
  }

  malloc(size: number): Outcome {
    this.trail.begin(1);
    if (!this.trail.yesNo(servesRequest(this.plan, size))) return this.outcome(-1);
    const { granuleBytes, header, minimumBlockBytes, firstBlock } = this.plan;
    const granules = Math.ceil((size + header.bytes) / granuleBytes);
    const raised = this.trail.yesNo(granules * granuleBytes < minimumBlockBytes);
    const need = raised ? minimumBlockBytes : granules * granuleBytes;
    const start = this.top() - need;
    if (!this.trail.yesNo(start >= firstBlock)) return this.outcome(-1);
    const block = plainBlock(start, need, false);
    this.pile.push(block);
    this.live.add(this.payloadOf(block));
    return this.outcome(this.payloadOf(block));
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    if (!this.live.delete(payload)) throw new Error(`no block in use has its payload at ${payload}`);
    const newest = this.pile.at(-1);
    const isNewest = newest !== undefined && this.payloadOf(newest) === payload;
    if (this.policy.release === "lifo" && this.trail.yesNo(isNewest)) this.pile.pop();
    return this.outcome(-1);
  }

  /** A mark for `release`: what is left now. */
  mark(): number {
    return this.top() - this.plan.firstBlock;
  }

  /** All blocks are given back that were allocated since the mark. */
  release(mark: number): void {
    while (this.mark() < mark) {
      const block = this.pile.pop();
      if (block !== undefined) this.live.delete(this.payloadOf(block));
    }
  }

  private outcome(payload: number): Outcome {
    return { payload, path: this.trail.path() };
  }

  *blocks(): Iterable<Block> {
    const room = this.mark();
    if (room > 0) yield plainBlock(this.plan.firstBlock, room, true);
    yield* this.pile.toReversed();
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

  *ownNumbers(): Iterable<OwnNumber> {
    if (this.policy.release !== "lifo") return;
    const { bytes } = this.plan.header.links;
    const unit = bytes === 2 ? this.plan.granuleBytes : 1;
    for (const { start, size } of this.pile) {
      yield { offset: start, bytes, value: (start + size - this.plan.firstBlock) / unit };
    }
  }

  control(): ReadonlyMap<string, readonly number[]> {
    return new Map([["room", [this.mark()]]]);
  }

  check(): void {
    let end: number = this.plan.endOfBlocks;
    const starts = new Set<number>();
    for (const block of this.pile) {
      if (block.start + block.size !== end)
        throw new Error(`the block at ${block.start} does not end at ${end}`);
      if (block.size < this.plan.minimumBlockBytes || block.size % this.plan.granuleBytes !== 0)
        throw new Error(`the block at ${block.start} has an impossible size of ${block.size}`);
      end = block.start;
      starts.add(this.payloadOf(block));
    }
    if (end < this.plan.firstBlock) throw new Error("the blocks begin in front of their space");
    for (const payload of this.live) {
      if (!starts.has(payload)) throw new Error(`the block in use at ${payload} was given back`);
    }
  }
}
