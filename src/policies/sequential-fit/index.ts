/** One list of free blocks, in the order the config asks for. */
import type { SequentialFitConfig } from "../../config/config.js";
import { headerLayout } from "../../layout/describe.js";
import type { Policy } from "../policy.js";
import { loopLimits } from "./loop-limits.js";
import { headerNeeds, planPart } from "./plan.js";
import { SequentialFitReference } from "./reference.js";
import { asserts, constants, view } from "./view.js";

export const sequentialFit: Policy<SequentialFitConfig> = {
  headerNeeds,
  plan: planPart,
  constants,
  asserts,
  view,
  loopLimits,
  wordLimits: () => [],
  layout: headerLayout,
  reference: (plan) => new SequentialFitReference(plan),
};
