import { unsigned, type Constant, type StaticAssert } from "../../emit/c-text.js";
import type { View } from "../../emit/view.js";
import type { Plan, SegregatedFitPlan } from "../../plan/plan.js";

export function view(plan: Plan): View {
  const { policy } = plan;
  if (policy.kind !== "segregated-fit") throw new Error("not a plan of segregated fit");
  const { doublings, bias, capped } = classes(plan, policy);
  const { exactGranules, subdivisionBits } = policy;
  const parts = 2 ** subdivisionBits;
  const exactText = `Below ${exactGranules * plan.granuleBytes} bytes every size has its own`;
  const partText =
    parts === 1 ? "each doubling is one class" : `each doubling is cut into ${parts} equal parts`;
  return {
    summary: `segregated fit, ${policy.classes} size classes, constant time, immediate coalescing`,
    mallocBound: "O(1)",
    freeBound: "O(1)",
    mergesAtFree: true,
    classComment: doublings
      ? `${exactText}; from there on ${partText}.`
      : `${exactText}${capped ? "; the last holds the rest" : ""}.`,
    doublings,
    // Every class a request can have holds one size: its blocks fit, there is nothing to probe.
    exactOnly: !doublings,
    capped,
    classBias: biasText(bias),
    highestBit: doublings,
    countLeadingZeros: plan.countLeadingZeros,
    twoLevels: policy.bitmapWords > 1,
    probe: policy.probe,
    sweeps: false,
    takeSwept: "",
    needsIsFree: true,
  };
}

/** What the sizes of classes come to: whether any is above the exact ones, and whether the last takes in larger ones. */
function classes(
  plan: Plan,
  policy: SegregatedFitPlan,
): { readonly doublings: boolean; readonly bias: number; readonly capped: boolean } {
  const { exactGranules, subdivisionBits, minimumGranules } = policy;
  const parts = 2 ** subdivisionBits;
  const exactClasses = exactGranules - minimumGranules;
  const bias = exactClasses - Math.log2(exactGranules) * parts - parts;
  const largest = (plan.endOfBlocks - plan.firstBlock) / plan.granuleBytes;
  const top = Math.floor(Math.log2(largest));
  const part = Math.floor(largest / 2 ** (top - subdivisionBits));
  const largestClass = largest < exactGranules ? largest - minimumGranules : top * parts + part + bias;
  return { doublings: policy.classes > exactClasses, bias, capped: largestClass >= policy.classes };
}

const biasText = (bias: number): string => (bias < 0 ? `- ${unsigned(-bias)}` : `+ ${unsigned(bias)}`);

export function constants(plan: Plan): readonly Constant[] {
  const { policy } = plan;
  if (policy.kind !== "segregated-fit") throw new Error("not a plan of segregated fit");
  const { doublings, capped } = classes(plan, policy);
  const constant = (name: string, value: number, comment: string): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  return [
    constant("MINIMUM_GRANULES", policy.minimumGranules, "Block size of class 0."),
    ...(doublings
      ? [
          constant("EXACT_GRANULES", policy.exactGranules, "Smaller sizes have a class each."),
          constant("SUBDIVISION_BITS", policy.subdivisionBits, "log2 of the classes to a doubling."),
        ]
      : []),
    constant("CLASSES", policy.classes, ""),
    ...(policy.bitmapWords > 1
      ? [constant("BITMAP_WORDS", policy.bitmapWords, "One bit more than there are classes fits.")]
      : []),
    ...(capped ? [constant("LAST_CLASS", policy.classes - 1, "Holds every larger block too.")] : []),
  ];
}

export function asserts(plan: Plan): readonly StaticAssert[] {
  const { policy } = plan;
  if (policy.kind !== "segregated-fit") throw new Error("not a plan of segregated fit");
  const { doublings, bias, capped } = classes(plan, policy);
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  const doubling = Math.log2(policy.exactGranules);
  return [
    check("(MINIMUM_GRANULES << GRANULE_SHIFT) == MINIMUM_BLOCK_BYTES", "class 0 is not the minimum block"),
    ...(doublings
      ? [
          check(
            `EXACT_GRANULES == (1U << ${unsigned(doubling)})`,
            "the exact sizes do not end at a doubling",
          ),
          // `class_of` the first size that has no class of its own, solved for what it adds.
          check(
            `(${unsigned(doubling + 1)} << SUBDIVISION_BITS) == (EXACT_GRANULES - MINIMUM_GRANULES ${biasText(-bias)})`,
            "the classes of doublings do not follow the exact ones",
          ),
        ]
      : []),
    check(
      `CLASSES < ${policy.bitmapWords > 1 ? "(32U * BITMAP_WORDS)" : "32U"}`,
      "the bitmap has no bit for the class behind the last",
    ),
    ...(policy.bitmapWords > 1 ? [check("BITMAP_WORDS <= 32U", "the summary has no bit for each word")] : []),
    ...(capped ? [check("LAST_CLASS == (CLASSES - 1U)", "the last class is another")] : []),
  ];
}
