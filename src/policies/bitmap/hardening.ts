/** What the bits of a heap find of misuse: they say which granules are in use, and where blocks begin. */
import { functionIn, piece, type Piece, type Section } from "../../csource/piece.js";
import { faultPieces, faultSection } from "../../csource/shared-pieces.js";
import type { HardeningOffer } from "../../plan/policy-part.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import type { BitmapPlan } from "./types.js";

export const hardening = (): HardeningOffer => ({ tiers: ["basic"], evidence: "map" });

const folder = "policies/bitmap/basic";
const own = (name: string): Piece => functionIn(folder, name);

/** The C that believes no pointer and no bit that others contradict, in place of that which does. */
export function hardenedSource(plan: BitmapPlan, plain: PolicySource): PolicySource {
  const runs = plain.sections.findIndex(({ title }) => title === "Runs of granules");
  return {
    ...plain,
    sections: [
      ...plain.sections.slice(0, runs),
      faultSection(plan),
      checks,
      ...plain.sections.slice(runs),
      { title: "Blocks", pieces: ["take", "release"].map(own) },
      { title: "Faults", pieces: [...["fault_of", "fault_at"].map(own), ...faultPieces] },
    ],
    api: { ...plain.api, malloc: `${folder}/malloc`, free: "hardening/free" },
  };
}

const checks: Section = {
  title: "Checks",
  pieces: [
    piece("hardening/unlikely", "UNLIKELY"),
    ...["granule_at", "is_in_use", "is_border", "is_vacant", "is_made"].map(own),
  ],
};
