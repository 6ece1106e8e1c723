import type { Api, HeaderConfig } from "../../config/config.js";
import { diagnose, type Diagnostic } from "../../diagnostics.js";
import { tagInHeader, type BoundaryTag } from "../../header/boundary-tag.js";
import { sizeField } from "../../header/facts.js";
import type { HeaderLayout } from "../../header/layout.js";
import { usedFlag, type FieldNeed, type HeaderNeeds } from "../../header/needs.js";
import { chooseBoundaryTag, refuse } from "../../header/wishes.js";
import type { Coalescing, EndHeader } from "../../plan/plan.js";
import type { SequentialFitConfig, SequentialFitNumbers } from "./types.js";
import { bytes, roundUp } from "../../units.js";
import { readsBlocks } from "../reads-blocks.js";
import type { ControlMember, PlanBasis, PolicyPart } from "../policy.js";

/**
 * Boundary tags serve one purpose here: a freed block finds its free neighbours without walking the list. That needs
 * immediate coalescing, links in the blocks, and a list from which a block can be taken in one step.
 */
export function headerNeeds(
  policy: SequentialFitConfig,
  header: HeaderConfig,
  _alignment: number,
  api: Api,
  isHardened: boolean,
): HeaderNeeds | readonly Diagnostic[] {
  const { place, form, slots } = header.links;
  const tagsServe = policy.coalesce === "immediate" && place === "intrusive";
  const { boundaryTag, refusals } = chooseBoundaryTag(
    header,
    tagsServe && policy.order !== "address" ? "footer" : "none",
  );
  const diagnostics: Diagnostic[] = [];
  if (boundaryTag !== "none" && !tagsServe) {
    const reason =
      place === "slots"
        ? "a side table is walked to coalesce, so nothing would read the tags"
        : `coalesce "${policy.coalesce}" never looks at neighbours, so nothing would read the tags`;
    diagnostics.push(refuse(`boundary tag "${boundaryTag}"`, reason, ["boundaryTag"]));
  }
  diagnostics.push(...refusals);
  const needed = boundaryTag === "none" ? "single" : "double";
  if (place === "intrusive" && form !== "auto" && form !== needed) {
    const reason =
      needed === "single"
        ? "without boundary tags nothing reads previous links"
        : "coalescing by boundary tags removes blocks from the middle of the list";
    diagnostics.push(refuse(`links of form "${form}"`, reason, ["links", "form"]));
  }
  if (place === "slots" && form === "double") {
    diagnostics.push(refuse('links of form "double"', "slots are singly linked", ["links", "form"]));
  }
  diagnostics.push(...neighbourFaults(policy, place, boundaryTag));
  if (policy.order === "in-place") diagnostics.push(...inPlaceFaults(policy, place, boundaryTag));
  if (diagnostics.length > 0) return diagnostics;
  return {
    boundaryTag,
    fields: saysIfUsed(policy, boundaryTag, place, readsBlocks(api) || api.largestRequest || isHardened),
    links: place === "slots" ? { place, count: slots } : { place, form: needed },
  };
}

/** Where a header ends the heap, the block after the right neighbour can say whether that is free. */
function saysIfUsed(
  { coalesce, wilderness }: SequentialFitConfig,
  boundaryTag: BoundaryTag,
  place: "intrusive" | "slots",
  isRead: boolean,
): readonly FieldNeed[] {
  if (isRead) return [usedFlag()];
  if (boundaryTag === "footer" && wilderness === "none") return [usedFlag("if-room")];
  const needed = boundaryTag !== "none" || coalesce === "deferred" || place === "slots";
  return needed ? [usedFlag()] : [];
}

/** A block is cut by the size of the one behind it only where one stands behind each: the heap's end, at least. */
function neighbourFaults(
  { split, wilderness }: SequentialFitConfig,
  place: "intrusive" | "slots",
  boundaryTag: BoundaryTag,
): readonly Diagnostic[] {
  if (split !== "by-neighbour") return [];
  const reasons = [
    ...(wilderness === "none"
      ? []
      : ["the wilderness after the last block has no header that holds its size"]),
    ...(place === "slots" || boundaryTag === "none" ? ["without boundary tags no header ends the heap"] : []),
  ];
  return reasons.map((reason) =>
    diagnose("conflict", { found: '"by-neighbour"', reason }, { path: ["policy", "split"] }),
  );
}

