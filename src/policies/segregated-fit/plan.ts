import type { Api, HeaderConfig } from "../../config/config.js";
import type { Diagnostic } from "../../diagnostics.js";
import { usedFlag, waitingFlag, type HeaderNeeds } from "../../header/needs.js";
import { chooseBoundaryTag, refuse } from "../../header/wishes.js";
import type { HeaderLayoutData } from "../../layout/layout.js";
import { placeControl } from "../../plan/place-control.js";
import { controlOf as addressControl, refuseWords } from "./address/plan.js";
import { headStep } from "./link-unit.js";
import type { SegregatedFitConfig, SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";
import { bytes, roundUp } from "../../units.js";
import { readsBlocks } from "../reads-blocks.js";
import type { ControlMember, PlanBasis, PolicyPart } from "../policy.js";
import { deferredControl, quickPart, tellsQuick } from "./deferred-plan.js";

/**
 * Constant time needs boundary tags to find neighbours and double links to take them out of their class. The heads of
 * the lists are linked to as blocks are, so a link counts in no more than it has bytes.
 */
export function headerNeeds(
  { coalesce, quickLists, links }: SegregatedFitConfig,
  header: HeaderConfig,
  _alignment: number,
  api: Api,
  isHardened: boolean,
): HeaderNeeds | readonly Diagnostic[] {
  const { boundaryTag, refusals } = chooseBoundaryTag(header, coalesce === "deferred" ? "none" : "footer");
  const diagnostics: Diagnostic[] = [];
  if (coalesce === "deferred" && boundaryTag !== "none") {
    const reason = 'coalesce "deferred" never looks at neighbours, so nothing would read the tags';
    diagnostics.push(refuse(`boundary tag "${boundaryTag}"`, reason, ["boundaryTag"]));
  }
  if (coalesce !== "deferred" && boundaryTag === "none") {
    diagnostics.push(
      refuse('boundary tag "none"', "a freed block could not find its left neighbour in constant time", [
        "boundaryTag",
      ]),
    );
  }
  diagnostics.push(...refusals);
  if (header.links.place === "slots") {
    diagnostics.push(
      refuse("a side table of slots", "each size class has its own list, linked through its blocks", [
        "links",
        "place",
      ]),
    );
  }
  if (header.links.form === "single") {
    diagnostics.push(
      refuse('links of form "single"', "coalescing removes blocks from the middle of a class", [
        "links",
        "form",
      ]),
    );
  }
  if (diagnostics.length > 0) return diagnostics;
  return {
    boundaryTag,
    fields: [
      // The block behind a freed block's right neighbour can say whether that is free.
      usedFlag(
        boundaryTag === "footer" && !readsBlocks(api) && !isHardened && links !== "address"
          ? "if-room"
          : "always",
      ),
      ...(quickLists !== undefined && tellsQuick(header, api) ? [waitingFlag] : []),
    ],
    links: {
      ...{ place: "intrusive", form: "double", mostUnitBytes: 2 },
      ...(links === "address" ? { addresses: true } : {}),
    },
  };
}

/** How a size becomes a class: what `classIndex` is told. */
export interface ClassRule {
  /** log2 of the classes to a doubling. */
  readonly subdivisionBits: number;
  /** The class is the highest bit of the square, so that two classes to a doubling have the same ratio. */
  readonly squares?: true;
  /** log2 of what sizes are counted in, in bytes. */
  readonly sizeShift: number;
  /** Sizes below it, so counted, are classed as if their highest bit were this one; 0 where none is below. */
  readonly leastHighest: number;
}

/**
 * The class of a block size in bytes: its highest bit and the `subdivisionBits` bits behind it, read as one number, as
 * in a floating-point number; or the highest bit of its square, which must be below 2^32. Monotone; of the former, sizes below 2^(subdivisionBits + 1) granules all differ.
 */
export function classIndex(rule: ClassRule, size: number): number {
  const { subdivisionBits, sizeShift, leastHighest } = rule;
  const units = Math.floor(size / 2 ** sizeShift);
  if (rule.squares) return 31 - Math.clz32(units * units);
  const shift = Math.floor(Math.log2(Math.max(units, leastHighest))) - subdivisionBits;
  // Powers of two alone are numbered by their bit.
  return subdivisionBits === 0 ? shift : shift * 2 ** subdivisionBits + Math.floor(units / 2 ** shift);
}

/** The least size that is classed. Without a probe a search begins behind the class of a byte less than the need. */
const leastClassed = ({ probe }: SegregatedFitConfig, basis: PlanBasis): number =>
  basis.minimumBlockBytes - (probe ? 0 : 1);

function classRule(policy: SegregatedFitConfig, sizeShift: number, basis: PlanBasis): ClassRule {
  const subdivisionBits = Math.log2(policy.subdivisions);
  if (policy.spacing !== undefined) return { subdivisionBits, squares: true, sizeShift, leastHighest: 0 };
  const leastUnits = Math.floor(leastClassed(policy, basis) / 2 ** sizeShift);
  const leastHighest = (basis.granuleBytes / 2 ** sizeShift) * 2 ** subdivisionBits;
  // With a shift below 0 the formula would multiply.
  return { subdivisionBits, sizeShift, leastHighest: leastUnits < 2 ** subdivisionBits ? leastHighest : 0 };
}

/** Rules under which one word has a bit for every class, the cheapest first; then the one with no class to spare. */
export function chooseRule(policy: SegregatedFitConfig, basis: PlanBasis): ClassRule {
  const granuleShift = Math.log2(basis.granuleBytes);
  const rules = Array.from({ length: granuleShift + 1 }, (_, shift) => classRule(policy, shift, basis));
  const linkBytes = basis.header.links.bytes;
  const stepAtLeast = (rule: ClassRule) =>
    classIndex(rule, basis.minimumBlockBytes) - classIndex(rule, basis.minimumBlockBytes - 1);
  const fits = (rule: ClassRule) =>
    classIndex(rule, basis.largestBlockBytes) < 32 &&
    (rule.squares === undefined || basis.largestBlockBytes / 2 ** rule.sizeShift < 2 ** 16) &&
    // Where the least block is the first of its class, one byte less must be of the class in front of it.
    (policy.probe || stepAtLeast(rule) === stepAtLeast(classRule(policy, 0, basis))) &&
    // Two links stand in front of the heads, whose own links are told from the class alone.
    classIndex(rule, basis.minimumBlockBytes) * linkBytes >= 2 * linkBytes;
  return rules.find(fits) ?? classRule(policy, granuleShift, basis);
}

/** How the lists lie in memory, for those who read a dump. */
export function listLayout(
  plan: SegregatedFitPlan,
): Pick<HeaderLayoutData, "classFloors" | "listBits" | "listHeads"> {
  const { policy } = plan;
  const { firstClass, headsLink } = policy;
  const step = headStep(plan);
  return {
    classFloors: classFloors(plan, policy),
    listBits: { first: firstClass, fromHighest: plan.countLeadingZeros },
    listHeads: { first: headsLink + firstClass * step, step },
  };
}

/** Smallest block of each class, in bytes; of an index that no size has, that of the next. */
function classFloors(plan: SegregatedFitPlan, policy: SegregatedFitNumbers): readonly number[] {
  const { minimumBlockBytes, heapBytes, granuleBytes } = plan;
  const count = Math.ceil((heapBytes - minimumBlockBytes) / granuleBytes);
  const sizeAt = (index: number): number => minimumBlockBytes + index * granuleBytes;
  const placeOf = (index: number): number => classIndex(policy, sizeAt(index)) - policy.firstClass;
  const floors: number[] = [];
  for (let from = 0; floors.length < policy.classes && from < count;) {
    const wanted = floors.length;
    // Classes rise with sizes: the first size of the class, or of the next that has one.
    let [low, high] = [from, count];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (placeOf(middle) >= wanted) high = middle;
      else low = middle + 1;
    }
    if (low === count) break;
    floors.push(sizeAt(low));
    from = low;
  }
  return floors;
}

