/** What segregated fit finds of misuse, and with what of a config it does not yet. */
import type { Config } from "../../config/config.js";
import { boundaryBits, tagInHeader } from "../../header/boundary-tag.js";
import { singleField } from "../../header/facts.js";
import type { HardeningOffer } from "../../plan/policy-part.js";
import type { SegregatedFitConfig } from "./types.js";

export function hardening(policy: SegregatedFitConfig, config: Config): HardeningOffer {
  const refusal = refusalOf(policy, config);
  const functions = ["realloc", "alignedAlloc", "usableSize", "largestRequest"] as const;
  return { tiers: ["basic", "guard"], functions, ...(refusal === undefined ? {} : { refusal }) };
}

/** Blocks must say on both sides how long they are, and nothing else. */
function refusalOf({ coalesce, quickLists }: SegregatedFitConfig, { header }: Config): string | undefined {
  const unchecked = (what: string): string => `${what} has no checks in this version`;
  if (quickLists !== undefined) return unchecked("quickLists");
  if (coalesce === "deferred") return unchecked('coalesce "deferred"');
  if (header.boundaryTag === boundaryBits || header.boundaryTag === tagInHeader)
    return unchecked(`boundary tag "${header.boundaryTag}"`);
  const field = singleField(header);
  return field === undefined ? undefined : unchecked(`header field ${field}`);
}
