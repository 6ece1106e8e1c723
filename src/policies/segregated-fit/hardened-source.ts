/** The C of segregated fit that looks at all it follows and writes, in place of that which trusts it. */
import { functionIn, piece, type Piece, type Section } from "../../csource/piece.js";
import { faultPieces, faultSection } from "../../csource/shared-pieces.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import type { SegregatedFitPlan } from "./types.js";

const folder = "policies/segregated-fit/basic";
const own = (name: string): Piece => functionIn(folder, name);
const written = (template: string, name: string): Piece => piece(`${folder}/${template}`, name);

/** Pieces that take the place of those that define the same, and others beside them. */
export function hardenedSource(plan: SegregatedFitPlan, plain: PolicySource): PolicySource {
  const isOneWord = plan.policy.bitmapWords === 1;
  const marks = (name: string): Piece[] =>
    isOneWord ? [written(`${name.replaceAll("_", "-")}-one-word`, name)] : [];
  const replacing = [
    ...["insert_free", "remove_free", "take", "release"].map(own),
    ...[...marks("mark_nonempty"), ...marks("mark_empty")],
  ];
  const replaced = new Set(replacing.flatMap(({ defines }) => defines));
  const kept = plain.sections.map((section): Section => ({
    ...section,
    pieces: section.pieces
      .filter(({ defines }) => !defines.some((name) => replaced.has(name)))
      .map((each) => resizing.find(({ defines }) => defines[0] === each.defines[0]) ?? each),
  }));
  const lists = kept.findIndex(({ title }) => title === "Free lists");
  return {
    ...plain,
    sections: [
      ...kept.slice(0, lists),
      faultSection(plan),
      { title: "Checks", pieces: checksOf(plan) },
      {
        title: "Free lists",
        pieces: [...marks("mark_nonempty"), ...marks("mark_empty"), ...listPieces(isOneWord)],
      },
      ...kept.slice(lists + 1),
      { title: "Faults", pieces: [...faults, ...faultPieces] },
    ],
    empty: `${folder}/init`,
    api: {
      ...plain.api,
      malloc: `${folder}/malloc`,
      free: "hardening/free",
      realloc: `${folder}/realloc`,
      usableSize: `${folder}/usable-size`,
      largestRequest: `${folder}/largest-request`,
    },
    apiHelpers: { "blocks/aligned-alloc": [own("take_aligned"), own("allocate_aligned")] },
  };
}

/** Each in the place of the one that trusts what it meets. */
const resizing: readonly Piece[] = ["cut", "remove_neighbour", "join_left", "align"].map(own);

const checksOf = ({ hardening }: SegregatedFitPlan): readonly Piece[] => [
  piece("hardening/unlikely", "UNLIKELY"),
  ...["granules_in", "places", "place_of", "is_place", "leads_back"].map(own),
  ...["used_size", "bare_size", "size_at_end", "is_behind_free", "is_made"].map(own),
  piece("policies/segregated-fit/out-of-line", "OUT_OF_LINE"),
  ...(hardening?.guard === undefined
    ? []
    : ["set_guard", "set_whole_guard", "is_guarded", "asked_of"].map(own)),
  ...["block_at", "is_free_block", "has_sound_headers"].map(own),
  hardening?.guard === undefined ? own("is_used") : written("is-used-guarded", "is_used"),
  ...["has_sound_links", "has_sound_head", "is_resizable"].map(own),
];

const listPieces = (isOneWord: boolean): readonly Piece[] => [
  ...["insert_free", "remove_free"].map(own),
  written(isOneWord ? "relist" : "relist-two-levels", "relist"),
  ...["find", "remove_first", "take", "restore", "join_right", "release"].map(own),
  own("splits_soundly"),
];

const faults: readonly Piece[] = [
  "was_made",
  "is_sound_block",
  "walk_to",
  "is_overrun",
  "fault_of",
  "fault_at",
].map(own);
