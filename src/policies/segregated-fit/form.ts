/** The form of blocks and links that a preset chooses for a heap. */
import type { Config } from "../../config/config.js";
import { boundaryBits } from "../../header/boundary-tag.js";
import { whyNoAddresses } from "./address/plan.js";
import { headerNeeds as needsOfBits, refuseRules } from "./bits/plan.js";
import { mostSizeBits } from "./bits/long.js";
import { hardening } from "./hardening.js";
import { leastLong } from "./resolve.js";
import type { SegregatedFitConfig } from "./types.js";

/** A config of segregated fit with the form that its preset chooses for its heap: for each size anew. */
export function formed(policy: SegregatedFitConfig, config: Config): Config {
  if (policy.prefersAddresses === true) return withAddresses(policy, config);
  // What was asked for by name is not given up.
  if (policy.links === "address") return config;
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

/** Offsets stay where addresses cannot do what the config asks for. */
function withAddresses(policy: SegregatedFitConfig, config: Config): Config {
  if (whyNoAddresses(policy, config).length > 0) return config;
  const linked: SegregatedFitConfig = { ...policy, links: "address" };
  return { ...config, policy: linked };
}

/** Whether bits do all that the config asks for. */
function servesBits(policy: SegregatedFitConfig, config: Config): boolean {
  const { heap, header } = config;
  const needs = needsOfBits(policy, header, heap.alignment);
  return (
    "headerless" in needs &&
    refuseRules(policy, config).length === 0 &&
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
