import { unsigned, type Constant, type StaticAssert } from "../../csource/c-text.js";
import { emptyAssert } from "../empty-assert.js";
import type { View } from "../../csource/view.js";
import { granuleShift } from "../../plan/plan.js";
import type { BitmapPlan } from "./types.js";

const clamps = (plan: BitmapPlan): boolean =>
  plan.zeroSize === "unique" || plan.minimumBlockBytes > plan.granuleBytes;

/** Whether the last word has bits for which there is no granule. */
export const hasSpareBits = (plan: BitmapPlan): boolean => plan.policy.granules % 32 !== 0;

export function view(plan: BitmapPlan): View {
  const { api } = plan;
  return {
    summary: "bitmapped fit by address, headerless",
    mallocBound: "O(n granules / 32)",
    freeBound: "O(granules of the block / 32)",
    mergesAtFree: false,
    spareBits: hasSpareBits(plan),
    resizes: api.realloc,
    growsLeft: true,
    needTemplate: "policies/bitmap/need",
    need: "granules",
    held: "block_bytes(pointer)",
    nowHeld: "block_bytes(payload)",
    sizeAt: "size_at(offset)",
    usedAt: "is_used(offset)",
    step: "offset += size",
    sizesAreRead: true,
    linkBefore: "",
    linkOff: "",
    largestFree: "largest",
    largestCost: "O(n granules / 32)",
    largestRun: clamps(plan)
      ? "(granules < MINIMUM_GRANULES) ? 0U : (granules << GRANULE_SHIFT)"
      : "granules << GRANULE_SHIFT",
    endOfUsed: "(FIRST_BLOCK + (GRANULES << GRANULE_SHIFT))",
    damaged: "damaged_word()",
    countedBytes: "(used_granules() << GRANULE_SHIFT)",
  };
}

export function constants(plan: BitmapPlan): readonly Constant[] {
  const { granules, words } = plan.policy;
  const constant = (name: string, value: number, comment = ""): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  return [
    constant("GRANULE_SHIFT", granuleShift(plan)),
    constant("GRANULE_MASK", plan.granuleBytes - 1),
    constant("FIRST_BLOCK", plan.firstBlock, "Offset of granule 0."),
    constant("GRANULES", granules),
    constant("WORDS", words, "Of each bitmap."),
    ...(clamps(plan)
      ? [constant("MINIMUM_GRANULES", plan.minimumBlockBytes / plan.granuleBytes, "Of a block.")]
      : []),
  ];
}

export function asserts(plan: BitmapPlan): readonly StaticAssert[] {
  const name = plan.name.toUpperCase();
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  return [
    ...emptyAssert(plan, "(GRANULES << GRANULE_SHIFT)"),
    check("(1U << GRANULE_SHIFT) == (GRANULE_MASK + 1U)", "the shift and the mask of a granule differ"),
    check(`((GRANULE_MASK + 1U) % ${name}_ALIGNMENT) == 0U`, "a granule is not a multiple of the alignment"),
    check("FIRST_BLOCK >= sizeof(control_t)", "granule 0 overlaps the control data"),
    check(`(FIRST_BLOCK % ${name}_ALIGNMENT) == 0U`, "payloads are misaligned"),
    check(
      `(FIRST_BLOCK + (GRANULES << GRANULE_SHIFT)) <= ${name}_SIZE_BYTES`,
      "the last granule ends after the heap",
    ),
    check("GRANULES > (32U * (WORDS - 1U))", "the last word has no granule"),
    check("GRANULES <= (32U * WORDS)", "the bitmaps have no bit for the last granule"),
    check(
      `${name}_MAX_REQUEST <= (GRANULES << GRANULE_SHIFT)`,
      "an empty heap does not serve the largest request",
    ),
    ...(plan.heapAlignment === plan.alignment
      ? []
      : [check(`${name}_HEAP_ALIGNMENT == (GRANULE_MASK + 1U)`, "the heap is not aligned to a granule")]),
    ...(plan.api.alignedAlloc
      ? [check(`${name}_MAX_ALIGNMENT <= ${name}_SIZE_BYTES`, "the heap cannot serve the largest alignment")]
      : []),
    ...(clamps(plan)
      ? [
          check("MINIMUM_GRANULES != 0U", "a block has no granule"),
          check("MINIMUM_GRANULES <= GRANULES", "an empty heap does not serve the smallest request"),
        ]
      : []),
  ];
}
