/** The templates' view of deferred coalescing and quick lists. */
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
  const reclaims = [
    ...(quick === undefined ? [] : ["releasing the quick blocks"]),
    ...(deferred ? ["coalescing"] : []),
  ];
  return {
    reclaims: reclaims.join(" and "),
    summary: `segregated fit, ${classes} size classes${time}, ${coalesceText}${lists}`,
    mallocBound: deferred ? "O(1), O(n blocks) when it coalesces" : "O(1)",
    freeBound: "O(1)",
    mergesAtFree: !deferred,
    largestCost: isDeferred
      ? `O(n blocks): as a request that fails, it begins with ${reclaims.join(" and ")}`
      : "O(1)",
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
    constant("QUICK_LISTS", quick.lists, "One per size from the minimum block on."),
    constant("QUICK_LARGEST", quick.largestBytes, "Block size of the last list."),
    constant("QUICK_MOST", quick.most, "Most blocks in all quick lists together."),
  ];
}

export function quickListAsserts({ quick }: SegregatedFitNumbers): readonly StaticAssert[] {
  if (quick === undefined) return [];
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  return [
    check(
      "QUICK_LARGEST == (MINIMUM_BLOCK_BYTES + ((QUICK_LISTS - 1U) << GRANULE_SHIFT))",
      "the number of quick lists does not match their sizes",
    ),
    check(
      `QUICK_MOST <= ${quick.most < 256 ? "UINT8_MAX" : "UINT16_MAX"}`,
      "the count of quick blocks does not fit quick_room",
    ),
    check("QUICK_MOST != 0U", "the quick lists have no room for a block"),
  ];
}
