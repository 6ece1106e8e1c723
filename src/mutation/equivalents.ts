/** Mutants that mean the same as the original though their code differs, each with the reason: found by hand. */
import { edited, type Mutant } from "./mutant.js";
import { isNeverRead } from "./never-read.js";

export interface Equivalent {
  /** Without the heap's name. */
  readonly function: string;
  /** C of one line, white space as one blank, without the heap's name. */
  readonly was: string;
  readonly becomes: string;
  readonly why: string;
  /** A function of the file, without the heap's name, with which it is no equivalent. */
  readonly unlessWith?: string;
}

const factors = "of two equal factors either is the larger";
const behindHeads = "what lies behind the array is initialised after the loop";
const notListed = "a block that is being freed is not in the list";

const fullWord =
  "a run in front of a full word was found at the word before, and the other branches leave the same start";
const noUnits = "no bit of the units is above their orders";

const noNode = "the offset of no node is greater than that of any block";
const order = "(node_offset(node) < offset_of(block))";
const adjacent = "((offset_of(freed) + size) == node_offset(next))";

export const equivalents: readonly Equivalent[] = [
  { function: "calloc", was: "(count > size) ? count", becomes: "(count >= size) ? count", why: factors },
  { function: "calloc", was: "(count > size) ? size", becomes: "(count >= size) ? size", why: factors },
  {
    function: "init",
    was: "class < (FIRST_CLASS + CLASSES)",
    becomes: "class <= (FIRST_CLASS + CLASSES)",
    why: behindHeads,
  },
  {
    function: "init",
    was: "class < (FIRST_CLASS + CLASSES)",
    becomes: "class < ((FIRST_CLASS + CLASSES)) + 1U",
    why: behindHeads,
  },
  { function: "init", was: "index < BITMAP_WORDS", becomes: "index <= BITMAP_WORDS", why: behindHeads },
  { function: "init", was: "index < BITMAP_WORDS", becomes: "index < (BITMAP_WORDS) + 1U", why: behindHeads },
  {
    function: "clear_list",
    was: "node < SLOTS",
    becomes: "node <= SLOTS",
    why: "the last slot's link is written after the loop",
  },
  {
    function: "clear_list",
    was: "node < SLOTS",
    becomes: "node < (SLOTS) + 1U",
    why: "the last slot's link is written after the loop",
  },
  {
    function: "take_listed",
    was: "set_used(block, size);",
    becomes: ";",
    why: "the header of a block that is not split has its size already",
  },
  {
    function: "release",
    was: "node_offset(node) < offset_of(block)",
    becomes: "node_offset(node) <= offset_of(block)",
    why: notListed,
  },
  {
    function: "release",
    was: "block_of(next_of(left)) < block",
    becomes: "block_of(next_of(left)) <= block",
    why: notListed,
  },
  { function: "release", was: `(node != NO_NODE) && ${order}`, becomes: order, why: noNode },
  { function: "insert_coalesced", was: `(next != NO_NODE) && ${adjacent}`, becomes: adjacent, why: noNode },
  {
    function: "init",
    was: "- FIRST_BLOCK)",
    becomes: "- (FIRST_BLOCK - 1U))",
    why: "of a size the header has no bits below the granule",
  },
  {
    function: "take",
    was: "header_after(block, need), remainder",
    becomes: "header_after(need, block), remainder",
    why: "the compiler converts both, and a sum has no order",
  },
  {
    function: "init",
    was: "class < (FIRST_CLASS + CLASSES)",
    becomes: "class < ((FIRST_CLASS * 2U) + CLASSES)",
    why: behindHeads,
  },
  {
    function: "malloc",
    was: "(size - 1U) < MAX_REQUEST",
    becomes: "(size - 1U) <= MAX_REQUEST",
    why: "the search refuses a size that is greater by one, for no block is as large",
  },
  {
    function: "check",
    was: "(damage == NULL) && (heap.control.used_bytes",
    becomes: "(heap.control.used_bytes",
    why: "of two damages that are there, either may be told",
  },
  {
    function: "init",
    was: "class < (FIRST_CLASS + CLASSES)",
    becomes: "class < (FIRST_CLASS + (CLASSES * 2U))",
    why: behindHeads,
  },
  {
    function: "remove_free",
    was: "(previous <= LAST_HEAD)",
    becomes: "(previous < LAST_HEAD)",
    why: "what is merged with the last block of the last class is of that class, and marks it as non-empty again",
    unlessWith: "remove_neighbour",
  },
  {
    function: "take_listed",
    was: "set_used(block, size);",
    becomes: "set_used(block, need);",
    why: "a block that is larger than need by less than a granule is as large",
  },
  {
    function: "is_sound",
    was: "(*footer == (uint16_t)size)",
    becomes: "(*footer == size)",
    why: "a size that is compared has at most 16 bits: one that exceeds the heap is not",
  },
  {
    function: "damaged_list",
    was: "if ((count == census->free_blocks) || !is_listable(*link, class))",
    becomes: "if (!is_listable(*link, class))",
    why: "a block that is listed has one previous link, so no list is endless, and too many listed are told behind the loop",
  },
  { function: "init", was: "order = ORDERS;", becomes: "order = (ORDERS) + 1U;", why: noUnits },
  { function: "init", was: "order = ORDERS;", becomes: "order = (ORDERS * 2U);", why: noUnits },
  {
    function: "halve",
    was: "heap.control.nonempty |= (1U << from) - (1U << to);",
    becomes: "heap.control.nonempty ^= (1U << from) - (1U << to);",
    why: "the orders below the least that has a block are empty",
  },
  {
    function: "stats",
    was: "(offset < END_OF_BLOCKS) && (block_size",
    becomes: "(offset <= END_OF_BLOCKS) && (block_size",
    why: "the size of what ends the blocks is 0",
  },
  {
    function: "insert_coalesced",
    was: "replace_free(previous, next, link_of(block));",
    becomes: "replace_free(previous, next, link_of(freed));",
    why: "without a free block on its left the freed block is the merged one",
  },
  {
    function: "find",
    was: "(used == ~0U)",
    becomes: "(used == 0U)",
    why: fullWord,
  },
  {
    function: "find",
    was: "(used == ~0U)",
    becomes: "(word == ~0U)",
    why: fullWord,
  },
  {
    function: "run_starts",
    was: "if (granules >= 2U)",
    becomes: "if (granules >= 3U)",
    why: "the last step doubles a run's length where no other did",
  },
  {
    function: "is_listable",
    was: "(payload >= (FIRST_BLOCK + HEADER_BYTES))",
    becomes: "(payload >= ((FIRST_BLOCK - 64U) + HEADER_BYTES))",
    why: "control data that look like a free block are none of the blocks: the sum of the listed offsets tells it",
  },
];

