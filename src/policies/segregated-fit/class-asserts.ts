/** What the C holds of its constants, so that every block has a class. */
import { unsigned, type StaticAssert } from "../../csource/c-text.js";
import type { SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";

export const classAsserts = (plan: SegregatedFitPlan): readonly StaticAssert[] =>
  plan.policy.squares ? squareAsserts(plan.policy) : linearAsserts(plan, plan.policy);

/** The square of a size, in the units in which it has 32 bits. */
export function squareOf({ sizeShift }: SegregatedFitNumbers, size: string): string {
  const units = sizeShift === 0 ? size : `(${size} >> CLASS_SHIFT)`;
  return `${units} * ${units}`;
}

/** Sizes whose squares are classed: a product of constants, which is one of unsigned ints. */
function squareAsserts(policy: SegregatedFitNumbers): readonly StaticAssert[] {
  const least = squareOf(policy, "MINIMUM_BLOCK_BYTES");
  const all = "(END_OF_BLOCKS - FIRST_BLOCK)";
  const most = squareOf(policy, all);
  const units = policy.sizeShift === 0 ? all : `(${all} >> CLASS_SHIFT)`;
  return [
    {
      condition: `((${least}) >> FIRST_CLASS) == 1U`,
      sentence: "FIRST_CLASS is not the class of the minimum block",
    },
    {
      condition: `((${most}) >> (FIRST_CLASS + CLASSES - 1U)) <= 1U`,
      sentence: "the largest block has no class",
    },
    {
      condition: `${units} <= 65535U`,
      sentence: "the square of the largest size has more than 32 bits",
    },
  ];
}

function linearAsserts(plan: SegregatedFitPlan, policy: SegregatedFitNumbers): readonly StaticAssert[] {
  const { subdivisionBits, sizeShift, leastHighest } = policy;
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  return [
    check(
      `FIRST_CLASS == ${classText(policy, "MINIMUM_BLOCK_BYTES", plan.minimumBlockBytes)}`,
      "FIRST_CLASS is not the class of the minimum block",
    ),
    check(
      `(FIRST_CLASS + CLASSES) > ${classText(policy, "(END_OF_BLOCKS - FIRST_BLOCK)", plan.endOfBlocks - plan.firstBlock)}`,
      "the largest block has no class",
    ),
    ...(leastHighest === 0
      ? subdivisionBits === 0
        ? []
        : [
            check(
              `${sizeShift === 0 ? "MINIMUM_BLOCK_BYTES" : "(MINIMUM_BLOCK_BYTES >> CLASS_SHIFT)"} >= (1U << SUBDIVISION_BITS)`,
              "class_of is undefined for the smallest sizes",
            ),
          ]
      : [
          check(
            `LEAST_HIGHEST == (((GRANULE_MASK + 1U) >> ${sizeShift === 0 ? "0U" : "CLASS_SHIFT"}) << SUBDIVISION_BITS)`,
            "the smallest sizes share classes",
          ),
        ]),
  ];
}

/** The class of a constant size, as C makes it out of the constants. `bytes` is the size's value. */
function classText(policy: SegregatedFitNumbers, size: string, bytes: number): string {
  const { subdivisionBits, sizeShift, leastHighest } = policy;
  const highest = Math.floor(Math.log2(Math.max(Math.floor(bytes / 2 ** sizeShift), leastHighest)));
  if (subdivisionBits === 0) return unsigned(highest);
  const shift = unsigned(highest - subdivisionBits);
  return `((${shift} << SUBDIVISION_BITS) + (${size} >> ${sizeShift === 0 ? shift : unsigned(sizeShift + highest - subdivisionBits)}))`;
}
