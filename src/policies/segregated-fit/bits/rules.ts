/** What segregated fit does with a heap whose boundaries are bits outside the blocks. */
import type { PolicyRules } from "../../../plan/policy-rules.js";
import type { SegregatedFitPlan } from "../types.js";
import { fragmentation } from "../fragmentation.js";
import { wordLimits } from "../word-limits.js";
import { choices, headerlessBlocks } from "./blocks.js";
import { blocks, freeBlocks } from "./decode.js";
import { inspect } from "./inspect.js";
import { layout } from "./layout.js";
import { loopLimits } from "./loop-limits.js";
import { BitsReference } from "./reference.js";
import { source } from "./source.js";
import { unfinished } from "./unfinished.js";
import { asserts, constants, view } from "./view.js";

export const bitsRules: PolicyRules<SegregatedFitPlan> = {
  constants,
  asserts,
  source,
  view,
  headerlessBlocks,
  choices,
  fragmentation,
  wordLimits,
  loopLimits,
  layout,
  read: (plan, heap) => ({
    blocks: blocks(layout(plan), heap),
    end: plan.endOfBlocks,
    freeList: freeBlocks(layout(plan), heap),
  }),
  inspect: (plan, heap) => inspect(layout(plan), heap),
  unfinished: (plan, heap, inspection) => unfinished(layout(plan), heap, inspection),
  reference: (plan) => new BitsReference(plan),
};
