import { cType, hex, unsigned, type Constant, type StaticAssert } from "../../csource/c-text.js";
import { emptyAssert } from "../empty-assert.js";
import type { View } from "../../csource/view.js";
import { granuleShift } from "../../plan/plan.js";
import type { BuddyPlan } from "./types.js";
import { hardenedConstants } from "./hardening.js";
import { freeBit, noLink } from "./blocks.js";

const clamps = (plan: BuddyPlan): boolean =>
  plan.zeroSize === "unique" || plan.minimumBlockBytes > plan.granuleBytes;

/** Whether no request takes more than a unit: an order is then nothing to search for. */
const servesByOneUnit = ({ maximumRequestBytes, minimumBlockBytes, granuleBytes }: BuddyPlan): boolean =>
  Math.max(maximumRequestBytes, minimumBlockBytes) <= granuleBytes;

export function view(plan: BuddyPlan): View {
  const { api } = plan;
  return {
    summary: "binary buddies, headerless",
    mallocBound: "O(log n)",
    freeBound: "O(log n)",
    mergesAtFree: true,
    linkType: cType(plan.header.links.bytes),
    resizes: api.realloc || api.alignedAlloc,
    growsLeft: true,
    needTemplate: `policies/buddy/${servesByOneUnit(plan) ? "need-one-unit" : "need"}`,
    need: "order",
    held: "block_bytes(pointer)",
    nowHeld: "block_bytes(payload)",
    sizeAt: "size_at(offset)",
    usedAt: "(state_at(offset) & FREE) == 0U",
    step: "offset += size",
    sizesAreRead: true,
    linkBefore: "",
    linkOff: "",
    largestFree: "largest",
    largestBuddy: clamps(plan)
      ? "((nonempty << UNIT_SHIFT) < MINIMUM_BLOCK_BYTES) ? 0U : (1U << (UNIT_SHIFT + highest_bit(nonempty)))"
      : "(nonempty == 0U) ? 0U : (1U << (UNIT_SHIFT + highest_bit(nonempty)))",
    endOfUsed: "(FIRST_BLOCK + (UNITS << UNIT_SHIFT))",
    alignedText: "The padding that the alignment takes stays free.",
    alignedCost: " It takes a free block of @p alignment bytes, if that is more than @p size.",
  };
}

export function constants(plan: BuddyPlan): readonly Constant[] {
  const { granules, orders } = plan.policy;
  const constant = (name: string, value: number, comment = ""): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  return [
    constant("UNIT_SHIFT", granuleShift(plan), "log2 of the smallest block."),
    constant("FIRST_BLOCK", plan.firstBlock, "Offset of unit 0."),
    constant("UNITS", granules, "Each as large as the smallest block."),
    constant("ORDERS", orders, "A block of order k has 2^k units."),
    { name: "FREE", value: hex(freeBit), comment: "In a state, besides the order." },
    { name: "NO_BLOCK", value: hex(noLink(plan)), comment: "The link to no block." },
    ...hardenedConstants(plan),
    ...(clamps(plan)
      ? [constant("MINIMUM_BLOCK_BYTES", plan.minimumBlockBytes, "Smaller requests are raised to it.")]
      : []),
  ];
}

export function asserts(plan: BuddyPlan): readonly StaticAssert[] {
  const name = plan.name.toUpperCase();
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  const widest = plan.header.links.bytes === 2 ? "UINT16_MAX" : "UINT32_MAX";
  return [
    ...emptyAssert(plan, "(UNITS << UNIT_SHIFT)"),
    check(`((1U << UNIT_SHIFT) % ${name}_ALIGNMENT) == 0U`, "a unit is not a multiple of the alignment"),
    check("sizeof(links_t) <= (1U << UNIT_SHIFT)", "a unit does not hold its links"),
    check("FIRST_BLOCK >= sizeof(control_t)", "unit 0 overlaps the control data"),
    check(`(FIRST_BLOCK % ${name}_ALIGNMENT) == 0U`, "payloads are misaligned"),
    check(`(FIRST_BLOCK + (UNITS << UNIT_SHIFT)) <= ${name}_SIZE_BYTES`, "the last unit ends after the heap"),
    check("(UNITS >> (ORDERS - 1U)) == 1U", "the largest block has another order"),
    check("ORDERS <= 32U", "there is no bit for the largest order"),
    check("(FREE & (FREE - 1U)) == 0U", "FREE is more than one bit"),
    check("ORDERS <= FREE", "FREE is a bit of an order"),
    check("FREE <= (UINT8_MAX - (FREE - 1U))", "a state does not hold FREE"),
    check("NO_BLOCK >= UNITS", "NO_BLOCK is the link of a block"),
    check(`NO_BLOCK == ${widest}`, "NO_BLOCK is not all ones"),
    check(
      `${name}_MAX_REQUEST <= (1U << (UNIT_SHIFT + ORDERS - 1U))`,
      "the largest block does not hold the largest request",
    ),
    ...(plan.api.alignedAlloc
      ? [
          check(`(FIRST_BLOCK % ${name}_MAX_ALIGNMENT) == 0U`, "unit 0 does not have the largest alignment"),
          check(
            `${name}_MAX_ALIGNMENT <= (1U << (UNIT_SHIFT + ORDERS - 1U))`,
            "no block is as large as the largest alignment",
          ),
          ...(plan.heapAlignment === plan.alignment
            ? []
            : [
                check(
                  `${name}_HEAP_ALIGNMENT == ${name}_MAX_ALIGNMENT`,
                  "the heap does not have the largest alignment",
                ),
              ]),
        ]
      : []),
    ...(clamps(plan)
      ? [
          check("MINIMUM_BLOCK_BYTES != 0U", "a block has no bytes"),
          check(
            "MINIMUM_BLOCK_BYTES <= (UNITS << UNIT_SHIFT)",
            "the heap does not hold the smallest request",
          ),
        ]
      : []),
  ];
}
