/** What segregated fit does with a heap whose lists are linked by addresses. */
import type { PolicyRules } from "../../../plan/policy-rules.js";
import { headerRules } from "../header-rules.js";
import type { SegregatedFitPlan } from "../types.js";
import { source } from "./source.js";
import { asserts, constants, view } from "./view.js";

export const addressRules: PolicyRules<SegregatedFitPlan> = {
  ...headerRules,
  constants,
  asserts,
  source,
  view,
};
