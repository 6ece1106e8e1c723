/** The form of blocks that a preset chooses by the size of the heap. */
import type { Config } from "../../config/config.js";
import { boundaryBits } from "../../header/boundary-tag.js";
import { headerNeeds as needsOfBits } from "./bits/plan.js";
import { mostSizeBits } from "./bits/long.js";
import { hardening } from "./hardening.js";
import { leastLong } from "./resolve.js";
import type { SegregatedFitConfig } from "./types.js";

/** A config of segregated fit with the form that its preset chooses for its heap: for each size anew. */
export function formed(policy: SegregatedFitConfig, config: Config): Config {
  const { form } = policy;
  const { heap, header } = config;
  if (form === undefined || header.boundaryTag !== "auto" || heap.size <= form.above) return config;
  const isBits = form.boundaryTag === boundaryBits && policy.split === "two-ended";
  const formedPolicy: SegregatedFitConfig = isBits
    ? { ...policy, smallBelow: leastLong(heap.alignment) }
    : policy;
  const chosen: Config = {
    ...config,
    header: { ...header, boundaryTag: form.boundaryTag },
    policy: formedPolicy,
  };
  return form.yields && !servesBits(formedPolicy, chosen) ? config : chosen;
}

/** Whether bits do all that the config asks for. */
function servesBits(policy: SegregatedFitConfig, config: Config): boolean {
  const { heap, header } = config;
  const needs = needsOfBits(policy, header, heap.alignment);
  return (
    "headerless" in needs &&
    hardens(policy, config) &&
    heap.upTo !== true &&
    heap.size < 2 ** mostSizeBits * heap.alignment
  );
}

function hardens(policy: SegregatedFitConfig, config: Config): boolean {
  if (config.hardening === undefined) return true;
  const { tiers, refusal } = hardening(policy, config);
  return refusal === undefined && tiers.includes(config.hardening.tier);
}
