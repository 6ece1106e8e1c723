/** The C file of a plan, assembled from its pieces. */
import type { HeapAddress } from "../../csource/address-heap.js";
import { piece, type Piece, type Section } from "../../csource/piece.js";
import { assemble, type Unit } from "../../csource/unit.js";
import type { Plan } from "../../plan/plan.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { optionalFunctions, optionalMembers } from "../../csource/shared-pieces.js";
import { wordsOf } from "../../csource/c-function.js";
import { tokenize } from "../../csource/tokens.js";
import { defines } from "../../csource/c-text.js";
import { heapGuard, initCallers } from "./before-init.js";
import { constants } from "./c-view.js";
import { hooks, lastFunctions, publicFunctions, type PublicFunction } from "./public-functions.js";
import { staticAsserts } from "./static-asserts.js";
import type { View } from "../../csource/view.js";

/** @param source the policy's pieces */
export function emitUnit(plan: Plan, source: PolicySource, view: View): Unit {
  const sections = [
    layoutSection(plan),
    stateSection(plan, source),
    ...source.sections,
    apiSection(plan, source),
  ];
  const defined = new Set(sections.flatMap(({ pieces }) => pieces.flatMap(({ defines }) => defines)));
  const members = new Set(plan.control.map(({ name }) => name));
  const { absentMembers = [], absentFunctions = [] } = source;
  const absentHooks = plan.api.failureHook ? [] : [`${plan.name}_failed`];
  return assemble({
    sections,
    roots: [...publicPieces(plan, source), ...initCallers(plan)].flatMap(({ defines }) => defines),
    view: { ...view, emptyTemplate: source.empty },
    absent: {
      functions: new Set([
        ...optionalFunctions.filter((name) => !defined.has(name)),
        ...absentFunctions,
        ...absentHooks,
      ]),
      members: new Set([...optionalMembers.filter((name) => !members.has(name)), ...absentMembers]),
    },
    address: addressOf(plan),
    // What init finds out is no constant.
    words: new Map(plan.upTo === undefined ? [] : [["END_OF_BLOCKS", "heap.control.end"]]),
    folder: source.folder,
    macroPrefix: `${plan.name.toUpperCase()}_`,
    prefixedMacros: [`${plan.name.toUpperCase()}_CORRUPT`],
  });
}

function addressOf(plan: Plan): HeapAddress {
  const { placement, name } = plan;
  const guard = heapGuard(plan);
  const guarded = guard === undefined ? {} : { guard };
  if (placement.kind === "static") return { kind: "variable", ...guarded };
  return placement.kind === "runtime" && placement.instances === "many"
    ? { kind: "parameter", prefix: name, hooks: hooks(plan).map((hook) => hook.name), ...guarded }
    : { kind: "pointer", ...guarded };
}

const layoutSection = (plan: Plan): Section => ({
  title: "Layout (fixed at generation)",
  pieces: [constantsPiece(plan), piece("unit/corrupt", `${plan.name.toUpperCase()}_CORRUPT`)],
});

/** The constants that the code uses: one that only an assertion asks for is none. */
const constantsPiece = (plan: Plan): Piece => ({
  template: "constants",
  defines: [],
  text: (words) => {
    const used = constants(plan).filter(({ name }) => words.has(name));
    return used.length === 0 ? "" : `${defines(used).join("\n")}\n`;
  },
});

/** What must hold of the constants that are there. */
const assertsPiece = (plan: Plan): Piece => ({
  template: "assertions",
  defines: [],
  text: (words) => {
    const unused = new Set(constants(plan).flatMap(({ name }) => (words.has(name) ? [] : [name])));
    return staticAsserts(plan)
      .filter(({ condition }) => !wordsOf(tokenize(condition)).some((word) => unused.has(word)))
      .map(({ condition, sentence }) => `_Static_assert(${condition},\n               "${sentence}");\n`)
      .join("");
  },
});

const stateSection = (plan: Plan, { types }: PolicySource): Section => ({
  title: "Types and state",
  pieces: [
    piece("unit/may-alias", "MAY_ALIAS"),
    ...types,
    piece("blocks/footer-type", "footer_t"),
    piece("words/word-type", "word_t"),
    piece("unit/control"),
    ...heapPieces(plan),
    piece("unit/is-ready", "is_ready"),
    ...(plan.upTo === undefined ? [] : [piece("api/end-of-blocks", "end_of_blocks")]),
    assertsPiece(plan),
  ],
});

function heapPieces({ placement }: Plan): readonly Piece[] {
  switch (placement.kind) {
    case "static":
      return [piece("unit/heap-static")];
    case "linker":
      return [piece("unit/heap-type"), piece("unit/heap-linker")];
    case "runtime":
      return placement.instances === "many"
        ? [piece("unit/heap-instance")]
        : [piece("unit/heap-type"), piece("unit/heap-runtime")];
  }
}

function apiSection(plan: Plan, source: PolicySource): Section {
  const all = publicPieces(plan, source);
  const [init, others] = [all.slice(0, 1), all.slice(1)];
  return {
    title: "API",
    pieces: [
      ...(plan.multiplies ? [] : [piece("api/product", "product")]),
      ...(plan.placement.kind === "static" ? [] : [piece("api/make-empty", "make_empty")]),
      ...[...init, ...initCallers(plan), ...others].flatMap((each) => [
        ...(source.apiHelpers?.[each.template] ?? []),
        each,
      ]),
    ],
  };
}

/** The functions that the header declares, in its order. */
function publicPieces(plan: Plan, { api }: PolicySource): readonly Piece[] {
  const pieceOf = ({ name, definition }: PublicFunction): Piece =>
    piece("shared" in definition ? definition.shared : api[definition.ofPolicy], name);
  return [...publicFunctions(plan).map(pieceOf), ...(api.more ?? []), ...lastFunctions(plan).map(pieceOf)];
}
