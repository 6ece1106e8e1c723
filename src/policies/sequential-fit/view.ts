import { unsigned, type Constant, type StaticAssert } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";
import { hardenedConstants, hardenedView } from "./hardened-view.js";
import { settling } from "./settling.js";
import { splitInC } from "./split-in-c.js";
import type { SequentialFitNumbers, SequentialFitPlan } from "./types.js";

/** What the templates are given of this combination of fit, order, coalescing and header. */
export function view(plan: SequentialFitPlan): View {
  const { policy, header } = plan;
  const { fit, order, coalesce } = policy;
  const slots = header.links.place === "slots";
  const tags = header.boundaryTag !== "none";
  const immediate = coalesce === "immediate";
  const byAddress = order === "address";
  const hasWilderness = policy.wilderness !== "none";
  const wildernessText = {
    first: ", wilderness first",
    last: ", wilderness last",
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
    hasWilderness,
    // Before init there is none.
    wildernessBytes: hasWilderness
      ? "(heap.control.wilderness == 0U) ? 0U : (END_OF_BLOCKS - heap.control.wilderness)"
      : "0U",
    largestCost: `O(n blocks)${settling(plan) === undefined ? "" : ": as a request that fails, it first merges free blocks"}`,
    endOfUsed: hasWilderness ? "heap.control.wilderness" : "END_OF_BLOCKS",
    fifo: order === "fifo",
    nextFit: fit === "next",
    mayJoinLeft:
      plan.realloc.keepAlignment === undefined
        ? "size >= wanted"
        : "(size >= wanted) && keeps_alignment(payload_of(left), payload_of(block))",
    deferred: coalesce === "deferred",
    // Functions other than malloc also coalesce when a request fails.
    coalescesOnFailure: coalesce === "deferred" || slots,
    ...searchView(policy),
    ...listView(plan),
    ...coalesceView(plan),
    ...(plan.hardening === undefined ? {} : hardenedView(plan)),
  };
}

/** The expressions of the searches. */
function searchView({ fit, order, ties, coalesce }: SequentialFitNumbers): View {
  const isBest = fit === "best";
  const smaller = isBest ? "<" : ">";
  return {
    extreme: isBest ? "smallest" : "largest",
    noSizeYet: isBest ? "UINT32_MAX" : "0U",
    // In an address-ordered list a block found later is at a higher address: of equal ones it is taken, or the first stays.
    better: ties === "highest" && order === "address" ? `${smaller}=` : smaller,
    nearer: ties === "lowest" ? "<" : ">",
    tiesText: { list: "the first", lowest: "the lowest", highest: "the highest" }[ties],
    sizeOnWalk: coalesce === "list-neighbours" ? "merged_size" : "node_size",
  };
}

/** How blocks are inserted into the list and removed from it. */
function listView({ policy, header }: SequentialFitPlan): View {
  const { order, coalesce, fit } = policy;
  const hasSlots = header.links.place === "slots";
  const hasWilderness = policy.wilderness !== "none";
  const isFifo = order === "fifo";
  const listed = (size: string): string => (hasSlots ? `block, ${size}` : "link_of(block)");
  const unlisted = (block: string): string =>
    policy.head === "ring"
      ? `remove_free(${block})`
      : `remove_free(links_of(${block})->previous, link_of(${block}))`;
  const whenMerged = {
    immediate: "it is coalesced with its neighbours",
    deferred: "nothing is merged before a coalescing pass",
    "list-neighbours": "the search coalesces it with its neighbours in the list",
    never: "nothing is merged",
  };
  return {
    takeListed: hasWilderness ? "take_listed" : "take",
    // What insert_free is given of a block, by the expression of its size.
    listed: {
      size: listed("size"),
      blockSize: listed("block_size(block)"),
      span: listed("end - start"),
    },
    unlistLeft: unlisted("left"),
    unlistRight: unlisted("right"),
    insertAfter: isFifo ? "heap.control.last" : "NO_NODE",
    listEnd: isFifo ? "last" : "first",
    whenMerged: whenMerged[coalesce],
    rightIsFree: hasWilderness
      ? "(offset_of(right) != heap.control.wilderness) && is_free(right)"
      : "is_free(right)",
    orOutOfOrder:
      order === "address"
        ? ` ||\n            ((previous != NO_NODE) && (node_offset(node) <= node_offset(previous)))`
        : "",
    roverFollows: fit === "next" && order === "address" && coalesce === "immediate",
  };
}

/** The call of a coalescing pass, and what is tried after it. */
function coalesceView({ policy, header }: SequentialFitPlan): View {
  const { coalesce } = policy;
  // A pass that leaves the wilderness as it was cannot make it large enough.
  const growsWilderness = coalesce === "deferred" || coalesce === "immediate";
  return {
    coalesceAll: header.links.place === "slots" ? "coalesce(UINT32_MAX)" : "coalesce()",
    passText: coalesce === "never" ? "" : ", those that touch merged",
    coalesceCall: header.links.place === "slots" ? "coalesce(need)" : "coalesce()",
    takeCoalesced: growsWilderness || policy.wilderness === "none" ? "take" : "take_listed",
  };
}

export function constants(plan: SequentialFitPlan): readonly Constant[] {
  return [...splitConstants(plan), ...listConstants(plan), ...hardenedConstants(plan)];
}

/** Whether small requests are treated differently. */
function tellsSmall(plan: SequentialFitPlan): boolean {
  const split = splitInC(plan);
  return split === "two-ended" || split === "by-neighbour";
}

function splitConstants(plan: SequentialFitPlan): readonly Constant[] {
  const { policy } = plan;
  if (!tellsSmall(plan)) return [];
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
        comment: "Offset of a block of size 0, where the list begins.",
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
    found.push({ condition, sentence: "the list does not begin at the link of a block" });
  }
  if (tellsSmall(plan)) {
    const condition = "(SMALL_BELOW & GRANULE_MASK) == 0U";
    found.push({ condition, sentence: "the limit of small blocks is not a whole number of granules" });
  }
  // A slot's number has the width of a link.
  if (links.place === "slots" && links.bytes === 2) {
    found.push({ condition: "SLOTS <= UINT16_MAX", sentence: "a slot number does not reach the last slot" });
  }
  return found;
}
