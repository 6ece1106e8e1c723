/** The templates' view of links that are addresses, and the constants of their C. */
import { unsigned, type Constant, type StaticAssert } from "../../../csource/c-text.js";
import type { View } from "../../../csource/view.js";
import type { AddressLinks, SegregatedFitPlan } from "../types.js";
import {
  allSmall,
  asserts as listAsserts,
  constants as listConstants,
  freesAnything,
  view as listView,
} from "../view.js";
import { headBit, headBytes } from "./plan.js";

const folder = "policies/segregated-fit/address";
/** The template of no text. */
const nothing = "policies/segregated-fit/bits/nothing";

export function addressOf({ policy: { address } }: SegregatedFitPlan): AddressLinks {
  if (address === undefined) throw new Error("the plan has no links that are addresses");
  return address;
}

/** Whether a class is numbered by the zeros in front of its sizes: one instruction finds it, none turns it round. */
export const countsZeros = ({ countLeadingZeros, policy }: SegregatedFitPlan): boolean =>
  countLeadingZeros && policy.subdivisionBits === 0 && policy.sizeShift === 0 && policy.leastHighest === 0;

/** Of requests, that get a block of the minimum size though one of less would hold them; below 0 where there are none. */
const tinyRequest = ({ minimumBlockBytes, granuleBytes, header }: SegregatedFitPlan): number =>
  minimumBlockBytes - granuleBytes - header.bytes;

/** Distance from the control data to where the head of class 0 would be, if classes were so numbered. */
function headsDistance(plan: SegregatedFitPlan): number {
  const { headsLink } = plan.policy;
  return countsZeros(plan) ? headsLink + 31 * headBytes : headsLink;
}

/**
 * Memory of zeros has no link to none, so no list may be looked at before init. Where the heap has a lock, it is looked at
 * under it: by the search.
 */
const belowLimit = (isZeroNull: boolean): string =>
  isZeroNull ? "(size - 1U) < control_data()->limit" : "size < control_data()->limit";

export function view(plan: SegregatedFitPlan): View {
  const zeros = countsZeros(plan);
  const { policy, lock } = plan;
  const common = listView(plan);
  // Where a flag says that init was called, free would look at it.
  const hasFlag =
    plan.init === "lazy" || (plan.placement.kind === "static" && plan.placement.section !== undefined);
  const isFreed = freesAnything(plan) && !hasFlag;
  const isZeroNull = plan.zeroSize === "null";
  const maximum = plan.name.toUpperCase();
  const shift = unsigned(Math.log2(headBytes));
  const heads = headsDistance(plan);
  const base = (control: string): string => `(${control} ${heads < 0 ? "-" : "+"} HEADS)`;
  const removed = (block: string, size: string): string =>
    zeros ? `remove_free(${block}, ${size}, nonempty)` : `remove_free(control, ${block}, nonempty)`;
  const bit = unsigned(Math.log2(headBit));
  return {
    ...common,
    noBlock: "no_block()",
    ...(lock.kind === "none" ? { inRange: belowLimit(isZeroNull) } : {}),
    readyTemplate: lock.kind === "none" ? nothing : `${folder}/ready`,
    limit: isZeroNull ? `${maximum}_MAX_REQUEST` : `${maximum}_MAX_REQUEST + 1U`,
    wholeSpaceTemplate: `${folder}/${isFreed ? "empty-by-free" : "empty"}`,
    soughtTemplate: common["classesFirst"] === true ? "policies/segregated-fit/bits/sought" : nothing,
    headAddress: `${base("link_of(control)")} ${zeros ? "-" : "+"} (class << ${shift})`,
    classOfHead: `(previous - ${base("link_of(control)")}) >> ${shift}`,
    bitIfHead:
      plan.countLeadingZeros && !zeros
        ? `((link << ${unsigned(31 - Math.log2(headBit))}) & 0x80000000U) >> class`
        : `((link >> ${bit}) & 1U) << class`,
    removeRight: removed("right", "behind"),
    removeLeft: removed("whole", "left"),
    removeNeighbour: zeros
      ? "remove_free(block, free_size(block), heap.control.nonempty)"
      : "remove_free(&heap.control, block, heap.control.nonempty)",
    requestTemplate: tinyRequest(plan) > 0 ? `${folder}/need` : "partials/need",
    lowEndTemplate: `${folder}/${policy.split === "two-ended" && allSmall(plan) ? "no-low-end" : "low-end"}`,
  };
}