/** The reason why a mutant is equivalent; undefined where none is known. @param heap its name, "app_heap" */
export function knownEquivalent(
  text: string,
  mutant: Mutant,
  heap: string,
  known: readonly Equivalent[] = equivalents,
): string | undefined {
  const { edits, function: name } = mutant;
  const start = text.lastIndexOf("\n", Math.min(...edits.map((edit) => edit.start))) + 1;
  const end = text.indexOf("\n", Math.max(...edits.map((edit) => edit.end)));
  const inside = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
  const lines = text.slice(start, end);
  const [before, after] = [lines, edited(lines, inside)].map((each) => plain(each, heap));
  const found = known.find(
    ({ function: where, was, becomes, unlessWith = "" }) =>
      where === plain(name, heap) &&
      before !== after &&
      before?.replace(was, () => becomes) === after &&
      !(unlessWith !== "" && new RegExp(`\\b${unlessWith}\\(`).test(text)),
  )?.why;
  return (
    found ?? (isNeverRead(text, mutant, heap) ? "no heap reads that entry: it is of no class" : undefined)
  );
}

/** Without the heap's name, and with one blank for white space. */
const plain = (c: string, heap: string): string =>
  c.replaceAll(`${heap.toUpperCase()}_`, "").replaceAll(`${heap}_`, "").replaceAll(/\s+/g, " ").trim();
