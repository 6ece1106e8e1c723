/** What is kept of freed blocks that are not merged at once: quick lists, and whether a sweep is due. */
import type { Api, HeaderConfig } from "../../config/config.js";
import { asksToVerify } from "../../header/wishes.js";
import type { HeaderLayoutData } from "../../layout/layout.js";
import type { QuickListsPlan, SegregatedFitConfig, SegregatedFitPlan } from "./types.js";
import { roundUp } from "../../units.js";
import type { ControlMember, PlanBasis } from "../policy.js";

/** Whether a waiting block says so: to what goes over all blocks, and where none must be given back twice. */
export function tellsQuick(header: HeaderConfig, { walk, check, stats }: Api): boolean {
  return walk || check || stats || asksToVerify(header);
}

/** A list for each size from that of the least block to that of the largest request that has one. */
export function quickPart(
  { quickLists }: SegregatedFitConfig,
  { granuleBytes, minimumBlockBytes, largestNeedBytes, header }: PlanBasis,
): QuickListsPlan | undefined {
  if (quickLists === undefined) return undefined;
  const { upTo, most } = quickLists;
  // A size that no request has needs no list.
  const wished = Math.min(roundUp(upTo + header.bytes, granuleBytes), largestNeedBytes);
  const largestBytes = Math.max(minimumBlockBytes, wished);
  return { lists: (largestBytes - minimumBlockBytes) / granuleBytes + 1, largestBytes, most };
}

/** Control data behind that of the lists. */
export function deferredControl(
  { coalesce }: SegregatedFitConfig,
  quick: QuickListsPlan | undefined,
  { header: { links } }: PlanBasis,
): readonly ControlMember[] {
  const one = { bytes: links.bytes, count: 1 };
  const coalesceDue = {
    name: "coalesce_due",
    ...one,
    meaning: "1: a block was freed since the last coalescing pass",
  };
  if (quick === undefined) return coalesce === "deferred" ? [coalesceDue] : [];
  const lists = { name: "quick", bytes: links.bytes, count: quick.lists };
  const room = { name: "quick_room", bytes: quick.most < 256 ? 1 : 2, count: 1 } as const;
  return [
    { ...lists, meaning: "first block of each quick list" },
    ...(coalesce === "deferred" ? [coalesceDue] : []),
    { ...room, meaning: "blocks that the quick lists can still take" },
  ];
}

/** For those who read a dump. */
export function quickLayout({ policy }: SegregatedFitPlan): Pick<HeaderLayoutData, "quickMost"> {
  const quick = policy.quick;
  return quick === undefined ? {} : { quickMost: quick.most };
}
