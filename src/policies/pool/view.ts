import { cType, unsigned, type Constant, type StaticAssert } from "../../csource/c-text.js";
import { emptyAssert } from "../empty-assert.js";
import type { View } from "../../csource/view.js";
import { granuleShift } from "../../plan/plan.js";
import { hardenedConstants, hardenedRow, hardenedView } from "./hardening.js";
import type { PoolPlan } from "./types.js";
import { strideAlignment } from "./plan.js";

export function view(plan: PoolPlan): View {
  const { classes, lazy, atomic, usedBits } = plan.policy;
  const several = classes.length > 1;
  const what = several
    ? `${classes.length} sizes of blocks`
    : `blocks of ${classes[0]?.blockBytes ?? 0} bytes`;
  return {
    summary: `pool, ${what}, constant time${atomic ? ", lock-free" : ""}`,
    mallocBound: "O(1)",
    freeBound: "O(1)",
    mergesAtFree: false,
    lazy,
    ...(atomic
      ? { threadSafety: "lock-free. Tasks and interrupts may call malloc and free; init is for one." }
      : {}),
    ...largestText(plan, several),
    ...classText(several),
    ...linkText(plan, several),
    ...(plan.hardening === undefined ? {} : hardenedView(plan)),
    classes: classes.map((_, index) => ({ row: tableRow(plan, index) })),
    tracks: usedBits !== undefined,
    starts: hasStarts(plan),
    classStart: several ? "pools[class].start" : "FIRST_BLOCK",
    classEnd: several ? "pools[class].end" : "END_OF_BLOCKS",
    blockBytes: several ? "pools[class].block_bytes" : "BLOCK_BYTES",
    held: several ? "pools[class_of(pointer)].block_bytes" : "BLOCK_BYTES",
    alignedText: several
      ? "Only classes whose block size is a multiple of it serve it."
      : "Every block is aligned to it.",
    alignedCost: "",
    linkBefore: "",
    linkOff: "",
    largestFree: "largest",
    sizesAreRead: false,
    sizeAt: several ? "pools[class_at(offset)].block_bytes" : "BLOCK_BYTES",
    usedAt: "is_used(offset)",
    step: hasGaps(plan) ? "offset = past_gap(offset + size)" : "offset += size",
    endOfUsed: several ? endName(classes.length - 1) : "END_OF_BLOCKS",
  };
}

/** Whether a class has no block left, as an expression. */
function largestText({ policy: { lazy, fallback, classes }, header }: PoolPlan, several: boolean): View {
  const fresh = linkText({ header }, several)["freshOffset"] as string;
  const first = `heap.control.first${several ? "[class]" : ""} == NO_BLOCK`;
  const end = several ? "pools[class].end" : "END_OF_BLOCKS";
  // Before init the offset is 0, which wraps.
  const touched = several
    ? `((${fresh}) - 1U) >= (${end} - 1U)`
    : `((${fresh}) - FIRST_BLOCK) >= (END_OF_BLOCKS - FIRST_BLOCK)`;
  return {
    isEmptyClass: lazy ? `(${first}) && (${touched})` : first,
    largestCost: several ? "O(n classes)" : "O(1)",
    largestNote:
      fallback || classes.length === 1 ? "" : " A smaller request may fail, if its class is empty.",
  };
}

/** A class parameter where there are several. */
const classText = (several: boolean): View => ({
  classAlone: several ? "uint32_t class" : "void",
  classAnd: several ? "uint32_t class, " : "",
  ofClass: several ? "[class]" : "",
  takenFirst: `The block freed last${several ? " of a class" : ""}`,
  takenNone: several ? "it has none" : "there is none",
});

/** How links lead to blocks: short ones count granules. */
function linkText({ header: { links } }: Pick<PoolPlan, "header">, several: boolean): View {
  const isGranules = links.bytes === 2;
  const fresh = `heap.control.fresh${several ? "[class]" : ""}`;
  const distance = "(uint32_t)((const uint8_t *)block - heap.bytes)";
  return {
    linkType: cType(links.bytes),
    linkUnit: isGranules ? "granules" : "bytes",
    linkedOffset: isGranules ? "link << GRANULE_SHIFT" : "link",
    linkOfBlock: isGranules ? `(link_t)(${distance} >> GRANULE_SHIFT)` : distance,
    isFresh: several
      ? "(fresh - 1U) < (pools[class].end - 1U)"
      : "(fresh - FIRST_BLOCK) < (END_OF_BLOCKS - FIRST_BLOCK)",
    freshOffset: isGranules ? `(uint32_t)${fresh} << GRANULE_SHIFT` : fresh,
    offsetAtLink: isGranules ? "(uint32_t)*link << GRANULE_SHIFT" : "*link",
  };
}