export function planPart(
  policy: SegregatedFitConfig,
  basis: PlanBasis,
): PolicyPart<SegregatedFitNumbers> | readonly Diagnostic[] {
  const rule = chooseRule(policy, basis);
  const firstClass = classIndex(rule, basis.minimumBlockBytes);
  const largest = classIndex(rule, Math.max(basis.largestBlockBytes, basis.minimumBlockBytes));
  const classes = largest - firstClass + 1;
  const bitmapWords = Math.floor(largest / 32) + 1;
  const quick = quickPart(policy, basis);
  if (policy.links === "address" && bitmapWords > 1) return refuseWords(bitmapWords);
  const lists = { firstClass, classes, bitmapWords };
  const byAddress = policy.links === "address" ? addressControl(lists, basis.header) : undefined;
  const { control, headsLink } = byAddress ?? controlOf(lists, basis);
  return {
    policy: {
      kind: "segregated-fit",
      ...rule,
      firstClass,
      classes,
      bitmapWords,
      headsLink,
      probe: policy.probe,
      split: policy.split,
      smallBelow: bytes(roundUp(policy.smallBelow, basis.granuleBytes)),
      coalesce: policy.coalesce ?? "immediate",
      ...(quick === undefined ? {} : { quick }),
      ...(byAddress === undefined ? {} : { address: byAddress.address }),
    },
    control: [...control, ...deferredControl(policy, quick, basis)],
    endHeader: "block",
    coalescing: policy.coalesce === "deferred" ? "none" : "immediate",
    // Without a probe a block serves no more than the smallest size of its class.
    largestServedBytes: (freeBytes) => {
      let served = freeBytes;
      const index = classIndex(rule, freeBytes);
      while (!policy.probe && classIndex(rule, served - basis.granuleBytes) === index) {
        served -= basis.granuleBytes;
      }
      return served;
    },
  };
}

