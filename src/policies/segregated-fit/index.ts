/** A list of free blocks for each size class, and a bitmap that says which lists hold any. */
import type { SegregatedFitConfig } from "../../config/config.js";
import { headerLayout } from "../../layout/describe.js";
import type { Policy } from "../policy.js";
import { wordLimits } from "./word-limits.js";
import { quickLayout } from "./keeping-plan.js";
import { loopLimits } from "./loop-limits.js";
import { headerNeeds, listLayout, planPart } from "./plan.js";
import { SegregatedFitReference } from "./reference.js";
import { asserts, constants, view } from "./view.js";

export const segregatedFit: Policy<SegregatedFitConfig> = {
  headerNeeds,
  plan: planPart,
  constants,
  asserts,
  view,
  wordLimits,
  loopLimits,
  layout: (plan) => ({ ...headerLayout(plan), ...quickLayout(plan), ...listLayout(plan) }),
  reference: (plan) => new SegregatedFitReference(plan),
};
