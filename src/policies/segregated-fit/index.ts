/** A list of free blocks for each size class, and a bitmap that says which lists hold any. */
import { keepsBits, headerNeeds as needsOfBits, planPart as planBits, refuseRules } from "./bits/plan.js";
import { bitsRules } from "./bits/rules.js";
import { definePolicy } from "../policy.js";
import { hardening } from "./hardening.js";
import { headerRules } from "./header-rules.js";
import { headerNeeds, planPart } from "./plan.js";
import { resolve } from "./resolve.js";
import { schema, type SegregatedFitInput } from "./schema.js";
import { starters } from "./starters.js";
import type { SegregatedFitConfig, SegregatedFitNumbers } from "./types.js";
import { variants } from "./variants.js";

export const segregatedFit = definePolicy<SegregatedFitInput, SegregatedFitConfig, SegregatedFitNumbers>({
  name: "segregated-fit",
  schema,
  starters,
  variants,
  resolve,
  headerNeeds: (policy, header, alignment, api, isHardened) =>
    keepsBits(header)
      ? needsOfBits(policy, header, alignment)
      : headerNeeds(policy, header, alignment, api, isHardened),
  hardening,
  refuse: refuseRules,
  plan: (policy, basis) =>
    basis.header.links.place === "own" ? planBits(policy, basis) : planPart(policy, basis),
  rules: ({ bits }) => (bits === undefined ? headerRules : bitsRules),
});
