/** A list of free blocks for each size class, and a bitmap that says which lists hold any. */
import { refuseAddresses } from "./address/plan.js";
import { addressRules } from "./address/rules.js";
import { keepsBits, headerNeeds as needsOfBits, planPart as planBits } from "./bits/plan.js";
import { bitsRules } from "./bits/rules.js";
import type { Diagnostic } from "../../diagnostics.js";
import { definePolicy, type PolicyPart } from "../policy.js";
import { formed } from "./form.js";
import { hardening } from "./hardening.js";
import type { PolicyRules } from "../../plan/policy-rules.js";
import { presetChoice } from "./choices.js";
import { headerRules } from "./header-rules.js";
import { headerNeeds, planPart } from "./plan.js";
import { resolve } from "./resolve.js";
import { refuseSpacing } from "./spacing.js";
import { schema, type SegregatedFitInput } from "./schema.js";
import { starters } from "./starters.js";
import type { SegregatedFitConfig, SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";
import { variants } from "./variants.js";

const withPreset = (rules: PolicyRules<SegregatedFitPlan>): PolicyRules<SegregatedFitPlan> => ({
  ...rules,
  choices: (plan) => [...presetChoice(plan), ...rules.choices(plan)],
});

const rulesOfHeaders = withPreset(headerRules);
const rulesOfAddresses = withPreset(addressRules);
const rulesOfBits = withPreset(bitsRules);

export const segregatedFit = definePolicy<SegregatedFitInput, SegregatedFitConfig, SegregatedFitNumbers>({
  name: "segregated-fit",
  schema,
  starters,
  variants,
  resolve,
  formed,
  headerNeeds: (policy, header, alignment, api, isHardened) =>
    keepsBits(header)
      ? needsOfBits(policy, header, alignment)
      : headerNeeds(policy, header, alignment, api, isHardened),
  hardening,
  refuse: (policy, config, target) => [
    ...refuseSpacing(policy, config, target),
    ...refuseAddresses(policy, config),
  ],
  plan: (policy, basis) =>
    named(policy, (basis.header.links.place === "own" ? planBits : planPart)(policy, basis)),
  rules: ({ bits, address }) =>
    bits !== undefined ? rulesOfBits : address !== undefined ? rulesOfAddresses : rulesOfHeaders,
});

/** The preset stands in the numbers, so that the plan can say what they were called. */
const named = (
  { preset }: SegregatedFitConfig,
  part: PolicyPart<SegregatedFitNumbers> | readonly Diagnostic[],
): PolicyPart<SegregatedFitNumbers> | readonly Diagnostic[] =>
  preset === undefined || !("policy" in part) ? part : { ...part, policy: { ...part.policy, preset } };
