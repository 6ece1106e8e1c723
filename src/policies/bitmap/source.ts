/** The C of bitmapped fit: which functions there are, and which of the ways each is written. */
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
import type { BitmapPlan } from "./types.js";
import { hasSpareBits } from "./view.js";

const folder = "policies/bitmap";
const own = (name: string): Piece => functionIn(folder, name);
const written = (template: string, name: string): Piece => piece(`${folder}/${template}`, name);

export function source(plan: BitmapPlan): PolicySource {
  return plan.hardening === undefined ? plainSource(plan) : hardenedSource(plan, plainSource(plan));
}

function plainSource(plan: BitmapPlan): PolicySource {
  // Bits of a bitmap of one word are found without a loop over words.
  const byWords = (name: string): Piece =>
    plan.policy.words === 1 ? written(`${name.replaceAll("_", "-")}-one-word`, name) : own(name);
  return {
    types: [],
    sections: [
      wordsSection(plan),
      {
        title: "Bit search",
        pieces: [
          ...bitSearchPieces(plan),
          written(plan.countLeadingZeros ? "clear-above" : "clear-above-doubling", "clear_above"),
        ],
      },
      {
        title: "Runs of granules",
        pieces: [
          ...["run_starts", "find", "toggle", "occupy"].map(own),
          ...["vacate", "last_of"].map(byWords),
          ...["granule_of", "block_bytes"].map(own),
          byWords("free_until"),
        ],
      },
      { title: "The longest run", pieces: [own("longest_run")] },
      {
        title: "Resizing",
        pieces: [
          ...alignmentPieces,
          byWords("free_from"),
          own("aligned_from"),
          written(resizeTemplate(plan), "resize"),
        ],
      },
      { title: "Blocks by address", pieces: ["is_used", "size_at"].map(own) },
      lockSection(plan),
      {
        title: "Check",
        pieces: [
          written(hasSpareBits(plan) ? "granules-in-spare" : "granules-in", "granules_in"),
          ...["used_in", "damaged_word", "used_granules"].map(own),
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
      check: "headerless/check",
      stats: "headerless/stats",
      largestRequest: `${folder}/largest-request`,
    },
  };
}
