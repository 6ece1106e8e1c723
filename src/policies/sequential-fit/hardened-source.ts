/** The C of sequential fit that looks at all it follows and writes: blocks in a ring, addressed by their payloads. */
import { functionIn, piece, type Piece } from "../../csource/piece.js";
import {
  checkPieces,
  faultPieces,
  faultSection,
  figuresSection,
  lockSection,
  wordsSection,
} from "../../csource/shared-pieces.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { own, ownType } from "./source-pieces.js";
import type { SequentialFitPlan } from "./types.js";

/** Blocks with footers are looked at in the same way whatever list they are in. */
const folder = "hardening/blocks";
const check = (name: string): Piece => functionIn(folder, name);
const basic = (name: string): Piece => own(`basic/${name.replaceAll("_", "-")}`, name);

export function hardenedSource(plan: SequentialFitPlan, plain: PolicySource): PolicySource {
  const { fit, order } = plan.policy;
  return {
    ...plain,
    types: [...plain.types, ownType("basic/inline")],
    sections: [
      {
        title: "Block access",
        pieces: [
          ...["header_of", "links_of", "payload_at", "link_of", "block_size", "free_size", "is_free"].map(
            check,
          ),
          ...["set_used", "set_free", "left_is_free", "set_left_free", "set_left_used", "left_size"].map(
            check,
          ),
          ...["header_at", "offset_of", "block_of", "set_size"].map((name) => functionIn("blocks", name)),
          own("ring/links-at"),
        ],
      },
      wordsSection(plan),
      faultSection(plan),
      {
        title: "Checks",
        pieces: [
          piece("hardening/likely", "LIKELY"),
          piece("hardening/unlikely", "UNLIKELY"),
          ...["granules_in", "places", "place_of", "is_place"].map(check),
          ...["used_size", "bare_size", "size_at_end", "is_made"].map(check),
        ],
      },
      {
        title: "Free list: a ring through the free blocks",
        pieces: [
          ...["is_link", "leads_both_ways", "link_in", "remove_free", "relist"].map(basic),
          own(order === "fifo" ? "basic/insert-last" : "basic/insert-first", "insert_free"),
        ],
      },
      {
        title: "Search",
        pieces: [own(fit === "first" ? "basic/find-first" : "basic/find-extreme", "find"), basic("take")],
      },
      { title: "Release", pieces: [check("restore"), ...["join_right", "release"].map(basic)] },
      lockSection(plan),
      { title: "Check", pieces: [...checkPieces, own("ring/is-listable"), own("ring/damaged-list")] },
      figuresSection(plan),
      { title: "Faults", pieces: [...faults, ...faultPieces] },
    ],
    empty: "policies/sequential-fit/basic/init",
    api: { ...plain.api, malloc: `${folder}/malloc`, free: "hardening/free" },
  };
}

const faults: readonly Piece[] = [
  "is_free_block",
  "has_sound_headers",
  "block_at",
  "block_around",
  "fault_of",
  "fault_at",
].map(check);
