import type { HeaderConfig } from "../../config/config.js";
import type { BumpConfig, BumpNumbers } from "./types.js";
import type { Diagnostic } from "../../diagnostics.js";
import type { HeaderlessNeeds } from "../../header/needs.js";
import { refuseHeader } from "../refuse-header.js";
import type { PlanBasis, PolicyPart, Refusals } from "../policy.js";

/** Freeing in reverse order needs each block's room before it. */
export function headerNeeds(
  { release }: BumpConfig,
  header: HeaderConfig,
  alignment: number,
): HeaderlessNeeds | readonly Diagnostic[] {
  const linkBefore = release === "lifo";
  const refusals = refuseHeader(header, linkBefore);
  return refusals.length > 0 ? refusals : { headerless: true, granuleBytes: alignment, linkBefore };
}

/** An arena that is given back as a whole keeps nothing of its blocks. */
export function refusedFunctions({ release }: BumpConfig): Refusals {
  if (release === "lifo") return {};
  const reason = 'an arena with release "all" does not store where its blocks begin; one with "lifo" does';
  return { realloc: reason, usableSize: reason, walk: reason };
}

export function planPart(policy: BumpConfig, { api }: PlanBasis): PolicyPart<BumpNumbers> {
  const room = { name: "room", meaning: "bytes left, below the blocks in use" };
  const blocks = { name: "blocks", meaning: "blocks allocated" };
  const members = api.stats && policy.release === "all" ? [room, blocks] : [room];
  return {
    policy,
    control: members.map((member) => ({ ...member, bytes: 4, count: 1 })),
    endHeader: "none",
    coalescing: "none",
    largestServedBytes: (freeBytes) => freeBytes,
  };
}
