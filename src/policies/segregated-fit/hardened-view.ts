/** What the templates that check are given beside the others. */
import { hex, shifted, unsigned, unwrapped, type Constant } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";
import { leftFreeMask, sizeField } from "../../header/facts.js";
import { granuleShift } from "../../plan/plan.js";
import { linkUnit } from "./link-unit.js";
import type { Guard } from "../../plan/plan.js";
import type { SegregatedFitPlan } from "./types.js";

export function hardenedView(plan: SegregatedFitPlan, classSought: string): View {
  const { policy, header } = plan;
  const { unit, placement } = sizeField(header);
  const lift = (text: string): string => shifted(text, granuleShift(plan) - placement.shift);
  const folder = "policies/segregated-fit/basic";
  const words = policy.bitmapWords === 1 ? "-one-word" : "";
  const offsetOf = (link: string): string => (linkUnit(plan) === 1 ? link : `(${link} << LINK_SHIFT)`);
  const { realloc, alignedAlloc, usableSize, largestRequest } = plan.api;
  return {
    ...guardView(plan),
    // What these look at too is no longer looked at by calls alone that found damage.
    looking: realloc || alignedAlloc || usableSize || largestRequest ? "OUT_OF_LINE" : "COLD",
    placeOffset: offsetOf("link"),
    placeOffsetOfFirst: offsetOf("first"),
    headShift: unsigned(Math.log2(header.links.bytes)),
    usedSize: unwrapped(lift("((header & ~PREV_FREE) - USED)")),
    bareSize: unwrapped(lift("header")),
    rightUsed: `(uint${8 * unit.bytes}_t)(behind - PREV_FREE)`,
    searchTemplate: `${folder}/search-${policy.probe ? "probing" : "rounding-up"}`,
    largerTemplate: `${folder}/larger${words}`,
    clearTemplate: policy.bitmapWords === 1 ? "policies/segregated-fit/no-low-end" : `${folder}/clear-bitmap`,
    splitTemplate: `${folder}/${splitOf(plan)}`,
    classSought,
  };
}

/** What differs where the end of each request is guarded. */
function guardView({ hardening, name }: SegregatedFitPlan): View {
  const fault = (kind: string): string => `${name.toUpperCase()}_FAULT_${kind}`;
  const none = "policies/segregated-fit/basic/no-guard";
  if (hardening?.guard === undefined)
    return {
      keptOfBlock: "held - HEADER_BYTES",
      keptOfHeld: "held - HEADER_BYTES",
      orUnguarded: "",
      andGuarded: "",
      usable: "block_size(header_of(block)) - HEADER_BYTES",
      servedLess: "HEADER_BYTES",
      guardSize: none,
      guardNames: none,
      unsound: fault("CORRUPT_HEADER"),
      linkName: "policies/segregated-fit/basic/link-name",
    };
  return {
    keptOfBlock: "asked_of(pointer, held)",
    keptOfHeld: "asked_of(block, held)",
    andGuarded: " &&\n                is_guarded(block, size)",
    orUnguarded: " || UNLIKELY(!is_guarded(block, size))",
    usable: "asked_of(block, block_size(header_of(block)))",
    servedLess: "(HEADER_BYTES + GUARD_BYTES)",
    guardSize: "policies/segregated-fit/basic/guard-size",
    guardNames: "policies/segregated-fit/basic/guard-names",
    unsoundLink: `is_overrun() ? ${fault("OVERFLOW")} : ${fault("CORRUPT_LINK")}`,
    linkName: "policies/segregated-fit/basic/link-name-guarded",
    unsound: `is_overrun() ? ${fault("OVERFLOW")} : ${fault("CORRUPT_HEADER")}`,
  };
}

/** Blocks of a heap in which all are small go to the high end alone. */
function splitOf({ policy, endOfBlocks, firstBlock }: SegregatedFitPlan): string {
  if (policy.split === "low") return "low-end";
  const isHigh = policy.split === "two-ended" && policy.smallBelow > endOfBlocks - firstBlock;
  return isHigh ? "high-end" : "either-end";
}

function guardConstants(guard: Guard | undefined): readonly Constant[] {
  if (guard === undefined) return [];
  return [
    { name: "GUARD_BYTES", value: unsigned(1), comment: "Kept behind each request, at least." },
    { name: "GUARD", value: hex(guard.code), comment: "Added to a number of bytes that are." },
    { name: "MOST_GUARDED", value: unsigned(guard.mostBytes), comment: "" },
  ];
}

export function hardenedConstants({ hardening, header }: SegregatedFitPlan): readonly Constant[] {
  if (hardening === undefined) return [];
  const comment = "Header of a block that was merged with its left neighbour: free, of no size.";
  return [{ name: "DEAD", value: hex(leftFreeMask(header)), comment }, ...guardConstants(hardening.guard)];
}
