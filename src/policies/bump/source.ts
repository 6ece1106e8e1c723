/** The C of a bump arena: which functions there are, and which of the ways each is written. */
import { functionIn, piece, type Piece, type Section } from "../../csource/piece.js";
import {
  alignmentPieces,
  countingSection,
  failuresSection,
  lockSection,
  resizeTemplate,
  wordsSection,
} from "../../csource/shared-pieces.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import type { BumpPlan } from "./types.js";
import { countsBlocks, shapeOf } from "./view.js";

const folder = "policies/bump";
const own = (name: string): Piece => functionIn(folder, name);

export function source(plan: BumpPlan): PolicySource {
  return plan.policy.release === "lifo" ? lifoSource(plan) : wholeSource(plan);
}

/** Of an arena that is given back as a whole: it knows no blocks. */
function wholeSource(plan: BumpPlan): PolicySource {
  return {
    types: [],
    sections: [
      wordsSection(plan),
      countingSection(plan),
      lockSection(plan),
      { title: "Check", pieces: [piece(`${folder}/damaged-room`, "damaged_block")] },
      failuresSection(plan),
    ],
    empty: `${folder}/init`,
    api: {
      ...introspection,
      malloc: `${folder}/${shapeOf(plan).plain ? "malloc-whole-room" : "malloc"}`,
      free: `${folder}/free`,
      alignedAlloc: `${folder}/aligned-alloc`,
      stats: `${folder}/stats`,
    },
    absentMembers: countsBlocks(plan) ? [] : ["blocks"],
  };
}

/** Of an arena whose blocks lead to the one in front of them. */
function lifoSource(plan: BumpPlan): PolicySource {
  const { name } = plan;
  return {
    types: [piece(`${folder}/room-type`), piece(`${folder}/block-type`)],
    sections: [
      {
        title: "Block access",
        pieces: ["newest_block", "payload_of", "header_of", "room_before", "payload_bytes"].map(own),
      },
      wordsSection(plan),
      countingSection(plan),
      resizingSection(plan),
      { title: "Blocks by address", pieces: ["is_used", "size_at"].map(own) },
      lockSection(plan),
      { title: "Check", pieces: [own("damaged_block")] },
      failuresSection(plan),
    ],
    empty: `${folder}/init`,
    api: {
      ...introspection,
      // It reads the block's header.
      ...(plan.lock.kind === "none" ? {} : { usableSize: "headerless/usable-size" }),
      malloc: `${folder}/malloc-lifo`,
      free: `${folder}/free-lifo`,
      alignedAlloc: `${folder}/aligned-alloc-lifo`,
      stats: `${folder}/stats-lifo`,
      more: [piece(`${folder}/mark`, `${name}_mark`), piece(`${folder}/release`, `${name}_release`)],
    },
    absentMembers: ["blocks"],
  };
}

const resizingSection = (plan: BumpPlan): Section => ({
  title: "Resizing",
  pieces: [
    ...alignmentPieces,
    piece(`${folder}/piece-type`, "piece_t"),
    own("copy_up"),
    piece(`${folder}/${resizeTemplate(plan)}`, "resize"),
  ],
});

const introspection = {
  realloc: "headerless/realloc",
  usableSize: "headerless/usable-size-unlocked",
  walk: "headerless/walk",
  check: "headerless/check",
  largestRequest: `${folder}/largest-request`,
};
