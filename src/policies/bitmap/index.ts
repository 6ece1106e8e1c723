/** Bits outside the blocks: which granules are in use, and where blocks end. */
import type { BitmapConfig } from "../../config/config.js";
import type { Policy } from "../policy.js";
import { bitmapOf, layout, ownBlocks } from "./blocks.js";
import { headerNeeds, planPart } from "./plan.js";
import { BitmapReference } from "./reference.js";
import { asserts, constants, view } from "./view.js";

export const bitmap: Policy<BitmapConfig> = {
  headerNeeds,
  plan: planPart,
  constants,
  asserts,
  view,
  ownBlocks,
  layout,
  wordLimits: () => [],
  loopLimits: (plan) => {
    const { words } = bitmapOf(plan);
    const behind = words - 1;
    const { granules } = bitmapOf(plan);
    return {
      looks: {
        usable_size: { "further word": behind },
        // A free run may be shorter than any block.
        stats: { block: granules, "further word": behind },
        check: { word: 2 * words, bit: granules },
      },
      malloc: { word: words, "further word": behind },
      // Once to find the block's end, once to clear its bits, once to count its bytes.
      free: { "further word": (plan.api.stats ? 3 : 2) * behind },
    };
  },
  reference: (plan) => new BitmapReference(plan),
};
