/** With what of a config sequential fit finds misuse: where the list is a ring, and blocks say their size at both ends. */
import type { Config } from "../../config/config.js";
import { tagInHeader } from "../../header/boundary-tag.js";
import { singleField } from "../../header/facts.js";
import type { HardeningOffer } from "../../plan/policy-part.js";
import type { SequentialFitConfig } from "./types.js";

export function hardening(policy: SequentialFitConfig, config: Config): HardeningOffer {
  const refusal = refusalOf(policy, config);
  return { tiers: ["basic"], evidence: "ring", ...(refusal === undefined ? {} : { refusal }) };
}

/** A link is checked against the one that leads back, a size against the footer that repeats it. */
function refusalOf(
  { order, fit, wilderness, coalesce }: SequentialFitConfig,
  { header }: Config,
): string | undefined {
  const unchecked = (what: string): string => `${what} has no checks in this version`;
  if (order === "address" || order === "in-place")
    return `${unchecked(`order "${order}"`)}: "lifo" and "fifo" have`;
  if (fit === "next") return unchecked('fit "next"');
  if (wilderness !== "none") return `${unchecked(`wilderness "${wilderness}"`)}: "none" has`;
  if (coalesce !== "immediate") return unchecked(`coalesce "${coalesce}"`);
  if (header.links.place === "slots") return unchecked('links.place "slots"');
  if (header.boundaryTag === "none" || header.boundaryTag === tagInHeader)
    return unchecked(`boundary tag "${header.boundaryTag}"`);
  const field = singleField(header);
  return field === undefined ? undefined : unchecked(`header field ${field}`);
}
