/** The form of blocks and links that a preset chooses by the size of the heap. */
import type { Config, HeaderConfig } from "../../config/config.js";
import { boundaryBits } from "../../header/boundary-tag.js";
import { whyNoAddresses } from "./address/plan.js";
import { headerNeeds as needsOfBits } from "./bits/plan.js";
import { mostSizeBits } from "./bits/long.js";
import { hardening } from "./hardening.js";
import type { Target } from "../../targets/target.js";
import { leastLong } from "./resolve.js";
import { squaresPay } from "./spacing.js";
import type { BoundaryForm, SegregatedFitConfig } from "./types.js";

/** A config of segregated fit with the form that its preset chooses for its heap and core: for each size anew. */
export function formed(policy: SegregatedFitConfig, config: Config, target: Target): Config {
  if (policy.prefersAddresses === true) return withAddresses(policy, config);
  // What was asked for by name is not given up.
  if (policy.links === "address") return config;
  const { form } = policy;
  if (form === undefined) return config;
  const { header, formed: found } = withTag(policy, config, form);
  const isBits = header.boundaryTag === form.boundaryTag;
  const spaced: SegregatedFitConfig = { ...found, spacing: "geometric" };
  return { ...config, header, policy: isBits && squaresPay(config, target) ? spaced : found };
}

/** The config with the boundary tag that the preset chooses, where the config leaves it open. */
function withTag(
  policy: SegregatedFitConfig,
  config: Config,
  form: BoundaryForm,
): { readonly header: HeaderConfig; readonly formed: SegregatedFitConfig } {
  const { heap, header } = config;
  const asGiven = { header, formed: policy };
  if (header.boundaryTag !== "auto" || heap.size <= form.above) return asGiven;
  const isBits = form.boundaryTag === boundaryBits && policy.split === "two-ended";
  const chosen = {
    header: { ...header, boundaryTag: form.boundaryTag },
    formed: isBits ? { ...policy, smallBelow: leastLong(heap.alignment) } : policy,
  };
  const yields =
    form.yields && !servesBits(chosen.formed, { ...config, header: chosen.header, policy: chosen.formed });
  return yields ? asGiven : chosen;
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
