/** What segregated fit does with a heap whose blocks have headers. */
import { inspectHeaders, type Promises } from "../../inspect/inspect-headers.js";
import { unfinishedHeaders } from "../../inspect/unfinished-headers.js";
import { headerContents } from "../../layout/contents.js";
import { headerLayout } from "../../layout/describe.js";
import type { HeaderLayoutData } from "../../layout/layout.js";
import type { PolicyRules } from "../../plan/policy-rules.js";
import { fragmentation } from "./fragmentation.js";
import { wordLimits } from "./word-limits.js";
import { quickLayout } from "./deferred-plan.js";
import { choices } from "./choices.js";
import { loopLimits } from "./loop-limits.js";
import { listLayout } from "./plan.js";
import { SegregatedFitReference } from "./reference.js";
import type { SegregatedFitPlan } from "./types.js";
import { source } from "./source.js";
import { asserts, constants, view } from "./view.js";

const layout = (plan: SegregatedFitPlan): HeaderLayoutData => ({
  ...headerLayout(plan),
  ...quickLayout(plan),
  ...listLayout(plan),
});

const promises = ({ coalescing }: SegregatedFitPlan): Promises => ({
  mergesAtOnce: coalescing === "immediate",
  addressOrder: false,
});

export const headerRules: PolicyRules<SegregatedFitPlan> = {
  constants,
  asserts,
  source,
  view,
  choices,
  fragmentation,
  wordLimits,
  loopLimits,
  largestRequestMerges: ({ policy }) => policy.coalesce === "deferred" || policy.quick !== undefined,
  layout,
  read: (plan, heap) => headerContents(layout(plan), heap),
  inspect: (plan, heap) => inspectHeaders(layout(plan), promises(plan), heap),
  unfinished: (plan, heap, { damage }) => unfinishedHeaders(layout(plan), promises(plan), heap, damage),
  reference: (plan) => new SegregatedFitReference(plan),
};