/** A class in the table of classes. */
const tableRow = (plan: PoolPlan, index: number): string =>
  [
    bytesName(index),
    ...(hasStarts(plan) ? [startName(plan, index)] : []),
    endName(index),
    ...plan.policy.classes.slice(index, index + 1).flatMap((each) => hardenedRow(plan, each)),
  ].join(", ");

const bytesName = (index: number): string => `CLASS_${index}_BYTES`;
const endName = (index: number): string => `CLASS_${index}_END`;

/** Where the blocks of a class begin. */
function startName(plan: PoolPlan, index: number): string {
  if (index === 0) return "FIRST_BLOCK";
  return hasGaps(plan) ? `CLASS_${index}_START` : endName(index - 1);
}

/** Whether there are gaps between classes. */
export function hasGaps(plan: PoolPlan): boolean {
  const { classes } = plan.policy;
  return classes.some(({ start }, index) => index > 0 && start !== classes[index - 1]?.end);
}

/** Whether the table of classes says where each begins. */
export const hasStarts = (plan: PoolPlan): boolean =>
  plan.policy.classes.length > 1 && (hasGaps(plan) || plan.api.check || plan.hardening !== undefined);

export function constants(plan: PoolPlan): readonly Constant[] {
  const { classes, usedBits } = plan.policy;
  const constant = (name: string, value: number, comment = ""): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  const granules = [
    ...(plan.header.links.bytes === 2 ? [constant("GRANULE_SHIFT", granuleShift(plan))] : []),
    constant("FIRST_BLOCK", plan.firstBlock, "Offset of the first block."),
    ...(usedBits === undefined
      ? []
      : [
          constant("BIT_SHIFT", usedBits.shift, "log2 of the bytes that a bit stands for."),
          constant("USED_WORDS", usedBits.words, "Words of bits: which blocks are in use."),
        ]),
  ];
  const [only] = classes;
  if (only !== undefined && classes.length === 1) {
    return [
      ...granules,
      constant("END_OF_BLOCKS", only.end, "Offset where the last block ends."),
      constant("BLOCK_BYTES", only.blockBytes),
      ...hardenedConstants(plan),
    ];
  }
  return [
    ...granules,
    constant("CLASSES", classes.length),
    ...classes.flatMap(({ blockBytes, start, end }, index) => [
      constant(bytesName(index), blockBytes, "A block."),
      ...(index > 0 && hasGaps(plan)
        ? [constant(startName(plan, index), start, "Offset of the class's first block.")]
        : []),
      constant(endName(index), end, "Offset where the class's last block ends."),
    ]),
  ];
}

/** Bytes of all classes, without the gaps between them. */
function emptyText(plan: PoolPlan): string {
  const { classes } = plan.policy;
  if (classes.length === 1) return "(END_OF_BLOCKS - FIRST_BLOCK)";
  return `(${classes.map((_, index) => `(${endName(index)} - ${startName(plan, index)})`).join(" + ")})`;
}

