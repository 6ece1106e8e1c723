import { unsigned, type Constant, type StaticAssert } from "../../../csource/c-text.js";
import type { View } from "../../../csource/view.js";
import { granuleShift } from "../../../plan/plan.js";
import { emptyAssert } from "../../empty-assert.js";
import type { BoundaryBits, SegregatedFitPlan } from "../types.js";
import {
  asserts as listAsserts,
  classOfHead,
  constants as listConstants,
  view as listView,
} from "../view.js";
import { codeStart } from "./long.js";

export function bitsOf({ policy: { bits } }: SegregatedFitPlan): BoundaryBits {
  if (bits === undefined) throw new Error("the plan has no boundary bits");
  return bits;
}

const folder = "policies/segregated-fit/bits";
/** The template of no text. */
const nothing = `${folder}/nothing`;

/** Bits of a window that are sure to be in one word that begins at a byte. */
const windowBits = 25;

export function view(plan: SegregatedFitPlan): View {
  const { policy } = plan;
  const common = listView(plan);
  const oneWord = policy.bitmapWords === 1;
  const classesFirst = common["classesFirst"] === true;
  return {
    ...common,
    summary: `segregated fit, ${policy.classes} size classes, constant time, boundary bits`,
    windowBits: String(windowBits),
    codeOfSize: codeOfSize(plan),
    searchTemplate: `${folder}/${policy.probe ? "search-probe" : "search"}${oneWord ? "" : "-words"}`,
    soughtTemplate: classesFirst ? `${folder}/sought` : nothing,
    soughtAlignedTemplate: classesFirst ? `${folder}/sought-aligned` : nothing,
    clearBitmapTemplate: oneWord ? nothing : `${folder}/clear-bitmap`,
    // A compiler sees that the blocks which are not small would lie outside the heap.
    lowEndTemplate: policy.smallBelow > plan.endOfBlocks - plan.firstBlock ? nothing : `${folder}/low-end`,
    markNonempty: oneWord ? "nonempty | bit_of(class)" : "mark_nonempty(class, summary)",
    unmark: oneWord
      ? `updated &= ~bit_of(${classOfHead(plan, policy)})`
      : `updated = mark_empty(${classOfHead(plan, policy)}, updated)`,
    requestTemplate: `${folder}/${plan.maximumRequestBytes > tinyRequest(plan) ? "request" : "request-tiny"}`,
    isTiny: plan.zeroSize === "null" ? "(size - 1U) < TINY_REQUEST" : "size <= TINY_REQUEST",
    markEmpty: oneWord ? "nonempty &= ~bit_of(class)" : "summary = mark_empty(class, summary)",
    resizes: plan.api.realloc,
    growsLeft: true,
    ...moveView(plan),
    needTemplate: "policies/segregated-fit/bits/need",
    need: "need",
    held: "block_size(pointer)",
    nowHeld: "block_size(payload)",
    sizeAt: "size_at(offset)",
    usedAt: "is_used(offset)",
    step: "offset += size",
    sizesAreRead: true,
    linkBefore: "",
    linkOff: "",
    largestFree: "largest",
    endOfUsed: "END_OF_BLOCKS",
    damaged: "damaged_heap()",
    countedBytes: "bytes_in_use()",
  };
}

/** When a block does not grow into its left neighbour, which moves its payload. */
function moveView({ realloc }: SegregatedFitPlan): View {
  const small = "(before + held + after) < need";
  return realloc.keepAlignment === undefined
    ? { cannotMoveDown: small, movesAligned: "" }
    : {
        cannotMoveDown: `(${small}) || !keeps_alignment(block - before, block)`,
        movesAligned: ", or the payload would lose its alignment",
      };
}

/** Rounded up to granules, a larger request is no smaller than the minimum block. */
const tinyRequest = ({ minimumBlockBytes, granuleBytes }: SegregatedFitPlan): number =>
  minimumBlockBytes - granuleBytes;

/** A size in granules, where a long block's code has it; sizes have no bits below a granule. */
function codeOfSize(plan: SegregatedFitPlan): string {
  const shift = codeStart - granuleShift(plan);
  if (shift === 0) return "size";
  return shift > 0 ? `(size << ${unsigned(shift)})` : `(size >> ${unsigned(-shift)})`;
}