export function constants(plan: SegregatedFitPlan): readonly Constant[] {
  const { policy } = plan;
  const constant = (name: string, value: number, comment: string): Constant => ({
    ...{ name, comment },
    value: unsigned(value),
  });
  const tiny = tinyRequest(plan);
  const theirs = listConstants(plan).filter(
    ({ name }) => !["FIRST_CLASS", "CLASSES", "LAST_HEAD", "HEADS", "PREVIOUS_SHIFT"].includes(name),
  );
  return [
    ...theirs,
    ...(tiny > 0
      ? [constant("TINY_REQUEST", tiny, "Requests up to this size get a block of the minimum size.")]
      : []),
    countsZeros(plan)
      ? constant("FIRST_CLASS", lowestClass(plan), "Class of the largest block.")
      : constant("FIRST_CLASS", policy.firstClass, "Class of the minimum block."),
    constant("CLASSES", policy.classes, "From FIRST_CLASS to that of the other end."),
    constant(
      "HEADS",
      Math.abs(headsDistance(plan)),
      "Of the control data from the head of class 0, if there were one.",
    ),
    constant("HEAD_BIT", headBit, "Of the addresses of heads and none, and of no payload's."),
  ];
}

const lowestClass = ({ policy }: SegregatedFitPlan): number => 31 - (policy.firstClass + policy.classes - 1);

export function asserts(plan: SegregatedFitPlan): readonly StaticAssert[] {
  const { none, heads } = addressOf(plan);
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  const zeros = countsZeros(plan);
  const distance = headsDistance(plan);
  const shift = unsigned(Math.log2(headBytes));
  const ofFirst = zeros
    ? `(HEADS - ((FIRST_CLASS + CLASSES - 1U) << ${shift}))`
    : `((FIRST_CLASS << ${shift}) ${distance < 0 ? "-" : "+"} HEADS)`;
  const theirs = listAsserts(plan).filter(
    ({ condition, sentence }) =>
      !/LAST_HEAD|offsetof\(control_t|PREVIOUS_SHIFT/.test(condition) &&
      !(zeros && /FIRST_CLASS/.test(condition)) &&
      sentence !== "",
  );
  const maximum = plan.endOfBlocks - plan.firstBlock;
  return [
    ...theirs,
    check("sizeof(void *) == sizeof(link_t)", "an address does not fit a link"),
    check(
      `offsetof(control_t, none) == ${unsigned(none)} && offsetof(control_t, first) == ${unsigned(heads)}`,
      "the list heads are not where they are planned",
    ),
    check(
      "((offsetof(control_t, none) & offsetof(control_t, first)) & HEAD_BIT) != 0U",
      "no bit tells a head from a block",
    ),
    check("(2U * HEAD_BIT) <= (GRANULE_MASK + 1U)", "payloads have the bit of heads"),
    check("offsetof(control_t, none) >= HEADER_BYTES", "the end of all lists has no header"),
    check(`offsetof(control_t, first) == ${ofFirst}`, "the list heads are not where their links lead"),
    ...(zeros
      ? [
          check(
            `(FIRST_CLASS + CLASSES) == ${unsigned(32 - plan.policy.firstClass)}`,
            "the last class is not that of the minimum block",
          ),
          check(
            `FIRST_CLASS <= ${unsigned(31 - Math.floor(Math.log2(maximum)))}`,
            "the largest block has no class",
          ),
        ]
      : []),
  ];
}
