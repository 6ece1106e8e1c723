/** Boundary bits: what they refuse, how many there are, and where they stand. */
import type { HeaderConfig } from "../../../config/config.js";
import { diagnose, type Diagnostic } from "../../../diagnostics.js";
import { boundaryBits } from "../../../header/boundary-tag.js";
import type { HeaderlessNeeds } from "../../../header/needs.js";
import { refuse, refuseFields } from "../../../header/wishes.js";
import { placeControl } from "../../../plan/place-control.js";
import { bitsFor, bytes, roundUp } from "../../../units.js";
import type { ControlMember, PlanBasis, PolicyPart } from "../../policy.js";
import { chooseRule, classIndex } from "../plan.js";
import type { BoundaryBits, SegregatedFitConfig, SegregatedFitNumbers } from "../types.js";
import { longGranules, mostSizeBits } from "./long.js";

/** Whether a config keeps its boundaries outside the blocks. */
export const keepsBits = (header: HeaderConfig): boolean => header.boundaryTag === boundaryBits;

/** Links and two sizes: a word each, in a free block. */
const freeBlockBytes = 16;
const linkBytes = 4;

export function headerNeeds(
  { coalesce, quickLists, split }: SegregatedFitConfig,
  header: HeaderConfig,
  alignment: number,
): HeaderlessNeeds | readonly Diagnostic[] {
  const bits = `boundary tag "${boundaryBits}"`;
  const faults = [...refuseFields(header, "blocks have no header, and bits outside them say where they are")];
  const { place, form, width } = header.links;
  if (place === "slots")
    faults.push(
      refuse("a side table of slots", "each size class has its own list, linked through its blocks", [
        "links",
        "place",
      ]),
    );
  if (form === "single")
    faults.push(
      refuse('links of form "single"', "coalescing removes blocks from the middle of a class", [
        "links",
        "form",
      ]),
    );
  if (width === 16)
    faults.push(
      refuse("links of 16 bits", "the smallest block has room for 32, which take fewer cycles", [
        "links",
        "width",
      ]),
    );
  const refuseBits = (reason: string) => faults.push(refuse(bits, reason, ["boundaryTag"]));
  if (coalesce === "deferred")
    refuseBits('coalesce "deferred" never looks at neighbours, so nothing would read the bits');
  if (quickLists !== undefined)
    refuseBits("a block in a quick list would be in use by its bits, and nothing could tell that it is not");
  if (split === "by-neighbour")
    refuseBits(
      'split "by-neighbour" reads the size of the right neighbour, which its bits tell after a search',
    );
  return faults.length > 0
    ? faults
    : { headerless: true, granuleBytes: alignment, linkBefore: false, linkBytes };
}

export function planPart(
  policy: SegregatedFitConfig,
  basis: PlanBasis,
): PolicyPart<SegregatedFitNumbers> | readonly Diagnostic[] {
  const { granuleBytes: granule, heapBytes, figures } = basis;
  const sizeBits = bitsFor(Math.floor(heapBytes / granule));
  if (sizeBits > mostSizeBits) return [tooLarge(heapBytes, granule)];
  // The bits of the first and the last granule are two.
  const minimumBlockBytes = Math.max(basis.minimumBlockBytes, 2 * granule, roundUp(freeBlockBytes, granule));
  const sizes = { ...basis, minimumBlockBytes };
  const rule = chooseRule(policy, sizes);
  const firstClass = classIndex(rule, minimumBlockBytes);
  const largest = classIndex(rule, Math.max(basis.largestBlockBytes, minimumBlockBytes));
  const classes = largest - firstClass + 1;
  const bitmapWords = Math.floor(largest / 32) + 1;
  const lists = listMembers({ firstClass, classes, bitmapWords });
  const place = placeBits({ lists: lists.control, figures, heapBytes, granule });
  const bits: BoundaryBits = {
    ...{ words: place.words, wordsBefore: place.wordsBefore, sizeBits },
    longBytes: bytes(longGranules * granule),
  };
  return {
    policy: {
      kind: "segregated-fit",
      ...rule,
      ...{ firstClass, classes, bitmapWords, headsLink: lists.headsLink },
      ...{ probe: policy.probe, split: policy.split },
      smallBelow: bytes(roundUp(policy.smallBelow, granule)),
      coalesce: "immediate",
      bits,
    },
    control: [...lists.control, bitsMember(place.words)],
    endHeader: "none",
    coalescing: "immediate",
    // Without a probe a block serves no more than the smallest size of its class.
    largestServedBytes: (freeBytes) => {
      let served = freeBytes;
      const index = classIndex(rule, freeBytes);
      while (!policy.probe && classIndex(rule, served - granule) === index) served -= granule;
      return served;
    },
    space: {
      minimumBlockBytes,
      firstBlock: place.firstBlock,
      endOfBlocks: place.endOfBlocks,
      needed: roundUp(place.firstBlock + minimumBlockBytes, granule),
    },
  };
}