export function constants(plan: SegregatedFitPlan): readonly Constant[] {
  const { longBytes, words, wordsBefore, sizeBits } = bitsOf(plan);
  const shift = granuleShift(plan);
  const placesBefore = 32 * wordsBefore - 1;
  const constant = (name: string, value: number, comment = ""): Constant => ({
    name,
    value: value < 0 ? `(0U - ${unsigned(-value)})` : unsigned(value),
    comment,
  });
  const { unalignedAccess, firstBlock, endOfBlocks, granuleBytes } = plan;
  const bitsAt = plan.control.find(({ name }) => name === "bits")?.offset ?? 0;
  return [
    constant("GRANULE_SHIFT", shift),
    constant("GRANULE_MASK", granuleBytes - 1),
    constant("FIRST_BLOCK", firstBlock, "Offset of the first block."),
    constant("END_OF_BLOCKS", endOfBlocks, "Offset of the end of the last block."),
    constant("MINIMUM_BLOCK_BYTES", plan.minimumBlockBytes),
    constant("TINY_REQUEST", tinyRequest(plan), "Requests up to this size get a block of the minimum size."),
    constant("LONG_BYTES", longBytes, "Blocks from this size on have their size in their bits."),
    constant("SIZE_MASK", 2 ** sizeBits - 1, "Of a size in granules."),
    constant("CODE_BITS", codeStart + sizeBits, "Bits of a long block in front of its last."),
    constant("CODE_MASK", 2 ** (codeStart + sizeBits) - 1),
    constant("BITS_WORDS", words),
    constant(
      "BITS_SHIFT",
      shift + (unalignedAccess ? 3 : 5),
      `log2 of the bytes whose bits are a ${unalignedAccess ? "byte" : "word"}.`,
    ),
    constant("WORDS_BEFORE", wordsBefore, "Of bits, for what lies in front of them."),
    constant(
      "BITS_OFFSET",
      bitsAt - 4 * wordsBefore,
      "Of the byte with the first bit of the heap, if there were one.",
    ),
    constant("PLACES_BEFORE", placesBefore, "Bits in front of the first, if there were any, less one."),
    constant("FIRST_PLACE", firstBlock / granuleBytes - placesBefore, "Of the first block's bit."),
    constant("END_PLACE", endOfBlocks / granuleBytes - placesBefore, "Of the bit behind the last block's."),
    ...listConstants(plan),
  ];
}

export function asserts(plan: SegregatedFitPlan): readonly StaticAssert[] {
  const { sizeBits, wordsBefore } = bitsOf(plan);
  const name = plan.name.toUpperCase();
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  return [
    check(`${name}_ALIGNMENT == (GRANULE_MASK + 1U)`, "the granule is not the alignment"),
    check("(1U << GRANULE_SHIFT) == (GRANULE_MASK + 1U)", "GRANULE_SHIFT does not match GRANULE_MASK"),
    check("FIRST_BLOCK >= sizeof(control_t)", "the first block overlaps the control data"),
    check("(FIRST_BLOCK & GRANULE_MASK) == 0U", "the first payload is misaligned"),
    check("(END_OF_BLOCKS & GRANULE_MASK) == 0U", "the end of the blocks is not aligned to a granule"),
    check(`END_OF_BLOCKS <= ${name}_SIZE_BYTES`, "the blocks end after the end of the heap"),
    check(
      `${name}_MAX_REQUEST <= (END_OF_BLOCKS - FIRST_BLOCK)`,
      "the largest request does not fit into an empty heap",
    ),
    check("(MINIMUM_BLOCK_BYTES & GRANULE_MASK) == 0U", "the minimum block is not a multiple of the granule"),
    check(
      "MINIMUM_BLOCK_BYTES >= (sizeof(links_t) + 4U)",
      "the minimum block has no room for what a free block holds",
    ),
    check(
      "TINY_REQUEST == (MINIMUM_BLOCK_BYTES - (GRANULE_MASK + 1U))",
      "a larger request would get a block of the minimum size, too",
    ),
    check("(MINIMUM_BLOCK_BYTES >> GRANULE_SHIFT) >= 2U", "the first granule of a block is its last"),
    check("CODE_MASK == ((1U << CODE_BITS) - 1U)", "CODE_MASK does not match CODE_BITS"),
    check(
      `CODE_MASK == ((1U << ${unsigned(codeStart + sizeBits)}) - 1U)`,
      "CODE_MASK is not of four bits and of those of a size",
    ),
    check("SIZE_MASK == (CODE_MASK >> 4U)", "SIZE_MASK does not match CODE_MASK"),
    check(
      "SIZE_MASK >= (END_OF_BLOCKS >> GRANULE_SHIFT)",
      "the code of a long block has no room for the largest size",
    ),
    check("CODE_BITS < (LONG_BYTES >> GRANULE_SHIFT)", "the code of a long block reaches its last granule"),
    check(
      `((LONG_BYTES >> GRANULE_SHIFT) + 1U) <= ${unsigned(windowBits)}`,
      "a window does not reach behind the blocks that are not long",
    ),
    check(
      `BITS_SHIFT == (GRANULE_SHIFT + ${plan.unalignedAccess ? "3U" : "5U"})`,
      "BITS_SHIFT does not match GRANULE_SHIFT",
    ),
    check(
      `(BITS_OFFSET + ${unsigned(4 * wordsBefore)}) == offsetof(control_t, bits)`,
      "the bits are not where windows are",
    ),
    check(
      `((END_OF_BLOCKS >> BITS_SHIFT) + 2U) == (WORDS_BEFORE + BITS_WORDS)`,
      "the last window is not the last two words",
    ),
    check(
      "((END_OF_BLOCKS >> (GRANULE_SHIFT + 5U)) + 2U) == (((PLACES_BEFORE + 1U) >> 5U) + BITS_WORDS)",
      "PLACES_BEFORE does not match the words that there are",
    ),
    check(
      "FIRST_PLACE == ((FIRST_BLOCK >> GRANULE_SHIFT) - PLACES_BEFORE)",
      "FIRST_PLACE is not that of the first block",
    ),
    check(
      "END_PLACE == ((END_OF_BLOCKS >> GRANULE_SHIFT) - PLACES_BEFORE)",
      "END_PLACE is not behind the last block",
    ),
    ...emptyAssert(plan, "(END_OF_BLOCKS - FIRST_BLOCK)"),
    ...listAsserts(plan),
  ];
}
