/** What the templates are told of freed blocks that are not merged at once. */
import { unsigned, unwrapped, type Constant, type StaticAssert } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";
import { tellsWaiting } from "../../header/facts.js";
import type { SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";

export function deferredView(
  plan: SegregatedFitPlan,
  { classes, coalesce, quick }: SegregatedFitNumbers,
): View {
  const deferred = coalesce === "deferred";
  const isDeferred = deferred || quick !== undefined;
  const coalesceText = deferred ? "deferred coalescing" : "immediate coalescing";
  // The line has no room for all that can be said.
  const time = deferred || quick !== undefined ? "" : ", constant time";
  const lists = quick === undefined ? "" : `, quick lists to ${quick.largestBytes} bytes`;
  const obtain = isDeferred ? "take_or_reclaim" : "take";
  const dues = [
    ...(quick === undefined ? [] : ["(heap.control.quick_room != QUICK_MOST)"]),
    ...(deferred ? ["(heap.control.coalesce_due != 0U)"] : []),
  ];
  const reclaims = [...(quick === undefined ? [] : ["freeing what waits"]), ...(deferred ? ["a sweep"] : [])];
  return {
    reclaims: reclaims.join(" and "),
    summary: `segregated fit, ${classes} size classes${time}, ${coalesceText}${lists}`,
    mallocBound: deferred ? "O(1), or O(n blocks) where it sweeps" : "O(1)",
    freeBound: "O(1)",
    mergesAtFree: !deferred,
    deferred,
    classLinkage: isDeferred ? "static inline __attribute__((always_inline))" : "static inline",
    roomType: quick !== undefined && quick.most >= 256 ? "uint16_t" : "uint8_t",
    takeInline: isDeferred ? "INLINE" : "static inline",
    quickLists: quick !== undefined,
    isDeferred: isDeferred,
    obtain,
    takeExact: quick === undefined ? obtain : "take_quick",
    releaseName: quick === undefined ? "release" : "release_quick",
    trusts: tellsWaiting(plan.header) ? "is_held" : "is_intact",
    isReclaimDue: dues.length > 1 ? dues.join(" || ") : unwrapped(dues.join("")),
    releaseLinkage: quick === undefined ? "static inline" : "OUT_OF_LINE",
    takeLinkage: quick === undefined ? "static inline" : "OUT_OF_LINE",
  };
}

export function quickListConstants({ quick }: SegregatedFitNumbers): readonly Constant[] {
  if (quick === undefined) return [];
  const constant = (name: string, value: number, comment: string): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  return [
    constant("QUICK_LISTS", quick.lists, "One for each size from the minimum block's."),
    constant("QUICK_LARGEST", quick.largestBytes, "Size of the last list's blocks."),
    constant("QUICK_MOST", quick.most, "Blocks that wait at once."),
  ];
}

export function quickListAsserts({ quick }: SegregatedFitNumbers): readonly StaticAssert[] {
  if (quick === undefined) return [];
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  return [
    check(
      "QUICK_LARGEST == (MINIMUM_BLOCK_BYTES + ((QUICK_LISTS - 1U) << GRANULE_SHIFT))",
      "there is not one quick list for each size",
    ),
    check(
      `QUICK_MOST <= ${quick.most < 256 ? "UINT8_MAX" : "UINT16_MAX"}`,
      "the count of blocks that wait does not fit its member",
    ),
    check("QUICK_MOST != 0U", "no block may ever wait"),
  ];
}