function tooLarge(heapBytes: number, granule: number): Diagnostic {
  const most = (2 ** mostSizeBits - 1) * granule;
  const reason = `a block's size has ${mostSizeBits} bits, in granules of ${granule} bytes: boundary tag "${boundaryBits}" serves heaps of up to ${most} bytes`;
  return diagnose("conflict", { found: String(heapBytes), reason }, { path: ["heap", "size"] });
}

/** Bytes of the bits are the last of the control data, but for figures. */
const bitsMember = (words: number): ControlMember => ({
  name: "bits",
  bytes: 4,
  count: words,
  meaning: "one bit per granule, set at the first and the last of each block in use",
});

/**
 * Where the bits stand, and so the first block. The bits begin with that of the granule in front of the first block:
 * whole words in front of it are left out.
 */
function placeBits({
  lists,
  figures,
  heapBytes,
  granule,
}: {
  readonly lists: readonly ControlMember[];
  readonly figures: readonly ControlMember[];
  readonly heapBytes: number;
  readonly granule: number;
}): {
  readonly words: number;
  readonly wordsBefore: number;
  readonly firstBlock: number;
  readonly endOfBlocks: number;
} {
  const endOfBlocks = Math.floor(heapBytes / granule) * granule;
  const wordOf = (at: number): number => Math.floor(at / granule / 32);
  // A window from the last word on has its other bits in the next one.
  const wordsFrom = (wordsBefore: number): number => wordOf(endOfBlocks) + 2 - wordsBefore;
  const firstFrom = (wordsBefore: number): number =>
    roundUp(placeControl([...lists, bitsMember(wordsFrom(wordsBefore)), ...figures]).end, granule);
  let wordsBefore = wordOf(firstFrom(0));
  // Fewer bits may let the first block begin in a word that is left out.
  while (wordOf(firstFrom(wordsBefore)) < wordsBefore) wordsBefore--;
  return { words: wordsFrom(wordsBefore), wordsBefore, firstBlock: firstFrom(wordsBefore), endOfBlocks };
}

/**
 * The end of all lists, of size 0, stands at the link of no block; the heads stand where the head of class 0 would be at
 * `headsLink`, if there were one: at 0 where that leaves room in front of them.
 */
function listMembers({
  firstClass,
  classes,
  bitmapWords,
}: Pick<SegregatedFitNumbers, "firstClass" | "classes" | "bitmapWords">): {
  readonly control: readonly ControlMember[];
  readonly headsLink: number;
} {
  const none: ControlMember = {
    name: "none",
    bytes: linkBytes,
    count: 3,
    meaning: "end of all lists: its links are written and never read, its size is 0",
  };
  const first: ControlMember = {
    name: "first",
    bytes: linkBytes,
    count: classes,
    meaning: "first free block of each class",
  };
  const word = (name: string, count: number, meaning: string): ControlMember => ({
    ...{ name, count, meaning },
    bytes: 4,
  });
  const perClass = "one bit per class, set if it has a free block";
  const bitmap =
    bitmapWords === 1
      ? [word("nonempty", 1, perClass)]
      : [
          word("summary", 1, "one bit per word of the bitmap, set if it is not 0"),
          word("bitmap", bitmapWords, perClass),
        ];
  const { end } = placeControl([none, ...bitmap]);
  const gap = firstClass * linkBytes - end;
  if (gap < 0) return { control: [none, ...bitmap, first], headsLink: -gap };
  const unused = gap === 0 ? [] : [word("unused", gap / 4, "unused")];
  return { control: [none, ...bitmap, ...unused, first], headsLink: 0 };
}
