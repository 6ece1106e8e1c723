/** The C of segregated fit: which functions there are, and which of the ways each is written. */
import { functionIn, piece, type Piece, type Section } from "../../csource/piece.js";
import {
  alignedAllocation,
  alignmentPieces,
  checkPieces,
  checksumPieces,
  figuresSection,
  intactPieces,
  lockSection,
  wordsSection,
} from "../../csource/shared-pieces.js";
import { tagInHeader } from "../../header/boundary-tag.js";
import { tagBits, tellsWaiting, usedField, verifies as verifiesHeaders } from "../../header/facts.js";
import type { Plan } from "../../plan/plan.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { hardenedSource } from "./hardened-source.js";
import { listBitPieces } from "./list-bits.js";
import type { SegregatedFitPlan } from "./types.js";
import { wholeFirst } from "./view.js";

const folder = "policies/segregated-fit";
const own = (name: string): Piece => functionIn(folder, name);
const written = (template: string, name: string): Piece => piece(`${folder}/${template}`, name);

export function source(plan: SegregatedFitPlan): PolicySource {
  return plan.hardening === undefined ? plainSource(plan) : hardenedSource(plan, plainSource(plan));
}

function plainSource(plan: SegregatedFitPlan): PolicySource {
  const { coalesce, quick } = plan.policy;
  const verifies = verifiesHeaders(plan.header);
  const verifying = (name: string): string => `${folder}/${name}${verifies ? "-verifying" : ""}`;
  const { alignedAlloc, apiHelpers } = alignedAllocation(plan, verifying("realloc"), own("allocate_aligned"));
  return {
    types: [
      piece("blocks/link-type"),
      piece("blocks/block-type"),
      piece("blocks/links-type"),
      piece("blocks/no-block"),
    ],
    sections: [
      accessSection(plan),
      {
        pieces: [
          functionIn("blocks", "header_at"),
          ...(tagBits(plan.header) === 0 ? [] : [functionIn("blocks", "tag_of")]),
          functionIn("blocks", "set_size"),
        ],
      },
      wordsSection(plan),
      bitsSection(plan),
      classesSection(plan),
      listsSection(plan),
      ...(coalesce === "deferred"
        ? [{ title: "Coalescing", pieces: [own("clear_lists"), own("coalesce")] }]
        : []),
      ...(quick === undefined ? [] : [{ title: "Quick lists", pieces: quickPieces(plan) }]),
      { pieces: [own("reclaim"), own("take_or_reclaim"), own("take_quick")] },
      { title: "The largest block", pieces: largestPieces(plan) },
      {
        title: "Resizing",
        pieces: [
          own("cut"),
          own("remove_neighbour"),
          ...alignmentPieces,
          ...["join_left", "resize", "align"].map(own),
        ],
      },
      lockSection(plan),
      {
        title: "Check",
        pieces: [
          ...checkPieces,
          ...["is_listable", "damaged_bitmap", "is_waiting", "damaged_quick_list", "damaged_list"].map(own),
        ],
      },
      figuresSection(plan),
    ],
    empty: `${folder}/init`,
    api: {
      malloc: `${folder}/malloc`,
      free: verifying("free"),
      realloc: verifying("realloc"),
      alignedAlloc,
      usableSize: "blocks/usable-size",
      walk: "blocks/walk",
      check: "blocks/check",
      stats: "blocks/stats",
      largestRequest: `${folder}/largest-request`,
    },
    apiHelpers,
    absentFunctions: [
      ...(quick === undefined ? ["flush"] : []),
      ...(quick === undefined && coalesce !== "deferred" ? ["settle"] : []),
      ...(coalesce === "deferred" ? [] : ["coalesce"]),
    ],
  };
}

function accessSection(plan: SegregatedFitPlan): Section {
  const { header } = plan;
  const hasUsed = usedField(header) !== undefined;
  const isFooter = header.boundaryTag === "footer";
  const isPrevSize = header.boundaryTag === tagInHeader;
  return {
    title: "Block access",
    pieces: [
      own("header_of"),
      own("links_of"),
      written(header.links.bytes === 2 ? "set-links-word" : "set-links", "set_links"),
      own("payload_at"),
      own("link_of"),
      own("block_size"),
      own("free_size"),
      ...(hasUsed ? [own("is_free")] : []),
      ...checksumPieces(plan),
      own("set_used"),
      own("set_free"),
      ...(isFooter ? [own("left_is_free"), own("set_left_free"), own("set_left_used")] : []),
      ...(hasUsed ? [] : [written("is-free-by-right", "is_free")]),
      ...(isFooter ? [written("left-size-of-footer", "left_size")] : []),
      ...(isPrevSize ? [own("left_size"), own("set_left_size")] : []),
      ...intactPieces,
    ],
  };
}

const bitsSection = (plan: Plan): Section => ({
  title: "Bits",
  pieces: [
    written("likely", "LIKELY"),
    plan.countLeadingZeros
      ? piece("bits/highest-bit", "highest_bit")
      : written("highest-bit-halving", "highest_bit"),
    ...listBitPieces(plan),
  ],
});

const classesSection = (plan: SegregatedFitPlan): Section => ({
  title: "Size classes",
  pieces: [
    written("inline", "INLINE"),
    written(plan.policy.squares ? "class-of-square" : "class-of", "class_of"),
    ...["head_link", "class_head"].map(own),
    ...(plan.policy.bitmapWords === 1
      ? []
      : ["mark_nonempty", "write_word", "mark_empty", "nonempty_after"].map(own)),
  ],
});

const largestPieces = ({ countLeadingZeros, policy }: SegregatedFitPlan): readonly Piece[] => [
  written(countLeadingZeros ? "last-in" : "last-in-ascending", "last_in"),
  written(policy.bitmapWords === 1 ? "last-class-one-word" : "last-class", "last_class"),
  own("class_floor"),
  ...(policy.quick === undefined && policy.coalesce !== "deferred" ? [] : [own("settle")]),
];

function listsSection(plan: SegregatedFitPlan): Section {
  const { coalesce } = plan.policy;
  return {
    title: "Free lists",
    pieces: [
      written("out-of-line", "OUT_OF_LINE"),
      own("insert_free"),
      own("remove_free"),
      own("remove_first_free"),
      written(takeTemplate(plan), "take"),
      written(releaseTemplate(plan, coalesce === "deferred"), "release"),
    ],
  };
}

function takeTemplate(plan: SegregatedFitPlan): string {
  if (plan.policy.split !== "low")
    return wholeFirst(plan) ? "take-either-end-whole-first" : "take-either-end";
  // Where a granule is a block, whatever remains is split off.
  return plan.minimumBlockBytes === plan.granuleBytes ? "take-low-end-granule" : "take-low-end";
}

function releaseTemplate({ header }: SegregatedFitPlan, isDeferred: boolean): string {
  if (isDeferred) return "release-deferred";
  return header.boundaryTag === tagInHeader ? "release-prev-size" : "release";
}

function quickPieces(plan: SegregatedFitPlan): readonly Piece[] {
  const flagged = tellsWaiting(plan.header) ? ["is_quick", "set_quick", "clear_quick"] : [];
  return ["quick_list", ...flagged, "is_held", "is_available", "release_quick", "flush"].map(own);
}
