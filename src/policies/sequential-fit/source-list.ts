/**
 * The forms of the free list: links in the free blocks, slots in a side table, a ring that the links of no block close,
 * or a list by address that begins at a block of size 0. Search, release and check are written for each.
 */
import { piece, type Piece, type Section } from "../../csource/piece.js";
import { folder, own, ownType } from "./source-pieces.js";
import { splitInC } from "./split-in-c.js";
import type { SequentialFitNumbers, SequentialFitPlan } from "./types.js";

export interface ListForm {
  readonly isRing: boolean;
  readonly types: readonly Piece[];
  /** The list, the search in it, and the release into it. */
  readonly sections: readonly Section[];
  /** What check examines besides the headers. */
  readonly checks: readonly Piece[];
  /** Partial that makes the heap empty. */
  readonly empty: string;
}

export function listForm(plan: SequentialFitPlan): ListForm {
  switch (plan.policy.head) {
    case "block":
      return listByAddress(plan);
    case "ring":
      return ring(plan);
    case "member":
      return plan.header.links.place === "slots" ? slots(plan) : links(plan);
  }
}

const blockType = piece("blocks/block-type");

function intrusiveTypes(isDouble: boolean): readonly Piece[] {
  const linksType = isDouble ? piece("blocks/links-type") : ownType("links-type-single");
  return [piece("blocks/link-type"), blockType, linksType, piece("blocks/no-block")];
}

/** Template of take, by the ends that it hands out. */
const takeTemplate = (plan: SequentialFitPlan): string => {
  const split = splitInC(plan);
  switch (split) {
    case "low":
      return "take-low-end";
    case "high":
      return "take-high-end";
    case "two-ended":
    case "by-neighbour":
      return `take-${split}`;
  }
};

function listByAddress(plan: SequentialFitPlan): ListForm {
  const { policy } = plan;
  const find = policy.fit === "first" ? "head/find-first" : "head/find-extreme";
  return {
    isRing: false,
    types: intrusiveTypes(false),
    sections: [
      {
        title: "Free list: linked through the free blocks, by address",
        pieces: [own("head/list-head"), own("head/next-of"), own("head/set-next")],
      },
      { title: "Search", pieces: [own(find, "find"), own(`head/${takeTemplate(plan)}`, "take")] },
      { title: "Release", pieces: [own("head/release")] },
    ],
    checks: [],
    empty: `${folder}/head/init`,
  };
}

function ring(plan: SequentialFitPlan): ListForm {
  const { fit, ties, order } = plan.policy;
  const byAddress = fit !== "first" && ties !== "list" ? "-by-address" : "";
  return {
    isRing: true,
    types: intrusiveTypes(true),
    sections: [
      {
        title: "Free list: a ring through the free blocks",
        pieces: [
          own("ring/links-at"),
          own(order === "fifo" ? "ring/insert-last" : "ring/insert-first", "insert_free"),
          own("ring/remove-free"),
          own("ring/replace-free"),
        ],
      },
      {
        title: "Search",
        pieces: [own(`ring/find-${fit}${byAddress}`, "find"), own(`ring/${takeTemplate(plan)}`, "take")],
      },
      {
        title: "Release",
        pieces: [own(order === "in-place" ? "ring/release-in-place" : "ring/release", "release")],
      },
    ],
    checks: [own("ring/is-listable"), own("ring/damaged-list")],
    empty: `${folder}/ring/init`,
  };
}

function links(plan: SequentialFitPlan): ListForm {
  const { policy, header } = plan;
  const init = policy.wilderness !== "none" ? "init-wilderness" : "init";
  return {
    isRing: false,
    types: intrusiveTypes(header.links.place === "intrusive" && header.links.form === "double"),
    sections: [
      {
        title: "Free list: linked through the free blocks",
        pieces: [
          own("node-type", "node_t"),
          own("no-node", "NO_NODE"),
          ...["node-offset", "node-size", "next-of", "link-after"].map((name) => own(name)),
          own(insertTemplate(policy), "insert_free"),
          own("remove-free"),
          own("replace-free"),
        ],
      },
      searchSection(plan),
      releaseSection(plan),
    ],
    checks: [own("is-listable"), own("damaged-list")],
    empty: `${folder}/${init === "init" && header.boundaryTag !== "none" ? "init-tags" : init}`,
  };
}

function slots(plan: SequentialFitPlan): ListForm {
  const { policy } = plan;
  return {
    isRing: false,
    types: [ownType("slots/link-types"), blockType, ownType("slots/slot-type"), ownType("slots/no-slot")],
    sections: [
      {
        title: "Free list: slots in a side table",
        pieces: [
          own("slots/node-type", "node_t"),
          own("slots/no-node", "NO_NODE"),
          ...["slot-at", "node-offset", "node-size", "next-of", "link-after"].map((name) =>
            own(`slots/${name}`),
          ),
          own("slots/slot-set"),
          own("slots/clear-list"),
          own(`slots/${insertTemplate(policy)}`, "insert_free"),
          own("slots/remove-free"),
        ],
      },
      searchSection(plan),
      releaseSection(plan),
    ],
    checks: [own("slots/is-listable"), own("slots/damaged-spare"), own("slots/damaged-list")],
    empty: `${folder}/slots/${policy.wilderness === "none" ? "init" : "init-wilderness"}`,
  };
}

const insertTemplate = ({ order }: SequentialFitNumbers): string =>
  order === "fifo" ? "insert-free-last" : "insert-free";

function searchSection(plan: SequentialFitPlan): Section {
  const { policy } = plan;
  const { wilderness } = policy;
  return {
    title: "Search",
    pieces: [
      own("cursor-type", "cursor_t"),
      own("merged-size"),
      own(findTemplate(policy), "find"),
      own(takeTemplate(plan), wilderness === "none" ? "take" : "take_listed"),
      ...(wilderness === "none"
        ? []
        : [
            own(plan.upTo === undefined ? "take-wilderness" : "take-wilderness-up-to", "take_wilderness"),
            own(`take-wilderness-${wilderness}`, "take"),
          ]),
    ],
  };
}

function findTemplate({ fit, ties, order }: SequentialFitNumbers): string {
  switch (fit) {
    case "first":
    case "next":
      return `find-${fit}`;
    case "best":
    case "worst":
      return ties !== "list" && order !== "address" ? "find-extreme-by-address" : "find-extreme";
  }
}

function releaseSection(plan: SequentialFitPlan): Section {
  const { policy } = plan;
  const absorbs = policy.wilderness !== "none";
  const hasTags = plan.header.boundaryTag !== "none";
  const ending = !absorbs ? "" : hasTags ? "-or-absorb" : "-or-absorb-after";
  return {
    title: "Release",
    pieces: [
      own(`insert-coalesced${ending}`, "insert_coalesced"),
      own(releaseTemplate(policy, hasTags), "release"),
    ],
  };
}

function releaseTemplate({ coalesce, order, wilderness }: SequentialFitNumbers, hasTags: boolean): string {
  const absorbs = wilderness !== "none";
  if (order === "address") {
    if (coalesce !== "immediate") return "release-by-address-unmerged";
    if (hasTags) return "release-by-address-with-tags";
    return `release-by-address${absorbs ? "-or-absorb" : ""}`;
  }
  if (coalesce !== "immediate") return "release-to-list";
  return `${hasTags ? "release-by-tags" : "release-by-walk"}${absorbs ? "-or-absorb" : ""}`;
}
