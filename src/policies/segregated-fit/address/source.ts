/** The C of links that are addresses: what differs from links that are offsets. */
import { functionIn, piece, type Piece, type Section } from "../../../csource/piece.js";
import type { PolicySource } from "../../../plan/policy-rules.js";
import { source as offsetSource } from "../source.js";
import type { SegregatedFitPlan } from "../types.js";
import { countsZeros } from "./view.js";

const folder = "policies/segregated-fit/address";
const written = (template: string, name: string): Piece => piece(`${folder}/${template}`, name);

const sameNames = [
  ...["payload_at", "link_of", "class_head", "head_link"],
  ...["insert_free", "remove_neighbour", "release", "damaged_bitmap"],
];

/** Pieces by what they define, in place of those of offsets. */
function replacements(plan: SegregatedFitPlan): ReadonlyMap<string, Piece> {
  const zeros = countsZeros(plan);
  const { split } = plan.policy;
  const pieces: readonly (readonly [string, Piece])[] = [
    ...sameNames.map((name) => [name, functionIn(folder, name)] as const),
    ["remove_free", written(zeros ? "remove-free" : "remove-free-by-head", "remove_free")],
    ["take", written(split === "low" ? "take-low-end" : "take-either-end", "take")],
    ...(zeros ? ofZeros : []),
  ];
  return new Map(pieces);
}

const ofZeros: readonly (readonly [string, Piece])[] = [
  ["class_of", written("class-of-zeros", "class_of")],
  ["bits_after", written("bits-after-zeros", "bits_after")],
  ["first_in", written("first-in-zeros", "first_in")],
  ["last_in", written("last-in-zeros", "last_in")],
  ["bit_of", piece("policies/segregated-fit/bit-of-ascending", "bit_of")],
];

export function source(plan: SegregatedFitPlan): PolicySource {
  const base = offsetSource(plan);
  const own = replacements(plan);
  const replaced = (pieces: readonly Piece[]): readonly Piece[] =>
    pieces.flatMap((each) => {
      if (
        each.defines.some(
          (name) => name === "set_links" || name === "set_free" || name === "remove_first_free",
        )
      )
        return [];
      return [each.defines.map((name) => own.get(name)).find((found) => found !== undefined) ?? each];
    });
  return {
    ...base,
    types: [piece(`${folder}/link-type`), piece("blocks/block-type"), piece("blocks/links-type")],
    sections: withEnds(base.sections).map((section) => ({ ...section, pieces: replaced(section.pieces) })),
    empty: `${folder}/init`,
    api: { ...base.api, malloc: `${folder}/malloc` },
  };
}

const opaque = piece("policies/segregated-fit/bits/opaque", "OPAQUE");

/** Ends of lists stand between what they are found by and the lists. */
function withEnds(sections: readonly Section[]): readonly Section[] {
  return sections.flatMap((section): readonly Section[] => {
    if (section.title === "Block access") return [{ ...section, pieces: [opaque, ...section.pieces] }];
    if (section.title !== "Size classes") return [section];
    const isHead = ({ defines }: Piece): boolean =>
      defines.some((name) => name === "head_link" || name === "class_head");
    const ends = [
      written("no-block", "no_block"),
      written("control", "control_data"),
      written("head-at", "head_at"),
      ...section.pieces.filter(isHead),
      written("bit-if-head", "bit_if_head"),
    ];
    return [
      { ...section, pieces: section.pieces.filter((each) => !isHead(each)) },
      { title: "Ends of lists", pieces: ends },
    ];
  });
}
