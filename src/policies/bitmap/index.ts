/** Bits outside the blocks: which granules are in use, and where blocks end. */
import { keepsFigures } from "../../plan/figures.js";
import { definePolicy } from "../policy.js";
import { choices, headerlessBlocks } from "./blocks.js";
import { blocks } from "./decode.js";
import { unfinishedMark } from "../../inspect/unfinished-mark.js";
import { hardening } from "./hardening.js";
import { inspect } from "./inspect.js";
import { layout } from "./layout.js";
import { headerNeeds, planPart } from "./plan.js";
import { BitmapReference } from "./reference.js";
import { resolve } from "./resolve.js";
import { schema, type BitmapInput } from "./schema.js";
import { starters } from "./starters.js";
import { variants } from "./variants.js";
import { fragmentation } from "./fragmentation.js";
import type { BitmapConfig, BitmapNumbers } from "./types.js";
import { source } from "./source.js";
import { asserts, constants, view } from "./view.js";

export const bitmap = definePolicy<BitmapInput, BitmapConfig, BitmapNumbers>({
  name: "bitmap",
  schema,
  starters,
  variants,
  resolve,
  headerNeeds,
  hardening,
  plan: planPart,
  rules: {
    constants,
    asserts,
    source,
    view,
    headerlessBlocks,
    choices,
    layout,
    read: (plan, heap) => ({ blocks: blocks(layout(plan), heap), end: plan.endOfBlocks, freeList: [] }),
    inspect: (plan, heap) => inspect(layout(plan), heap),
    unfinished: (_plan, _heap, inspection) => unfinishedMark(inspection),
    fragmentation,
    wordLimits: () => [],
    loopLimits: (plan) => {
      const { words } = plan.policy;
      const after = words - 1;
      const { granules } = plan.policy;
      return {
        introspection: {
          usable_size: { "further word": after },
          // A free run may be shorter than any block.
          stats: { block: granules, "further word": after },
          largest_request: { word: words, bit: 32 * words },
          check: { word: 2 * words, bit: granules },
        },
        // A hardened heap looks at where blocks end in the run that it takes.
        malloc: { word: words, "further word": (plan.hardening === undefined ? 1 : 2) * after },
        // Once to find the block's end, once to clear its bits, once to count its bytes.
        free: { "further word": (keepsFigures(plan.api) ? 3 : 2) * after },
      };
    },
    reference: (plan) => new BitmapReference(plan),
  },
});
