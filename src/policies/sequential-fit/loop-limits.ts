/** How often the loops of the generated C can go round: the numbers for the words of their comments. */
import type { SequentialFitPlan } from "./types.js";
import type { LoopLimits } from "../policy.js";

export function loopLimits(plan: SequentialFitPlan): LoopLimits {
  const { policy, header, minimumBlockBytes } = plan;
  const { links } = header;
  const blocks = Math.floor((plan.endOfBlocks - plan.firstBlock) / minimumBlockBytes);
  const coalescesLate = policy.coalesce === "deferred" || links.place === "slots";
  const free = policy.coalesce === "immediate" && links.place === "intrusive" ? mostApart(plan) : blocks;
  const listed = links.place === "slots" ? Math.min(links.count, free) : free;
  return {
    // A request that finds nothing searches again after the coalescing pass.
    malloc: { "listed block": coalescesLate ? 2 * listed : listed, block: blocks },
    free: { "listed block": listed },
  };
}

/**
 * Most free blocks where neighbours merge at once: a block in use stands between any two, and behind the last one unless
 * the wilderness is a block too.
 */
export function mostApart(plan: SequentialFitPlan): number {
  const space = plan.endOfBlocks - plan.firstBlock;
  const isLastInUse = plan.policy.wilderness !== "none";
  return Math.floor((space + (isLastInUse ? 0 : plan.minimumBlockBytes)) / (2 * plan.minimumBlockBytes));
}