export function asserts(plan: PoolPlan): readonly StaticAssert[] {
  const { classes } = plan.policy;
  const name = plan.name.toUpperCase();
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  const several = classes.length > 1;
  const last = classes.length - 1;
  const lastBytes = several ? bytesName(last) : "BLOCK_BYTES";
  const lastEnd = several ? endName(last) : "END_OF_BLOCKS";
  const links16 = plan.header.links.bytes === 2;
  return [
    ...emptyAssert(plan, emptyText(plan)),
    check("FIRST_BLOCK >= sizeof(control_t)", "the first block begins in the control data"),
    check(`(FIRST_BLOCK % ${name}_ALIGNMENT) == 0U`, "the first block is misaligned"),
    check(`${lastEnd} <= ${name}_SIZE_BYTES`, "the blocks end after the heap"),
    check(`${name}_MAX_REQUEST <= ${lastBytes}`, "no block holds the largest request"),
    ...(links16
      ? [
          check(`(1U << GRANULE_SHIFT) == ${name}_ALIGNMENT`, "a granule is not the alignment"),
          check(`(${lastEnd} >> GRANULE_SHIFT) <= (UINT16_MAX + 1U)`, "a link does not reach the last block"),
        ]
      : []),
    check(
      `sizeof(free_block_t) <= ${several ? bytesName(0) : "BLOCK_BYTES"}`,
      "a free block does not hold its link",
    ),
    check("NO_BLOCK < FIRST_BLOCK", "NO_BLOCK is the link of a block"),
    ...(several
      ? classes.flatMap((_, index) => classAsserts(plan, index))
      : [
          check(`(BLOCK_BYTES % ${name}_ALIGNMENT) == 0U`, "blocks are not a whole number of granules"),
          check("((END_OF_BLOCKS - FIRST_BLOCK) % BLOCK_BYTES) == 0U", "the last block is cut off"),
          check("END_OF_BLOCKS > FIRST_BLOCK", "there is no block"),
        ]),
    ...alignmentAsserts(plan),
    ...placeAsserts(plan),
    ...(several ? [check(`CLASSES == ${unsigned(classes.length)}`, "the number of classes is wrong")] : []),
  ];
}

/** Words of bits: which blocks are in use. */
function placeAsserts(plan: PoolPlan): readonly StaticAssert[] {
  const { classes, usedBits } = plan.policy;
  if (usedBits === undefined) return [];
  const several = classes.length > 1;
  const [least, last] = several
    ? [bytesName(0), bytesName(classes.length - 1)]
    : ["BLOCK_BYTES", "BLOCK_BYTES"];
  const end = several ? endName(classes.length - 1) : "END_OF_BLOCKS";
  return [
    { condition: `(1U << BIT_SHIFT) <= ${least}`, sentence: "two blocks share a bit" },
    { condition: `(2U << BIT_SHIFT) > ${least}`, sentence: "bits stand for less than half a block" },
    {
      condition: `((((${end} - ${last}) - FIRST_BLOCK) >> BIT_SHIFT) >> 5U) == (USED_WORDS - 1U)`,
      sentence: "the bit of the last block is not in the last word",
    },
  ];
}

/** What aligned allocations rely on. */
function alignmentAsserts(plan: PoolPlan): readonly StaticAssert[] {
  if (!plan.api.alignedAlloc) return [];
  const { classes } = plan.policy;
  const name = plan.name.toUpperCase();
  const several = classes.length > 1;
  const most = `${name}_MAX_ALIGNMENT`;
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  const best = classes.findIndex(({ blockBytes }) => blockBytes % plan.maximumAlignment === 0);
  return [
    check(
      `(${several ? bytesName(best) : "BLOCK_BYTES"} % ${most}) == 0U`,
      "no block has the largest alignment",
    ),
    ...(plan.heapAlignment === plan.alignment
      ? []
      : [check(`${name}_HEAP_ALIGNMENT == ${most}`, "the heap does not have the largest alignment")]),
    ...classes.map(({ blockBytes }, index) =>
      check(
        `(${startName(plan, index)} % ${unsigned(Math.min(strideAlignment(blockBytes), plan.maximumAlignment))}) == 0U`,
        several
          ? `class ${index} is not aligned as its blocks are`
          : "the first block is not aligned as the others are",
      ),
    ),
  ];
}

function classAsserts(plan: PoolPlan, index: number): readonly StaticAssert[] {
  const name = plan.name.toUpperCase();
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  const start = startName(plan, index);
  const of = `of class ${index}`;
  return [
    check(
      `(${bytesName(index)} % ${name}_ALIGNMENT) == 0U`,
      `blocks ${of} are not a whole number of granules`,
    ),
    check(`((${endName(index)} - ${start}) % ${bytesName(index)}) == 0U`, `the last block ${of} is cut off`),
    check(`${endName(index)} > ${start}`, `there is no block ${of}`),
    ...(index > 0 && hasGaps(plan)
      ? [check(`${start} >= ${endName(index - 1)}`, `class ${index} begins in the one before`)]
      : []),
    ...(index === 0
      ? []
      : [
          check(
            `${bytesName(index)} > ${bytesName(index - 1)}`,
            `blocks ${of} are not larger than those before`,
          ),
        ]),
  ];
}
