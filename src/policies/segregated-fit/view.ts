import { unsigned } from "../../emit/c-text.js";
import type { View } from "../../emit/view.js";
import type { Plan } from "../../plan/plan.js";

export function view(plan: Plan): View {
  const { policy } = plan;
  if (policy.kind !== "segregated-fit") throw new Error("not a plan of segregated fit");
  const { exactGranules, subdivisionBits, minimumGranules, classes } = policy;
  const parts = 2 ** subdivisionBits;
  const exactClasses = exactGranules - minimumGranules;
  const doublings = classes > exactClasses;
  const bias = exactClasses - Math.log2(exactGranules) * parts - parts;
  const largest = (plan.endOfBlocks - plan.firstBlock) / plan.granuleBytes;
  const top = Math.floor(Math.log2(largest));
  const largestClass =
    largest < exactGranules
      ? largest - minimumGranules
      : top * parts + Math.floor(largest / 2 ** (top - subdivisionBits)) + bias;
  const exactText = `Below ${exactGranules * plan.granuleBytes} bytes every size has its own`;
  const partText =
    parts === 1 ? "each doubling is one class" : `each doubling is cut into ${parts} equal parts`;
  const constant = (name: string, value: number, comment: string): View => ({
    name: name.padEnd(19),
    value: unsigned(value),
    comment,
  });
  return {
    summary: `segregated fit, ${classes} size classes, constant time, immediate coalescing`,
    mallocBound: "O(1)",
    freeBound: "O(1)",
    mergesAtFree: true,
    classComment: `${doublings ? `${exactText}; from there on ${partText}.` : `${exactText}${largestClass >= classes ? "; the last holds the rest" : ""}.`}`,
    policyConstants: [
      constant("MINIMUM_GRANULES", minimumGranules, "Block size of class 0."),
      ...(doublings
        ? [
            constant("EXACT_GRANULES", exactGranules, "Smaller sizes have a class each."),
            constant("SUBDIVISION_BITS", subdivisionBits, "log2 of the classes to a doubling."),
          ]
        : []),
      constant("CLASSES", classes, ""),
      ...(policy.bitmapWords > 1
        ? [constant("BITMAP_WORDS", policy.bitmapWords, "One bit more than there are classes fits.")]
        : []),
      ...(largestClass >= classes
        ? [constant("LAST_CLASS", classes - 1, "Holds every larger block too.")]
        : []),
      { name: "NO_CLASS".padEnd(19), value: "UINT32_MAX", comment: "" },
    ],
    doublings,
    // Every class a request can have holds one size: its blocks fit, there is nothing to probe.
    exactOnly: !doublings,
    capped: largestClass >= classes,
    classBias: bias < 0 ? `- ${unsigned(-bias)}` : `+ ${unsigned(bias)}`,
    highestBit: doublings,
    countLeadingZeros: plan.countLeadingZeros,
    twoLevels: policy.bitmapWords > 1,
    probe: policy.probe,
    sweeps: false,
    needsOffsetOf: true,
    needsBeyond: true,
    needsIsFree: true,
  };
}
