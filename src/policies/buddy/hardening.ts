/** What buddies find of misuse: the state of each unit says whether a block begins there, and links lead both ways. */
import { functionIn, piece, type Piece, type Section } from "../../csource/piece.js";
import { hex, type Constant } from "../../csource/c-text.js";
import { faultPieces, faultSection } from "../../csource/shared-pieces.js";
import type { HardeningOffer } from "../../plan/policy-part.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { freeBit } from "./blocks.js";
import type { BuddyPlan } from "./types.js";

export const hardening = (): HardeningOffer => ({ tiers: ["basic"], evidence: "map-and-links" });

const folder = "policies/buddy/basic";
const own = (name: string): Piece => functionIn(folder, name);

/** The C that believes no pointer and no link, in place of that which does. */
export function hardenedSource(plan: BuddyPlan, plain: PolicySource): PolicySource {
  const lists = plain.sections.findIndex(({ title }) => title === "Free lists");
  const isFreeBlock = functionIn("policies/buddy", "is_free_block");
  return {
    ...plain,
    sections: [
      ...plain.sections.slice(0, lists),
      faultSection(plan),
      { title: "Checks", pieces: [...checks, isFreeBlock, own("leads_back")] },
      { title: "Free lists", pieces: ["insert_free", "remove_free", "restore", "lists_none"].map(own) },
      // Without what follows a block to its neighbours: resizing.
      ...plain.sections.slice(lists + 2).filter(({ title }) => title !== "Resizing"),
      {
        title: "Buddies",
        pieces: [functionIn("policies/buddy", "halve"), own("take"), own("release")],
      },
      faults,
    ],
    empty: `${folder}/init`,
    api: { ...plain.api, malloc: `${folder}/malloc`, free: "hardening/free" },
  };
}

const checks: readonly Piece[] = [
  piece("hardening/unlikely", "UNLIKELY"),
  ...["unit_at", "is_made", "is_block_in_use"].map(own),
];

const faults: Section = {
  title: "Faults",
  pieces: [...["block_around", "fault_of", "fault_at"].map(own), ...faultPieces],
};

export const hardenedConstants = ({ hardening: wanted }: BuddyPlan): readonly Constant[] =>
  wanted === undefined
    ? []
    : [
        {
          name: "DEAD",
          value: hex(2 * freeBit - 1),
          comment: "State of a unit where no block begins: free, of no order.",
        },
      ];
