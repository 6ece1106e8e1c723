/** What holds between operations. */
import type { SequentialFitPlan } from "./types.js";
import type { BlockChain } from "../../reference/block-chain.js";
import type { FreeList } from "./free-list.js";

/** @throws Error naming the invariant that does not hold. */
export function checkInvariants(
  plan: SequentialFitPlan,
  chain: BlockChain,
  list: FreeList,
  wilderness: number,
): void {
  const { policy } = plan;
  chain.checkTiling(wilderness);
  if (wilderness > plan.endOfBlocks) throw new Error("the wilderness begins after the heap's end");
  const { blocks, rover, slots } = list;
  const listed = new Set(blocks);
  if (listed.size !== blocks.length) throw new Error("a block is listed twice");
  for (const block of chain.blocks()) {
    if (listed.has(block) && !block.free) throw new Error(`the block in use at ${block.start} is listed`);
    if (block.free && !listed.has(block) && slots === undefined) {
      throw new Error(`the free block at ${block.start} is not listed`);
    }
    const { right } = block;
    if (policy.coalesce === "immediate" && listed.has(block) && right !== undefined && listed.has(right)) {
      throw new Error(`the free blocks at ${block.start} and ${right.start} were not merged`);
    }
  }
  if (
    policy.order === "address" &&
    blocks.some((block, at) => at > 0 && block.start < list.at(at - 1).start)
  ) {
    throw new Error("the list is not in address order");
  }
  if (rover !== undefined && !listed.has(rover))
    throw new Error("the search begins after a block that is not listed");
}
