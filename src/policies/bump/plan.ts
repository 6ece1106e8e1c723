import type { BumpConfig, HeaderConfig } from "../../config/config.js";
import type { Diagnostic } from "../../diagnostics.js";
import type { NoHeader } from "../../plan/header-layout.js";
import { refuseHeader } from "../no-header.js";
import type { PlanBasis, PolicyPart } from "../policy.js";

/** Giving back in reverse order needs to know, of each block, what was left before it. */
export function headerNeeds(
  { release }: BumpConfig,
  header: HeaderConfig,
  alignment: number,
): NoHeader | readonly Diagnostic[] {
  const linkInFront = release === "lifo";
  const refusals = refuseHeader(header, linkInFront);
  return refusals.length > 0 ? refusals : { headerless: true, granuleBytes: alignment, linkInFront };
}

export function planPart(policy: BumpConfig, { api }: PlanBasis): PolicyPart {
  const room = { name: "room", meaning: "bytes left, in front of the blocks in use" };
  const blocks = { name: "blocks", meaning: "blocks that were cut off" };
  const members = api.stats && policy.release === "all" ? [room, blocks] : [room];
  return {
    policy,
    control: members.map((member) => ({ ...member, bytes: 4, count: 1 })),
    endHeader: "none",
    largestServedBytes: (freeBytes) => freeBytes,
  };
}
