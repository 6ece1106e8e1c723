/** How the C reaches blocks, their headers and their neighbours. */
import { functionIn, piece, type Piece, type Section } from "../../csource/piece.js";
import { checksumPieces, intactPieces } from "../../csource/shared-pieces.js";
import { tagInHeader } from "../../header/boundary-tag.js";
import { tagBits, usedField } from "../../header/facts.js";
import type { SequentialFitPlan } from "./types.js";

const block = (name: string): Piece => functionIn("blocks", name);

export function accessSection(plan: SequentialFitPlan): Section {
  const { header } = plan;
  const hasUsed = usedField(header) !== undefined;
  return {
    title: "Block access",
    pieces: [
      ...["header_at", "offset_of", "block_of", "link_of", "payload_of", "header_of"].map(block),
      ...(header.links.place === "intrusive" ? [block("links_of")] : []),
      ...["header_after", "block_size", "free_size"].map(block),
      ...(hasUsed ? [block("is_free")] : []),
      ...checksumPieces(plan),
      block("set_used"),
      block("set_free"),
      ...leftPieces(plan, hasUsed),
      ...intactPieces,
      ...(tagBits(header) === 0 ? [] : [block("tag_of")]),
      block("set_size"),
    ],
  };
}

/** What is known of the left neighbour. */
function leftPieces({ header }: SequentialFitPlan, hasUsed: boolean): readonly Piece[] {
  switch (header.boundaryTag) {
    case "none":
      return [];
    case "footer":
      return [
        ...["left_is_free", "set_left_free", "set_left_used"].map(block),
        piece("blocks/left-of-footer", "left_of"),
        ...(hasUsed ? [] : [piece("blocks/is-free-by-right", "is_free")]),
      ];
    case tagInHeader:
      return [
        ...["left_size", "set_left_size", "left_of"].map(block),
        piece("blocks/left-is-free-by-size", "left_is_free"),
      ];
  }
}
