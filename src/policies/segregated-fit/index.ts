/** A list of free blocks for each size class, and a bitmap that says which lists hold any. */
import { inspectHeaders, type Promises } from "../../inspect/inspect-headers.js";
import { unfinishedHeaders } from "../../inspect/unfinished-headers.js";
import { headerContents } from "../../layout/contents.js";
import { headerLayout } from "../../layout/describe.js";
import type { HeaderLayoutData } from "../../layout/layout.js";
import { definePolicy } from "../policy.js";
import { wordLimits } from "./word-limits.js";
import { quickLayout } from "./deferred-plan.js";
import { choices } from "./choices.js";
import { loopLimits } from "./loop-limits.js";
import { headerNeeds, listLayout, planPart } from "./plan.js";
import { SegregatedFitReference } from "./reference.js";
import { resolve } from "./resolve.js";
import { schema, type SegregatedFitInput } from "./schema.js";
import { starters } from "./starters.js";
import { fragmentation } from "./fragmentation.js";
import type { SegregatedFitConfig, SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";
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

export const segregatedFit = definePolicy<SegregatedFitInput, SegregatedFitConfig, SegregatedFitNumbers>({
  name: "segregated-fit",
  schema,
  starters,
  resolve,
  headerNeeds,
  plan: planPart,
  rules: {
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
  },
});
