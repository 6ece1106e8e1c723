import { unsigned, unwrapped, type Constant, type StaticAssert } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";
import { quickListAsserts, quickListConstants, deferredView } from "./deferred-view.js";
import { isLabelled, verifies } from "../../header/facts.js";
import { keepsFigures } from "../../plan/figures.js";
import { classAsserts, squareOf } from "./class-asserts.js";
import { headStep, linkUnit } from "./link-unit.js";
import { hardenedConstants, hardenedView } from "./hardened-view.js";
import type { SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";

/** The two links of a block are written as one word where they fill one. */
const linksAreWord = (plan: SegregatedFitPlan): boolean => plan.header.links.bytes === 2;

/** Whether every block that a heap of this size can have is small: then a compiler sees that others lie outside it. */
export const allSmall = ({ policy, endOfBlocks, firstBlock }: SegregatedFitPlan): boolean =>
  policy.smallBelow > endOfBlocks - firstBlock;

/** Whether a block of another class than the request's own is larger than the need, and what is left of it is a block. */
export const wholeFirst = (plan: SegregatedFitPlan): boolean =>
  plan.policy.probe && plan.minimumBlockBytes === plan.granuleBytes;

export function view(plan: SegregatedFitPlan): View {
  const policy = plan.policy;
  const oneWord = policy.bitmapWords === 1;
  const size = policy.sizeShift === 0 ? "size" : "units";
  const minimumIsGranule = plan.minimumBlockBytes === plan.granuleBytes;
  const labelled = isLabelled(plan.header);
  const deferred = deferredView(plan, policy);
  const classSought = policy.probe ? "class_of(need)" : "class_of(need - 1U)";
  // Where a request may be tried again, what takes a block classes it anew.
  const classesFirst = plan.lock.kind !== "none" && deferred["isDeferred"] === false;
  return {
    ...deferred,
    classesFirst,
    takeStart: classesFirst ? " The search starts at the class sought." : "",
    takeParameter: classesFirst ? ", uint32_t sought" : "",
    takeArguments: classesFirst ? "need, sought" : "need",
    takeArgumentsAligned: classesFirst ? "most, sought" : "most",
    releaseVerb: policy.coalesce === "deferred" ? "list" : "merge",
    linkBytes: linkUnit(plan) === 1 ? "link" : "link << LINK_SHIFT",
    linkOfBlock:
      linkUnit(plan) === 1
        ? "(uint32_t)(block - heap.bytes)"
        : "(uint32_t)(block - heap.bytes) >> LINK_SHIFT",
    // With two levels a second copy of what lists a block takes more than the call.
    initFrees: !oneWord && deferred["isDeferred"] === false && freesAnything(plan),
    classSought,
    classSoughtAligned: classSought.replace("need", "most"),
    sought: classesFirst ? "sought" : classSought,
    hasWilderness: false,
    linksLead: true,
    noBlock: "NO_BLOCK",
    ownHeader: "header_of(pointer)",
    classComment: classComment(plan, policy),
    powersOfTwo: policy.subdivisionBits === 0,
    scaled: policy.sizeShift > 0,
    classedSize: size,
    classedSquare: squareOf(policy, "size"),
    classed: policy.leastHighest === 0 ? size : `${size} | LEAST_HIGHEST`,
    countLeadingZeros: plan.countLeadingZeros,
    halvings: halvings(plan, policy).map((bits) => ({ bits: unsigned(bits) })),
    oneWord,
    // What a function that changes lists takes and returns: the bitmap, or its summary.
    marks: oneWord ? "nonempty" : "summary",
    marksPad: oneWord ? "" : " ",
    headOf: headOf(plan, policy),
    classOfHead: classOfHead(plan, policy),
    probe: policy.probe,
    leavesNone: minimumIsGranule ? "remainder == 0U" : "remainder < MINIMUM_BLOCK_BYTES",
    lowEndReason:
      policy.split === "by-neighbour"
        ? "A block at least as large as the right neighbour goes next to it, so large blocks gather."
        : "Small blocks at one end of free space and large ones at the other do not fragment it.",
    takesLowEnd:
      policy.split === "by-neighbour" ? "need < block_size(header_of(right))" : "need >= SMALL_BELOW",
    lowEndTemplate: `policies/segregated-fit/${policy.split === "two-ended" && allSmall(plan) ? "no-low-end" : "low-end"}`,
    ...largestView(policy),
    usesRight: plan.header.boundaryTag !== "none" || policy.split === "by-neighbour",
    leftIsFree:
      plan.header.boundaryTag === "footer"
        ? "left_is_free(header_of(block))"
        : "is_free(header_of(block - left_size(block)))",
    mayJoinLeft:
      plan.realloc.keepAlignment === undefined
        ? "size >= wanted"
        : "(size >= wanted) && keeps_alignment(left, block)",
    labelled,
    ...(plan.hardening === undefined ? {} : hardenedView(plan, classSought)),
  };
}

/** Whether free does with a block nothing but merge and list it, whatever is behind its size and flags. */
export const freesAnything = ({ header, lock, api }: SegregatedFitPlan): boolean =>
  lock.kind === "none" && !keepsFigures(api) && !verifies(header);

/** What the largest request is told from: the first block of the last class that has one. */
function largestView({ probe, subdivisionBits, sizeShift, leastHighest }: SegregatedFitNumbers): View {
  const size = "free_size(first)";
  const units = sizeShift === 0 ? "size" : "(size >> CLASS_SHIFT)";
  return {
    largestServed: probe ? size : `class_floor(${size})`,
    largestReason: probe
      ? "Of the last class only the first block is looked at."
      : "Of the last class only requests of its least size are sure to fit.",
    floorClassed:
      leastHighest === 0 ? (sizeShift === 0 ? units : units.slice(1, -1)) : `${units} | LEAST_HIGHEST`,
    lessSubdivisions: subdivisionBits === 0 ? "" : " - SUBDIVISION_BITS",
    floorShift: sizeShift === 0 ? "shift" : "(shift + CLASS_SHIFT)",
  };
}

function classComment(plan: SegregatedFitPlan, { subdivisionBits, squares }: SegregatedFitNumbers): string {
  if (squares)
    return "The highest bit of its square: two classes per power of two, the second from its root of two on.";
  const parts = 2 ** subdivisionBits;
  if (parts === 1) return "The index of the highest bit: one class per power of two.";
  const exact = 2 * parts * plan.granuleBytes;
  return `Below ${exact} bytes each size has its own; above, each power of two is divided into ${parts} equal parts.`;
}

/** By how many bits a word may have to be shifted down until two are left: every half of the largest one's width. */
function halvings(
  plan: SegregatedFitPlan,
  { squares, sizeShift, leastHighest }: SegregatedFitNumbers,
): readonly number[] {
  const largest = Math.max((plan.endOfBlocks - plan.firstBlock) / 2 ** sizeShift, leastHighest);
  const bits = Math.floor(Math.log2(squares ? Math.floor(largest) ** 2 : largest)) + 1;
  return [16, 8, 4, 2].filter((half) => half < bits);
}

function headOf(plan: SegregatedFitPlan, { headsLink }: SegregatedFitNumbers): string {
  const shift = Math.log2(headStep(plan));
  const scaled = shift === 0 ? "class" : `class << ${unsigned(shift)}`;
  if (headsLink === 0) return scaled;
  const sum = headsLink > 0 ? "+ HEADS" : "- HEADS";
  return shift === 0 ? `class ${sum}` : `(${scaled}) ${sum}`;
}

export function classOfHead(plan: SegregatedFitPlan, { headsLink }: SegregatedFitNumbers): string {
  const shift = Math.log2(headStep(plan));
  const back = headsLink === 0 ? "previous" : `previous ${headsLink > 0 ? "-" : "+"} HEADS`;
  if (shift === 0) return back;
  return headsLink === 0 ? `${back} >> ${unsigned(shift)}` : `(${back}) >> ${unsigned(shift)}`;
}

export function constants(plan: SegregatedFitPlan): readonly Constant[] {
  const policy = plan.policy;
  const constant = (name: string, value: number, comment: string): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  const { subdivisionBits, squares, sizeShift, leastHighest, headsLink, bitmapWords } = policy;
  return [
    ...(subdivisionBits === 0 || squares
      ? []
      : [constant("SUBDIVISION_BITS", subdivisionBits, "log2 of the classes per power of two.")]),
    ...(sizeShift === 0
      ? []
      : [constant("CLASS_SHIFT", sizeShift, "log2 of the unit of sizes in class_of.")]),
    ...(leastHighest === 0
      ? []
      : [
          constant(
            "LEAST_HIGHEST",
            leastHighest,
            "Sizes below are classed as if this were their highest bit.",
          ),
        ]),
    constant("FIRST_CLASS", policy.firstClass, "Class of the minimum block."),
    constant("CLASSES", policy.classes, "From FIRST_CLASS to that of the largest block."),
    constant(
      "LAST_HEAD",
      lastHead(plan, policy),
      "Greatest link of a list head; links of blocks are greater.",
    ),
    ...(headsLink === 0
      ? []
      : [constant("HEADS", Math.abs(headsLink), "Distance from a class's index to the link of its head.")]),
    ...(bitmapWords === 1
      ? []
      : [constant("BITMAP_WORDS", bitmapWords, ""), constant("NO_CLASS", 0, "Below FIRST_CLASS.")]),
    ...(linksAreWord(plan)
      ? [constant("PREVIOUS_SHIFT", 16, "Position of the previous link in the word of both.")]
      : []),
    ...(policy.split === "two-ended"
      ? [constant("SMALL_BELOW", policy.smallBelow, "Smaller blocks are taken from the high end.")]
      : []),
    ...quickListConstants(policy),
    ...hardenedConstants(plan),
  ];
}

const lastHead = (
  plan: SegregatedFitPlan,
  { firstClass, classes, headsLink }: SegregatedFitNumbers,
): number => headsLink + (firstClass + classes - 1) * headStep(plan);

export function asserts(plan: SegregatedFitPlan): readonly StaticAssert[] {
  const policy = plan.policy;
  const { bitmapWords } = policy;
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  const unit = linkUnit(plan);
  const linkShift = unit === 1 ? "" : " << LINK_SHIFT";
  const shifted = (text: string): string => (unit === 1 ? text : `(${text}${linkShift})`);
  const headLink = headOf(plan, policy).replaceAll("class", "FIRST_CLASS");
  return [
    check(
      `LAST_HEAD == (${unwrapped(headOf(plan, policy).replaceAll("class", "(FIRST_CLASS + CLASSES - 1U)"))})`,
      "LAST_HEAD is not the head of the last class",
    ),
    check(`${shifted("LAST_HEAD")} < FIRST_BLOCK`, "the link of a head could be that of a block"),
    check(
      `offsetof(control_t, first) == ${unit === 1 ? headLink : `((${headLink})${linkShift})`}`,
      "the list heads are not where their links lead",
    ),
    ...(linksAreWord(plan)
      ? [
          check(
            "(PREVIOUS_SHIFT == (8U * offsetof(links_t, previous))) && (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)",
            "the two links are not laid out as one word",
          ),
        ]
      : []),
    ...(policy.split === "two-ended"
      ? [check("(SMALL_BELOW & GRANULE_MASK) == 0U", "SMALL_BELOW is not a multiple of the granule")]
      : []),
    check("offsetof(control_t, none) == NO_BLOCK", "the null link does not lead to control.none"),
    check(
      `(FIRST_CLASS + CLASSES) <= ${bitmapWords === 1 ? "32U" : "(32U * BITMAP_WORDS)"}`,
      "the bitmap has no bit for the last class",
    ),
    ...(bitmapWords === 1
      ? []
      : [
          check("BITMAP_WORDS <= 32U", "the summary has fewer bits than the bitmap has words"),
          check("NO_CLASS < FIRST_CLASS", "NO_CLASS is one of the classes"),
        ]),
    ...classAsserts(plan),
    ...quickListAsserts(policy),
  ];
}
