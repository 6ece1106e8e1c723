/** The C of a word's bits, one for each list: in the order in which the core finds the first of them fastest. */
import { functionIn, piece, type Piece } from "../../csource/piece.js";
import type { Plan } from "../../plan/plan.js";

const folder = "policies/segregated-fit";

export function listBitPieces({ countLeadingZeros, multiplies }: Plan): readonly Piece[] {
  if (countLeadingZeros) return ["bit_of", "bits_after", "first_in"].map((name) => functionIn(folder, name));
  return [
    piece(`${folder}/bit-of-ascending`, "bit_of"),
    piece(`${folder}/bits-after-ascending`, "bits_after"),
    piece(`${folder}/first-in-ascending${multiplies ? "" : "-halves"}`, "first_in"),
  ];
}
