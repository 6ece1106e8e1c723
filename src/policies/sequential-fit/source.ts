/** The C of sequential fit: which functions there are, and which of the ways each is written. */
import { piece, type Piece, type Section } from "../../csource/piece.js";
import {
  alignedAllocation,
  alignmentPieces,
  checkPieces,
  figuresSection,
  lockSection,
  wordsSection,
} from "../../csource/shared-pieces.js";
import { verifies } from "../../header/facts.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { hardenedSource } from "./hardened-source.js";
import { accessSection } from "./source-access.js";
import { listForm, type ListForm } from "./source-list.js";
import { own } from "./source-pieces.js";
import { settling } from "./settling.js";
import type { SequentialFitPlan } from "./types.js";

export function source(plan: SequentialFitPlan): PolicySource {
  return plan.hardening === undefined ? plainSource(plan) : hardenedSource(plan, plainSource(plan));
}

function plainSource(plan: SequentialFitPlan): PolicySource {
  const { coalesce } = plan.policy;
  const { links } = plan.header;
  const form = listForm(plan);
  const isVerified = verifies(plan.header);
  const verifying = (name: string): string => `blocks/${name}${isVerified ? "-verifying" : ""}`;
  const { alignedAlloc, apiHelpers } = alignedAllocation(
    plan,
    verifying("realloc"),
    piece("blocks/allocate-aligned", "allocate_aligned"),
  );
  const coalescesOnFailure = coalesce === "deferred" || links.place === "slots";
  return {
    types: form.types,
    sections: [
      accessSection(plan),
      wordsSection(plan),
      ...form.sections,
      ...(coalescesOnFailure ? [coalesceSection(plan)] : []),
      resizingSection(plan),
      settleSection(plan),
      lockSection(plan),
      { title: "Check", pieces: [...checkPieces, ...form.checks] },
      figuresSection(plan),
    ],
    empty: form.empty,
    api: {
      malloc: coalescesOnFailure ? "blocks/malloc-sweeping" : "blocks/malloc",
      free: verifying("free"),
      realloc: verifying("realloc"),
      alignedAlloc,
      usableSize: "blocks/usable-size",
      walk: "blocks/walk",
      check: "blocks/check",
      stats: "blocks/stats",
      largestRequest: "blocks/largest-request",
    },
    apiHelpers,
    absentMembers: absentMembers(plan, form),
    absentFunctions: settling(plan) === undefined ? ["settle"] : [],
  };
}

/** Members that the control data and the links of a free block do not have. */
function absentMembers({ control, header }: SequentialFitPlan, { isRing }: ListForm): readonly string[] {
  const has = new Set(control.map(({ name }) => name));
  const { links } = header;
  const isDouble = isRing || (links.place === "intrusive" && links.form === "double");
  return [...["last", "rover"].filter((name) => !has.has(name)), ...(isDouble ? [] : ["->previous"])];
}

/** Merges over the whole heap, in the list's way. */
function coalesceSection({ policy, header }: SequentialFitPlan): Section {
  const { coalesce, wilderness } = policy;
  const folder = header.links.place === "slots" ? "slots/" : "";
  const absorbs = wilderness !== "none" && (coalesce === "deferred" || coalesce === "immediate");
  const name = coalesce === "never" ? "coalesce-unmerged" : absorbs ? "coalesce-and-absorb" : "coalesce";
  return {
    title: "Coalescing pass",
    pieces: [own(`${folder}${name}`, "coalesce"), piece("blocks/take-or-coalesce", "take_or_coalesce")],
  };
}

/** Where a request that fails merges blocks, whatever else it does. */
function settleSection(plan: SequentialFitPlan): Section {
  const template = settling(plan);
  return { title: "Merging", pieces: template === undefined ? [] : [own(template, "settle")] };
}

function resizingSection({ policy, header }: SequentialFitPlan): Section {
  const ending = policy.wilderness === "none" ? "" : "-or-wilderness";
  const growing: readonly Piece[] =
    header.boundaryTag === "none"
      ? [own("find-at"), own(`resize-by-walk${ending}`, "resize")]
      : [own("join-left"), own(`resize-by-tags${ending}`, "resize")];
  return {
    title: "Resizing",
    pieces: [piece("blocks/cut", "cut"), ...alignmentPieces, ...growing, piece("blocks/align", "align")],
  };
}
