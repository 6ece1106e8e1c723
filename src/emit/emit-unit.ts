/** The C file of a plan, assembled from its pieces. */
import type { HeapAddress } from "../csource/address-heap.js";
import { assemble, piece, type Piece, type Section, type Unit } from "../csource/unit.js";
import { findField, type Plan } from "../plan/plan.js";
import type { PolicySource } from "../plan/policy-rules.js";
import { optionalFunctions, optionalMembers } from "./shared-pieces.js";
import type { View } from "./view.js";

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
  const { absentMembers = [] } = source;
  return assemble({
    sections,
    roots: publicPieces(plan, source).flatMap(({ defines }) => defines),
    view: { ...view, emptyTemplate: source.empty },
    absent: {
      functions: new Set(optionalFunctions.filter((name) => !defined.has(name))),
      members: new Set([...optionalMembers.filter((name) => !members.has(name)), ...absentMembers]),
    },
    address: addressOf(plan),
  });
}

function addressOf({ placement, name }: Plan): HeapAddress {
  if (placement.kind === "static") return { kind: "variable" };
  const isParameter = placement.kind === "runtime" && placement.instances === "many";
  return isParameter ? { kind: "parameter", prefix: name } : { kind: "pointer" };
}

const layoutSection = ({ name }: Plan): Section => ({
  title: "Layout (fixed at generation)",
  pieces: [piece("unit/layout"), piece("unit/corrupt", `${name.toUpperCase()}_CORRUPT`)],
});

const stateSection = (plan: Plan, { types }: PolicySource): Section => ({
  title: "Types and state",
  pieces: [...types, piece("unit/control"), ...heapPieces(plan), piece("unit/asserts")],
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

const apiSection = (plan: Plan, source: PolicySource): Section => ({
  title: "API",
  pieces: [
    ...(plan.placement.kind === "static" ? [] : [piece("api/make-empty", "make_empty")]),
    ...publicPieces(plan, source).flatMap((each) => [...(source.apiHelpers?.[each.template] ?? []), each]),
  ],
});

function initTemplate({ placement }: Plan): string {
  if (placement.kind !== "runtime") return `api/init-${placement.kind}`;
  return placement.instances === "many" ? "api/init-instance" : "api/init-runtime";
}

/** The functions that the header declares, in its order. */
function publicPieces(plan: Plan, { api }: PolicySource): readonly Piece[] {
  const { name } = plan;
  const hasTag = findField(plan.header, "tag") !== undefined;
  const asked = plan.api;
  const named = (template: string, suffix: string): Piece => piece(template, `${name}_${suffix}`);
  const malloc = hasTag
    ? [named("api/malloc-untagged", "malloc"), named(api.malloc, "malloc_tagged")]
    : [named(api.malloc, "malloc")];
  return [
    named(initTemplate(plan), "init"),
    ...malloc,
    named(api.free, "free"),
    ...(asked.calloc ? [named("api/calloc", "calloc")] : []),
    ...(asked.realloc ? [named(api.realloc, "realloc")] : []),
    ...(asked.alignedAlloc ? [named(api.alignedAlloc, "aligned_alloc")] : []),
    ...(asked.usableSize ? [named(api.usableSize, "usable_size")] : []),
    ...(asked.walk ? [named(api.walk, "walk")] : []),
    ...(asked.check ? [named(api.check, "check")] : []),
    ...(asked.stats ? [named(api.stats, "stats")] : []),
    ...(asked.stats && hasTag ? [named("blocks/tagged-bytes", "tagged_bytes")] : []),
    ...(api.more ?? []),
    ...(plan.owned ? [named("api/owns", "owns")] : []),
  ];
}
