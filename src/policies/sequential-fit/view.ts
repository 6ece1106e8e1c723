import { unsigned, type Constant, type StaticAssert } from "../../emit/c-text.js";
import type { View } from "../../emit/view.js";
import type { SequentialFitNumbers, SequentialFitPlan } from "./types.js";
import { readsBlocks } from "../boundary-tag.js";

/** Which of the templates' pieces this combination of fit, order, coalescing and header is made of. */
export function view(plan: SequentialFitPlan): View {
  const { policy, header } = plan;
  const { fit, order, coalesce } = policy;
  const slots = header.links.place === "slots";
  const tags = header.boundaryTag !== "none";
  const immediate = coalesce === "immediate";
  const byAddress = order === "address";
  const hasWilderness = policy.wilderness !== "none";
  const places = immediate && byAddress;
  const wildernessText = {
    first: ", untouched space first",
    last: ", untouched space last",
    none: "",
  }[policy.wilderness];
  const coalesceText = {
    immediate: "immediate coalescing",
    deferred: "coalescing deferred until a request fails",
    "list-neighbours": "list neighbours coalesce in the search",
    never: "no coalescing",
  }[coalesce];
  const orderText = {
    address: "address-ordered",
    lifo: "last-in first-out",
    fifo: "first-in first-out",
    "in-place": "merged in place",
  }[order];
  return {
    summary: `${fit} fit, ${orderText}${wildernessText}, ${coalesceText}`,
    mallocBound: coalesce === "deferred" || slots ? "O(n blocks)" : "O(n free blocks)",
    freeBound: byAddress || (immediate && !tags) ? "O(n free blocks)" : "O(1)",
    mergesAtFree: immediate,
    firstFit: fit === "first",
    nextFit: fit === "next",
    extremeFit: fit === "best" || fit === "worst",
    bestFit: fit === "best",
    fifo: order === "fifo",
    inPlace: order === "in-place",
    ...tiesView(policy),
    ...splitView(policy),
    wildernessFirst: policy.wilderness === "first",
    hasWilderness,
    listByAddress: byAddress,
    listHead: policy.head === "block",
    ring: policy.head === "ring",
    readsFreeSize: policy.head === "ring",
    replaces: places || policy.split !== "high",
    standsIn: order === "in-place" || policy.split !== "high",
    usesBool: policy.head !== "block" || plan.placement.kind !== "static",
    endOfUsed: hasWilderness ? "heap.control.wilderness" : "END_OF_BLOCKS",
    takeListed: hasWilderness ? "take_listed" : "take",
    deferred: coalesce === "deferred",
    sweeps: coalesce === "deferred" || slots,
    sweepMerges: coalesce !== "never",
    // A sweep that leaves the untouched space as it was cannot make it large enough.
    takeSwept: coalesce === "deferred" || immediate || !hasWilderness ? "take" : "take_listed",
    sweepAbsorbs: hasWilderness && (coalesce === "deferred" || immediate),
    places,
    absorbsByBefore: hasWilderness && immediate && byAddress && !tags,
    releaseWalk: byAddress && !tags,
    releaseTagWalk: byAddress && tags,
    mergesOnWalk: coalesce === "list-neighbours",
    sizeOnWalk: coalesce === "list-neighbours" ? "merged_size" : "node_size",
    releaseListOnly: !byAddress && !immediate,
    releaseMergeTags: immediate && !byAddress && tags,
    releaseMergeWalk: immediate && !byAddress && !tags,
    roverFollows: fit === "next" && places,
    needsIsFree: header.boundaryTag !== "none" || coalesce === "deferred" || slots || readsBlocks(plan.api),
  };
}

/** Which ends are handed out, and where both are, who gets the low one. */
function splitView({ split }: SequentialFitNumbers): View {
  return {
    splitsLow: split !== "high",
    splitsHigh: split !== "low",
    splitsByNeighbour: split === "by-neighbour",
  };
}

/**
 * In the search a block found later is at a higher address where the list is by address: of equals it is taken, or the
 * first stays. Elsewhere addresses are compared.
 */
function tiesView({ order, ties, fit }: SequentialFitNumbers): View {
  const smaller = fit === "best" ? "<" : ">";
  return {
    tiesByAddress: ties !== "list" && order !== "address",
    better: ties === "highest" && order === "address" ? `${smaller}=` : smaller,
    nearer: ties === "lowest" ? "<" : ">",
    tiesText: { list: "the first", lowest: "the lowest", highest: "the highest" }[ties],
  };
}

export function constants(plan: SequentialFitPlan): readonly Constant[] {
  return [...splitConstants(plan), ...listConstants(plan)];
}

/** Whether small requests are told from others. */
const tellsSmall = ({ split }: SequentialFitNumbers): boolean =>
  split === "two-ended" || split === "by-neighbour";

function splitConstants({ policy }: SequentialFitPlan): readonly Constant[] {
  if (!tellsSmall(policy)) return [];
  const end = policy.split === "two-ended" ? "high" : "low";
  const comment = `Blocks of fewer bytes are cut from the ${end} end.`;
  return [{ name: "SMALL_BELOW", value: unsigned(policy.smallBelow), comment }];
}

function listConstants(plan: SequentialFitPlan): readonly Constant[] {
  const { links } = plan.header;
  const head = plan.control.find(({ name }) => name === "head");
  if (head !== undefined) {
    return [
      {
        name: "HEAD",
        value: unsigned(head.offset),
        comment: "Offset of a block of size 0: the list begins there.",
      },
    ];
  }
  if (links.place !== "slots") return [];
  return [{ name: "SLOTS", value: unsigned(links.count), comment: "Free blocks the side table can list." }];
}

export function asserts(plan: SequentialFitPlan): readonly StaticAssert[] {
  const { policy } = plan;
  const { links } = plan.header;
  const found: StaticAssert[] = [];
  if (policy.head === "block") {
    const condition = "offsetof(control_t, first) == (HEAD + HEADER_BYTES)";
    found.push({ condition, sentence: "the list does not begin where the link of a block stands" });
  }
  if (tellsSmall(policy)) {
    const condition = "(SMALL_BELOW & GRANULE_MASK) == 0U";
    found.push({ condition, sentence: "the limit of small blocks is no whole number of granules" });
  }
  // A slot's number has the width of a link.
  if (links.place === "slots" && links.bytes === 2) {
    found.push({ condition: "SLOTS <= UINT16_MAX", sentence: "a slot number does not reach the last slot" });
  }
  return found;
}
