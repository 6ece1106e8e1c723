/** How often the loops of the generated C can go round. malloc and free have none. */
import type { LoopLimits } from "../../policy.js";
import type { SegregatedFitPlan } from "../types.js";
import { bitsOf } from "./view.js";

export function loopLimits(plan: SegregatedFitPlan): LoopLimits {
  const { policy, endOfBlocks, firstBlock, minimumBlockBytes } = plan;
  const blocks = Math.floor((endOfBlocks - firstBlock) / minimumBlockBytes);
  const { words } = bitsOf(plan);
  return {
    malloc: {},
    free: {},
    introspection: {
      stats: { block: blocks, "further word": words },
      check: {
        // Over the blocks and over the lists; and once more where the bytes in use are counted.
        block: 3 * blocks,
        bit: 32 * words,
        "further word": words,
        class: policy.classes + 32 * policy.bitmapWords,
        "word of the bitmap": policy.bitmapWords,
      },
    },
  };
}
