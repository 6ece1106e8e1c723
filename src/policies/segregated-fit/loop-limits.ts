/** How often the loops of the generated C can go round: the numbers for the words of their comments. */
import type { Plan } from "../../plan/plan.js";
import type { LoopLimits } from "../policy.js";

/** Only a request that finds nothing goes over blocks: those that wait in quick lists, and where merging was put off all. */
export function loopLimits({ policy, endOfBlocks, firstBlock, minimumBlockBytes }: Plan): LoopLimits {
  if (policy.kind !== "segregated-fit") throw new Error("not a plan of segregated fit");
  const { quick, coalesce } = policy;
  const blocks = Math.floor((endOfBlocks - firstBlock) / minimumBlockBytes);
  return {
    malloc: {
      ...(quick === undefined
        ? {}
        : { "quick list": quick.lists, "waiting block": Math.min(quick.most, blocks) }),
      // Once merged, two free blocks have one in use between them.
      ...(coalesce === "deferred" ? { block: blocks, "free block": Math.ceil(blocks / 2) } : {}),
    },
    free: {},
  };
}