/** A freed block stands where a neighbour stood only if it finds the neighbour, and the neighbour's place, at once. */
function inPlaceFaults(
  { coalesce, wilderness, fit }: SequentialFitConfig,
  place: "intrusive" | "slots",
  boundaryTag: BoundaryTag,
): readonly Diagnostic[] {
  const reasons = [
    ...(coalesce === "immediate" ? [] : [`coalesce "${coalesce}" does not coalesce freed blocks`]),
    ...(coalesce === "immediate" && (place === "slots" || boundaryTag === "none")
      ? ["without boundary tags neighbours are found by walking the list"]
      : []),
    ...(wilderness === "none"
      ? []
      : ["a block that becomes part of the wilderness has no place in the list"]),
    ...(fit === "next" ? ["next fit's rover would follow each change of the list"] : []),
  ];
  return reasons.map((reason) =>
    diagnose("conflict", { found: '"in-place"', reason }, { path: ["policy", "order"] }),
  );
}

export function planPart(policy: SequentialFitConfig, basis: PlanBasis): PolicyPart<SequentialFitNumbers> {
  const { links, boundaryTag } = basis.header;
  const link = (name: string, meaning: string): ControlMember => ({
    name,
    bytes: links.bytes,
    count: 1,
    meaning,
  });
  const node = links.place === "slots" ? "slot" : "free block";
  const control: ControlMember[] = [];
  const head = headOf(policy, basis);
  if (head === "block") {
    control.push({
      name: "head",
      bytes: sizeField(basis.header).unit.bytes,
      count: 1,
      meaning: "size of the list's sentinel block: 0",
    });
  }
  if (policy.wilderness !== "none") {
    const meaning = "offset of the wilderness, which extends to the end";
    control.push({ name: "wilderness", bytes: 4, count: 1, meaning });
  }
  control.push(link("first", `first ${node} of the list`));
  if (policy.order === "fifo" || head === "ring") control.push(link("last", `last ${node} of the list`));
  if (policy.fit === "next")
    control.push(link("rover", `the search begins after this ${node}; none: at the first`));
  if (policy.coalesce === "deferred" || links.place === "slots") {
    const meaning =
      links.place === "slots"
        ? policy.coalesce === "deferred"
          ? "1: a block was freed since the last coalescing pass"
          : "1: a free block may have no slot"
        : "1: a block was freed since the last coalescing pass";
    control.push(link("coalesce_due", meaning));
  }
  if (links.place === "slots") {
    control.push(link("spare", "first spare slot"));
    control.push({
      name: "slots",
      bytes: links.bytes,
      count: 3 * links.count,
      meaning: "block, size in granules, next",
    });
  }
  return {
    policy: { ...policy, smallBelow: bytes(roundUp(policy.smallBelow, basis.granuleBytes)), head },
    control,
    endHeader: endHeaderOf(policy, boundaryTag),
    coalescing: coalescingOf(policy, links.place),
    largestServedBytes: (freeBytes) => freeBytes,
  };
}

/** A block that finds all slots taken stays unlisted until the next coalescing pass. */
const coalescingOf = (
  { coalesce }: SequentialFitConfig,
  place: HeaderLayout["links"]["place"],
): Coalescing => (coalesce !== "immediate" ? "none" : place === "slots" ? "if-listed" : "immediate");

/**
 * Where the last block may be free, boundary tags say so to the header after it, and that header says that it is not a
 * free block. The wilderness needs less: a free block never comes before it.
 */
function endHeaderOf(policy: SequentialFitConfig, boundaryTag: BoundaryTag): EndHeader {
  if (boundaryTag === "none") return "none";
  if (policy.wilderness === "none") return "block";
  return boundaryTag === tagInHeader ? "tag" : "none";
}

/**
 * A list by address that is always walked can begin at a block of size 0: what is done after a block is then done at the
 * list's beginning too. Its header is one number, and nothing but the list refers to it. A doubly linked list
 * of any other order can be a ring, closed by links of no block: none is taken out of it or put into it as an exception.
 */
function headOf(
  { fit, order, wilderness, coalesce }: SequentialFitConfig,
  { header, api }: PlanBasis,
): SequentialFitNumbers["head"] {
  const { boundaryTag, links, units } = header;
  if (coalesce !== "immediate" || wilderness !== "none" || fit === "next" || links.place !== "intrusive") {
    return "member";
  }
  if (order !== "address") return boundaryTag === "none" ? "member" : "ring";
  const [unit, ...others] = units;
  const isOneNumber = unit?.fields.length === 1 && others.length === 0;
  // Resizing looks for the block after another in the list.
  if (api.realloc || api.alignedAlloc || readsBlocks(api)) return "member";
  return boundaryTag === "none" && isOneNumber ? "block" : "member";
}
