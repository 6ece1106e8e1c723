/** The C of a pool: which functions there are, and which of the ways each is written. */
import { functionIn, piece, type Piece, type Section } from "../../csource/piece.js";
import {
  alignmentPieces,
  countingSection,
  failuresSection,
  lockSection,
  wordsSection,
} from "../../csource/shared-pieces.js";
import { tellsFailures } from "../../plan/figures.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { hardenedSource } from "./hardening.js";
import type { PoolPlan } from "./types.js";
import { hasGaps, hasStarts } from "./view.js";

const folder = "policies/pool";
const own = (name: string): Piece => functionIn(folder, name);
const written = (template: string, name: string): Piece => piece(`${folder}/${template}`, name);

export function source(plan: PoolPlan): PolicySource {
  return plan.hardening === undefined ? plainSource(plan) : hardenedSource(plan, plainSource(plan));
}

function plainSource(plan: PoolPlan): PolicySource {
  const { classes, usedBits } = plan.policy;
  const several = classes.length > 1;
  return {
    types: [
      piece(`${folder}/link-type`),
      piece("blocks/no-block"),
      piece(`${folder}/free-block-type`),
      ...(several ? [piece(`${folder}/pools`)] : []),
    ],
    sections: [
      { title: "Block access", pieces: ["block_at", "block_of", "link_of"].map(own) },
      wordsSection(plan),
      { title: "Exclusive access", pieces: ["load_exclusive", "store_exclusive"].map(own) },
      { title: "Classes", pieces: ["class_at", "class_of"].map(own) },
      ...(usedBits === undefined
        ? []
        : [{ title: "Blocks in use", pieces: ["bit_at", "set_used", "set_free"].map(own) }]),
      countingSection(plan),
      listsSection(plan),
      { title: "Alignments", pieces: alignmentPieces },
      {
        title: "Blocks by address",
        pieces: [own("is_used"), ...(hasGaps(plan) ? [own("past_gap")] : [])],
      },
      lockSection(plan),
      checkSection(plan),
      failuresSection(plan),
    ],
    empty: `${folder}/${several ? (hasStarts(plan) ? "init-starts" : "init") : "init-one-class"}`,
    api: {
      ...(several ? classesApi(plan) : oneClassApi(plan)),
      usableSize: "headerless/usable-size-unlocked",
      walk: "headerless/walk",
      check: "blocks/check",
      stats: "headerless/stats",
      largestRequest: `${folder}/largest-request${several ? "" : "-one-class"}`,
    },
    // Without bits nothing says which blocks are in use.
    absentFunctions: usedBits === undefined ? ["set_used", "set_free"] : [],
  };
}

function listsSection({ policy: { atomic, lazy } }: PoolPlan): Section {
  return {
    title: "Free lists",
    pieces: [
      written(atomic ? "take-atomic" : lazy ? "take-lazy" : "take", "take"),
      written(atomic ? "release-atomic" : "release", "release"),
    ],
  };
}

function checkSection({ policy: { classes, lazy } }: PoolPlan): Section {
  const byClasses = (name: string): Piece =>
    classes.length > 1 ? own(name) : written(`${name.replaceAll("_", "-")}-one-class`, name);
  return {
    title: "Check",
    pieces: [
      written("census", "census_t"),
      written(lazy ? "damaged-class-lazy" : "damaged-class", "damaged_class"),
      byClasses("damaged_block"),
      own("is_listable"),
      byClasses("damaged_list"),
    ],
  };
}

type Api = Pick<PolicySource["api"], "malloc" | "free" | "realloc" | "alignedAlloc">;

/** Where all blocks are of one size. */
function oneClassApi({ zeroSize, api }: PoolPlan): Api {
  // A request of 0 bytes returns NULL, which is not a failure.
  const zeroIsNone = zeroSize === "null" && tellsFailures(api);
  return {
    malloc: `${folder}/malloc-one-class`,
    free: `${folder}/free-one-class`,
    realloc: `${folder}/realloc-one-class`,
    alignedAlloc: `${folder}/aligned-alloc-one-class${zeroIsNone ? "-but-zero" : ""}`,
  };
}

function classesApi({ policy: { fallback, usedBits }, api }: PoolPlan): Api {
  const findsClass = usedBits !== undefined || api.realloc || api.usableSize;
  const ending = fallback ? "-fallback" : "";
  return {
    malloc: `${folder}/malloc${ending}`,
    free: `${folder}/${findsClass ? "free" : "free-searching"}`,
    realloc: `${folder}/realloc`,
    alignedAlloc: `${folder}/aligned-alloc${ending}`,
  };
}
