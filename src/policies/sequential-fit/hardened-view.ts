/** What the templates that check are given beside the others. */
import { hex, shifted, unsigned, unwrapped, type Constant } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";
import { leftFreeMask, sizeField } from "../../header/facts.js";
import { granuleShift, linkUnitBytes } from "../../plan/plan.js";
import { mostApart } from "./loop-limits.js";
import { splitInC } from "./split-in-c.js";
import type { SequentialFitPlan } from "./types.js";

const folder = "policies/sequential-fit/basic";

export function hardenedView(plan: SequentialFitPlan): View {
  const { unit, placement } = sizeField(plan.header);
  const isBytes = linkUnitBytes(plan) === 1;
  const lift = (text: string): string => shifted(text, granuleShift(plan) - placement.shift);
  return {
    linkBytes: isBytes ? "link" : "link << LINK_SHIFT",
    linkOfBlock: isBytes ? "(uint32_t)(block - heap.bytes)" : "(uint32_t)(block - heap.bytes) >> LINK_SHIFT",
    placeOffset: isBytes ? "link" : "(link << LINK_SHIFT)",
    usedSize: unwrapped(lift("((header & ~PREV_FREE) - USED)")),
    bareSize: unwrapped(lift("header")),
    rightUsed: `(uint${8 * unit.bytes}_t)(behind - PREV_FREE)`,
    ...splitView(plan),
    ...findView(plan),
  };
}

function splitView(plan: SequentialFitPlan): View {
  const split = splitInC(plan);
  switch (split) {
    case "low":
    case "high":
      return { splitTemplate: `${folder}/${split}-end`, takesLowEnd: "" };
    case "two-ended":
      return { splitTemplate: `${folder}/either-end`, takesLowEnd: "need >= SMALL_BELOW" };
    case "by-neighbour":
      return {
        splitTemplate: `${folder}/either-end`,
        takesLowEnd: "(need < SMALL_BELOW) || (need < block_size(header_of(right)))",
      };
  }
}

/** How a search of the whole list measures blocks. Of one that is too small the remainder wraps around. */
function findView({ policy: { fit, ties } }: SequentialFitPlan): View {
  const isBest = fit === "best";
  const better = `measure ${isBest ? "<" : ">"} measured`;
  const nearer = `(measure == measured) && (block ${ties === "lowest" ? "<" : ">"} found)`;
  return {
    soughtText: isBest
      ? "The free block with the smallest remainder over need bytes, or NULL if none is as large"
      : "The largest free block, or NULL if it has less than need bytes",
    measure: isBest ? "free_size(block) - need" : "free_size(block)",
    measuredFirst: isBest ? "END_OF_BLOCKS" : "need - 1U",
    isBetter: ties === "list" ? better : `(${better}) || (${nearer})`,
  };
}

export function hardenedConstants(plan: SequentialFitPlan): readonly Constant[] {
  if (plan.hardening === undefined) return [];
  return [
    {
      name: "DEAD",
      value: hex(leftFreeMask(plan.header)),
      comment: "Header of a block that was merged with its left neighbour: free, of no size.",
    },
    {
      name: "MOST_FREE",
      value: unsigned(mostApart(plan)),
      comment: "Free blocks that there can be: no two are neighbours.",
    },
  ];
}
