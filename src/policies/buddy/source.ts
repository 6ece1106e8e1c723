/** The C of the buddies: which functions there are. */
import { functionIn, piece, type Piece } from "../../csource/piece.js";
import {
  alignmentPieces,
  bitSearchPieces,
  figuresSection,
  lockSection,
  resizeTemplate,
  wordsSection,
} from "../../csource/shared-pieces.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { hardenedSource } from "./hardening.js";
import type { BuddyPlan } from "./types.js";

const folder = "policies/buddy";
const own = (name: string): Piece => functionIn(folder, name);

export function source(plan: BuddyPlan): PolicySource {
  return plan.hardening === undefined ? plainSource(plan) : hardenedSource(plan, plainSource(plan));
}

function plainSource(plan: BuddyPlan): PolicySource {
  return {
    types: [piece(`${folder}/link-type`), piece(`${folder}/links-type`)],
    sections: [
      { title: "Block access", pieces: ["links_of", "payload_of", "unit_of"].map(own) },
      wordsSection(plan),
      { title: "Bit search", pieces: bitSearchPieces(plan) },
      { title: "Free lists", pieces: ["insert_free", "remove_free"].map(own) },
      { title: "Buddies", pieces: ["halve", "take", "is_free_block", "release", "block_bytes"].map(own) },
      {
        title: "Resizing",
        pieces: [
          ...alignmentPieces,
          ...["shrink", "can_grow", "grow"].map(own),
          // A larger block is aligned to its size, wherever it begins.
          piece(`${folder}/${resizeTemplate(plan).replace("-aligned", "")}`, "resize"),
        ],
      },
      { title: "Blocks by address", pieces: ["state_at", "size_at"].map(own) },
      lockSection(plan),
      {
        title: "Check",
        pieces: [
          piece(`${folder}/census`, "census_t"),
          ...["is_sound", "damaged_block", "damaged_list"].map(own),
        ],
      },
      figuresSection(plan),
    ],
    empty: `${folder}/init`,
    api: {
      malloc: `${folder}/malloc`,
      free: `${folder}/free`,
      realloc: "headerless/realloc",
      alignedAlloc: `${folder}/aligned-alloc`,
      usableSize: "headerless/usable-size",
      walk: "headerless/walk",
      check: "blocks/check",
      stats: "headerless/stats",
      largestRequest: `${folder}/largest-request`,
    },
    // A single unit is never split.
    absentFunctions: plan.policy.orders === 1 ? ["halve", "shrink"] : [],
  };
}
