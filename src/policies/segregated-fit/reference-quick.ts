/** Freed blocks that wait, unmerged, for a request of their size: Wilson et al. 1995, section 3.11. */
import type { QuickListsPlan, SegregatedFitPlan } from "./types.js";
import type { BlockChain } from "../../reference/block-chain.js";
import type { Block } from "../../reference/block.js";
import type { PathTrail } from "../../reference/path-trail.js";

export class QuickLists {
  private readonly plan: QuickListsPlan | undefined;
  /** The waiting blocks of each size, the one freed last at the end. */
  private readonly waiting = new Map<number, Block[]>();
  private count = 0;

  constructor(
    { policy }: SegregatedFitPlan,
    private readonly trail: PathTrail,
  ) {
    this.plan = policy.quick;
  }

  private hasList(size: number): boolean {
    return this.plan !== undefined && this.trail.yesNo(size <= this.plan.largestBytes);
  }

  /** The block of exactly this size that was freed last. */
  serve(size: number): Block | undefined {
    if (!this.hasList(size)) return undefined;
    const block = this.waiting.get(size)?.pop();
    if (!this.trail.yesNo(block !== undefined) || block === undefined) return undefined;
    block.quick = false;
    this.count--;
    return block;
  }

  /** Let a freed block wait; false where its size has no list, or enough blocks wait already. */
  keep(block: Block): boolean {
    const { plan } = this;
    if (plan === undefined) return false;
    if (!this.hasList(block.size)) return false;
    if (!this.trail.yesNo(this.count < plan.most)) return false;
    const list = this.waiting.get(block.size) ?? [];
    list.push(block);
    this.waiting.set(block.size, list);
    block.quick = true;
    this.count++;
    return true;
  }

  /** All that wait, smallest size first, of each size the one freed last first. None waits any more. */
  empty(): readonly Block[] {
    const blocks = this.blocks();
    for (const block of blocks) block.quick = false;
    this.waiting.clear();
    this.count = 0;
    return blocks;
  }

  blocks(): readonly Block[] {
    return [...this.waiting]
      .sort(([left], [right]) => left - right)
      .flatMap(([, blocks]) => blocks.toReversed());
  }

  /** The block behind another in its list. */
  after(block: Block): Block | undefined {
    const list = this.waiting.get(block.size) ?? [];
    return list[list.indexOf(block) - 1];
  }

  /** Control data. @param linkTo what a link to a block is */
  values(
    least: number,
    granule: number,
    linkTo: (block: Block) => number,
  ): readonly (readonly [string, readonly number[]])[] {
    const { plan } = this;
    if (plan === undefined) return [];
    const first = Array.from({ length: plan.lists }, (_, index) => {
      const block = this.waiting.get(least + index * granule)?.at(-1);
      return block === undefined ? 0 : linkTo(block);
    });
    return [
      ["quick", first],
      ["quick_room", [plan.most - this.count]],
    ];
  }

  /** @throws Error naming the invariant that does not hold. */
  check(chain: BlockChain): void {
    const listed = this.blocks();
    const { most = 0, largestBytes = 0 } = this.plan ?? {};
    if (listed.length !== this.count || this.count > most) throw new Error("too many blocks wait");
    for (const [size, blocks] of this.waiting) {
      if (blocks.some((block) => block.size !== size || size > largestBytes)) {
        throw new Error(`a block waits in the list of ${size} bytes`);
      }
    }
    const waiting = new Set(listed);
    if (waiting.size !== listed.length) throw new Error("a block waits twice");
    for (const block of chain.blocks()) {
      if (block.quick !== waiting.has(block)) throw new Error(`the block at ${block.start} waits in no list`);
      if (block.quick && block.free) throw new Error(`the block at ${block.start} waits and is free`);
    }
  }
}
