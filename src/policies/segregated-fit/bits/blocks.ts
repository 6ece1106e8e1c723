/** What stands in memory: blocks without headers, and the bits that bound those in use. */
import type { HeaderlessBlocks } from "../../../plan/policy-rules.js";
import type { Choice } from "../../policy.js";
import { choices as listChoices } from "../choices.js";
import type { SegregatedFitPlan } from "../types.js";
import { bitsOf } from "./view.js";

function draw(plan: SegregatedFitPlan): readonly string[] {
  const { granuleBytes, minimumBlockBytes } = plan;
  const { longBytes, sizeBits } = bitsOf(plan);
  return [
    "block in use  | payload, padding ... |",
    "free block    | next | previous | size | ... | size |",
    `              no header; blocks of ${minimumBlockBytes}, ${minimumBlockBytes + granuleBytes}, ... bytes`,
    "              next, previous, 32 bits: offset of a free block, 0: none",
    "",
    `A bit per granule of ${granuleBytes} bytes says where blocks in use begin and end; free space has no bit:`,
    "",
    "  granules  | in use      | free       | in use | in use |",
    "  bits      | 1 0 0 0 1   | 0 0 0 0    | 1 1    | 1 0 1  |",
    "",
    "Two bits a block are enough. Seen from a block in use, whatever its neighbours:",
    "",
    "  the bit in front of it   1: the block there is in use, and ends    0: it is free, its last word is its size",
    "  the next bit in it       its last granule, so its size",
    "  the bit behind it        1: the block there is in use, and begins  0: it is free, and says its size",
    "",
    "malloc and free change the two bits of one block, and merging and splitting change none. Free blocks never touch,",
    "and the bits in front of the first block and behind the last are set.",
    "",
    `A block of ${longBytes} bytes or more has its end too far away to look for. Its own granules say its size:`,
    "",
    `  bits      | 1 1 0 1  size in granules, ${sizeBits} bits  0 ... 0 1 |`,
    "",
    "No other block begins with 1 1 0 1: a block 1 1 has two granules, and behind it stands 1, in use, or 0 0, free.",
  ];
}

function declare({ policy }: SegregatedFitPlan, { name }: { readonly name: string }): string | undefined {
  switch (name) {
    case "none":
      return "links_t none";
    case "first":
      return "link_t first[CLASSES]";
    case "bitmap":
      return policy.bitmapWords === 1 ? undefined : "uint32_t bitmap[BITMAP_WORDS]";
    case "bits":
      return "uint32_t bits[BITS_WORDS]";
    default:
      return undefined;
  }
}

export const choices = (plan: SegregatedFitPlan): readonly Choice[] => {
  const { words, longBytes } = bitsOf(plan);
  return [
    {
      choice: "boundary bits",
      costs: `a bit per granule of ${plan.granuleBytes} B, ${4 * words} B in all; no header, smallest block ${plan.minimumBlockBytes} B; blocks of ${longBytes} B and more have their size in their bits`,
    },
    ...listChoices(plan),
  ];
};

export const headerlessBlocks: HeaderlessBlocks<SegregatedFitPlan> = {
  draw,
  declare,
  decoder: {
    module: "policies/segregated-fit/bits/decode",
    roots: ["blocks", "freeList", "freeBlocks"],
    links:
      "Links, the first two numbers of a free block: offsets of the next and the previous of its list, 0: none.",
  },
};
