/** One list of free blocks, in the order the config asks for. */
import { inspectHeaders, type Promises } from "../../inspect/inspect-headers.js";
import { unfinishedHeaders } from "../../inspect/unfinished-headers.js";
import { headerContents } from "../../layout/contents.js";
import { headerLayout } from "../../layout/describe.js";
import { definePolicy } from "../policy.js";
import { choices } from "./choices.js";
import { settling } from "./settling.js";
import { hardening } from "./hardening.js";
import { loopLimits } from "./loop-limits.js";
import { headerNeeds, planPart } from "./plan.js";
import { SequentialFitReference } from "./reference.js";
import { headerPreset, resolve } from "./resolve.js";
import { schema, type SequentialFitInput } from "./schema.js";
import { source } from "./source.js";
import { starters } from "./starters.js";
import { variants } from "./variants.js";
import { fragmentation } from "./fragmentation.js";
import type { SequentialFitConfig, SequentialFitNumbers, SequentialFitPlan } from "./types.js";
import { asserts, constants, view } from "./view.js";

const promises = ({ coalescing, policy }: SequentialFitPlan): Promises => ({
  mergesAtOnce: coalescing === "immediate",
  addressOrder: policy.order === "address",
});

export const sequentialFit = definePolicy<SequentialFitInput, SequentialFitConfig, SequentialFitNumbers>({
  name: "sequential-fit",
  schema,
  starters,
  variants,
  resolve,
  headerPreset,
  headerNeeds,
  hardening,
  plan: planPart,
  rules: {
    source,
    constants,
    asserts,
    view,
    choices,
    loopLimits,
    largestRequestMerges: (plan) => settling(plan) !== undefined,
    fragmentation,
    wordLimits: () => [],
    layout: headerLayout,
    read: (plan, heap) => headerContents(headerLayout(plan), heap),
    inspect: (plan, heap) => inspectHeaders(headerLayout(plan), promises(plan), heap),
    unfinished: (plan, heap, { damage }) =>
      unfinishedHeaders(headerLayout(plan), promises(plan), heap, damage),
    reference: (plan) => new SequentialFitReference(plan),
  },
});
