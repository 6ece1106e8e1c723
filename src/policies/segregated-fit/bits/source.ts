/** The C of boundary bits: which functions there are, and which of the ways each is written. */
import { functionIn, piece, type Piece, type Section } from "../../../csource/piece.js";
import {
  bitSearchPieces,
  figuresSection,
  lockSection,
  wordsSection,
} from "../../../csource/shared-pieces.js";
import type { PolicySource } from "../../../plan/policy-rules.js";
import { listBitPieces } from "../list-bits.js";
import type { SegregatedFitPlan } from "../types.js";

const folder = "policies/segregated-fit";
const own = (name: string): Piece => functionIn(`${folder}/bits`, name);
const written = (template: string, name: string): Piece => piece(`${folder}/bits/${template}`, name);
/** What it has in common with blocks that have headers. */
const common = (name: string): Piece => functionIn(folder, name);

export function source(plan: SegregatedFitPlan): PolicySource {
  const { policy, countLeadingZeros } = plan;
  return {
    types: [
      written("link-type", "link_t"),
      written("links-type", "links_t"),
      piece("blocks/no-block", "NO_BLOCK"),
      written("bits-type", "bits_t"),
    ],
    sections: [
      wordsSection(plan),
      {
        title: "Bit search",
        pieces: [
          piece(`${folder}/likely`, "LIKELY"),
          piece(`${folder}/inline`, "INLINE"),
          written("opaque", "OPAQUE"),
          ...searchPieces(plan),
          ...listBitPieces(plan),
        ],
      },
      { title: "Free blocks", pieces: accessPieces },
      bitsSection(plan),
      {
        title: "Size classes",
        pieces: [
          piece(`${folder}/class-of${policy.squares ? "-square" : ""}`, "class_of"),
          ...["head_link", "class_head"].map(common),
          ...(policy.bitmapWords === 1
            ? []
            : ["mark_nonempty", "write_word", "mark_empty", "nonempty_after"].map(common)),
        ],
      },
      {
        title: "Free lists",
        pieces: [
          own("insert_free"),
          own("remove_free"),
          written(policy.split === "low" ? "take-low-end" : "take", "take"),
          own("release"),
        ],
      },
      {
        title: "The largest block",
        pieces: [
          countLeadingZeros ? common("last_in") : piece(`${folder}/last-in-ascending`, "last_in"),
          piece(`${folder}/${policy.bitmapWords === 1 ? "last-class-one-word" : "last-class"}`, "last_class"),
          common("class_floor"),
        ],
      },
      {
        title: "Resizing",
        pieces: [own("cut"), common("remove_neighbour"), own("resize"), own("align")],
      },
      lockSection(plan),
      { title: "Blocks by address", pieces: ["free_run", "size_at"].map(own) },
      {
        title: "Check",
        pieces: [
          written("census-type", "census_t"),
          ...["is_marked", "damaged_bits", "is_size", "damaged_used", "damaged_free"].map(own),
          ...["damaged_block", "damaged_ends", "is_listable"].map(own),
          common("damaged_bitmap"),
          ...["damaged_list", "damaged_heap", "bytes_in_use"].map(own),
        ],
      },
      figuresSection(plan),
    ],
    empty: `${folder}/bits/init`,
    api: {
      malloc: `${folder}/bits/malloc`,
      free: `${folder}/bits/free`,
      realloc: "headerless/realloc",
      alignedAlloc: `${folder}/bits/aligned-alloc`,
      usableSize: "headerless/usable-size",
      walk: "headerless/walk",
      check: "headerless/check",
      stats: "headerless/stats",
      largestRequest: `${folder}/bits/largest-request${policy.probe ? "" : "-floor"}`,
    },
    apiHelpers: { [`${folder}/bits/aligned-alloc`]: [own("allocate_aligned")] },
  };
}

/** The width of a size is known: without an instruction for it, its highest bit is found in fewer steps than a word's. */
const searchPieces = (plan: SegregatedFitPlan): readonly Piece[] =>
  plan.countLeadingZeros
    ? bitSearchPieces(plan)
    : [
        ...bitSearchPieces(plan).filter(({ defines }) => !defines.includes("highest_bit")),
        piece(`${folder}/highest-bit-halving`, "highest_bit"),
      ];

const accessPieces: readonly Piece[] = [
  ...["links_of", "payload_at", "link_of"].map(common),
  ...["free_size", "size_by_link", "left_size", "last_word"].map(own),
];

/** Windows of bits, in one word at any byte where the core reads such, else in two. */
function bitsSection({ unalignedAccess }: SegregatedFitPlan): Section {
  const inWindow = (name: string): Piece =>
    written(`${name.replaceAll("_", "-")}${unalignedAccess ? "" : "-aligned"}`, name);
  return {
    title: "Boundary bits",
    pieces: [
      written(`window-type${unalignedAccess ? "" : "-aligned"}`, "window_t"),
      ...["window_at", "bits_in", "used_behind", "flip", "flip_window", "flip_front"].map(inWindow),
      ...["is_long", "code_of", "flip_block", "block_size"].map(own),
      ...["place_of", "bit_at", "is_used", "left_is_free"].map(own),
    ],
  };
}