/**
 * The control data. Two links that nobody reads come first, at the link of no block. The heads of the lists stand where
 * the head of class 0 would be at `headsLink`, if there were one: at 0 where that leaves room in front of them.
 */
function controlOf(
  { firstClass, classes, bitmapWords }: Pick<SegregatedFitNumbers, "firstClass" | "classes" | "bitmapWords">,
  { header }: PlanBasis,
): { readonly control: readonly ControlMember[]; readonly headsLink: number } {
  const { links } = header;
  if (links.place !== "intrusive") throw new Error("segregated fit has its links in free blocks");
  const linkBytes = links.bytes;
  const none = {
    name: "none",
    bytes: linkBytes,
    count: 2,
    meaning: "target of links that lead to no block: written, never read",
  };
  const first = {
    name: "first",
    bytes: linkBytes,
    count: classes,
    meaning: "first free block of each class",
  };
  const bitmap: ControlMember[] =
    bitmapWords === 1
      ? [{ name: "nonempty", bytes: 4, count: 1, meaning: "one bit per class, set if it has a free block" }]
      : [
          {
            name: "summary",
            bytes: 4,
            count: 1,
            meaning: "one bit per word of the bitmap, set if it is not 0",
          },
          {
            name: "bitmap",
            bytes: 4,
            count: bitmapWords,
            meaning: "one bit per class, set if it has a free block",
          },
        ];
  const bitmapEnd = placeControl([none, ...bitmap]).end;
  const heads = firstClass * linkBytes;
  if (bitmapWords > 1 || heads < 2 * linkBytes) {
    const headsLink = (bitmapEnd - firstClass * linkBytes) / links.unitBytes;
    return { control: [none, ...bitmap, first], headsLink };
  }
  const fits = bitmapEnd <= heads;
  const gap = heads - (fits ? bitmapEnd : 2 * linkBytes);
  const unused =
    gap === 0 ? [] : [{ name: "unused", bytes: linkBytes, count: gap / linkBytes, meaning: "unused" }];
  return {
    control: fits ? [none, ...bitmap, ...unused, first] : [none, ...unused, first, ...bitmap],
    headsLink: 0,
  };
}
