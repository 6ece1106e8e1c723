import type { HeaderConfig, SegregatedFitConfig } from "../../config/config.js";
import { diagnose, type Diagnostic } from "../../diagnostics.js";
import type { HeaderNeeds } from "../../plan/header-layout.js";
import type { Plan } from "../../plan/plan.js";
import { chooseBoundaryTag, refuse } from "../boundary-tag.js";
import type { PlanBasis, PolicyPart } from "../policy.js";

/** Classes a bitmap of 32 words under one summary word can index, one bit kept clear. */
const mostClasses = 32 * 32 - 1;

/** Constant time needs boundary tags to find neighbours and double links to take them out of their class. */
export function headerNeeds(
  _policy: SegregatedFitConfig,
  header: HeaderConfig,
): HeaderNeeds | readonly Diagnostic[] {
  const { boundaryTag, refusals } = chooseBoundaryTag(header, "footer");
  const diagnostics: Diagnostic[] = [];
  if (boundaryTag === "none") {
    diagnostics.push(
      refuse('boundary tag "none"', "a freed block could not find its left neighbour in constant time", [
        "boundaryTag",
      ]),
    );
  }
  diagnostics.push(...refusals);
  if (header.links.place === "slots") {
    diagnostics.push(
      refuse("a side table of slots", "each size class has a list of its own, linked through its blocks", [
        "links",
        "place",
      ]),
    );
  }
  if (header.links.form === "single") {
    diagnostics.push(
      refuse('links of form "single"', "merging takes blocks out of the middle of a class", [
        "links",
        "form",
      ]),
    );
  }
  if (diagnostics.length > 0) return diagnostics;
  return { boundaryTag, free: true, links: { place: "intrusive", form: "double" } };
}

/** Class of a block of `size` granules, without an upper end. */
function classOf(size: number, minimum: number, exact: number, subdivisionBits: number): number {
  if (size < exact) return size - minimum;
  const doublings = Math.floor(Math.log2(size)) - Math.log2(exact);
  const subdivision =
    Math.floor(size / 2 ** (doublings + Math.log2(exact) - subdivisionBits)) - 2 ** subdivisionBits;
  return exact - minimum + doublings * 2 ** subdivisionBits + subdivision;
}

/** The smallest size of a class: `classOf` the other way round. */
function floorOf(index: number, minimum: number, exact: number, subdivisionBits: number): number {
  const above = index - (exact - minimum);
  if (above < 0) return minimum + index;
  const parts = 2 ** subdivisionBits;
  return exact * 2 ** Math.floor(above / parts) * (1 + (above % parts) / parts);
}

/** Smallest block of each class, in bytes. */
export function classFloors({ policy, granuleBytes }: Plan): readonly number[] {
  if (policy.kind !== "segregated-fit") throw new Error("not a plan of segregated fit");
  const { classes, minimumGranules, exactGranules, subdivisionBits } = policy;
  return Array.from(
    { length: classes },
    (_, index) => floorOf(index, minimumGranules, exactGranules, subdivisionBits) * granuleBytes,
  );
}

export function planPart(policy: SegregatedFitConfig, basis: PlanBasis): PolicyPart | readonly Diagnostic[] {
  const minimumGranules = basis.minimumBlockBytes / basis.granuleBytes;
  const subdivisionBits = Math.log2(policy.subdivisions);
  const leastExact = 2 ** Math.ceil(Math.log2(Math.max(minimumGranules + 1, policy.subdivisions)));
  const exactGranules = Math.max(policy.exactBelow / basis.granuleBytes, leastExact);
  const of = (sizeBytes: number) =>
    classOf(sizeBytes / basis.granuleBytes, minimumGranules, exactGranules, subdivisionBits);
  // Every block of the class behind that of (need - 1) serves the need: larger blocks need no class of their own.
  const servesAll = of(Math.max(basis.largestNeedBytes - basis.granuleBytes, basis.minimumBlockBytes)) + 1;
  const classes = Math.min(of(Math.max(basis.largestBlockBytes, basis.minimumBlockBytes)), servesAll) + 1;
  if (classes > mostClasses) {
    return [
      diagnose("too-many-classes", { classes, allowed: mostClasses }, { path: ["policy", "exactBelow"] }),
    ];
  }
  const bitmapWords = Math.floor(classes / 32) + 1;
  const control = [
    ...(bitmapWords > 1
      ? [{ name: "summary", bytes: 4 as const, count: 1, meaning: "bit w: word w of the bitmap is not 0" }]
      : []),
    { name: "bitmap", bytes: 4 as const, count: bitmapWords, meaning: "bit c: class c has a free block" },
    {
      name: "first",
      bytes: basis.header.links.bytes,
      count: classes,
      meaning: "first free block of each class",
    },
  ];
  return {
    policy: {
      kind: "segregated-fit",
      exactGranules,
      subdivisionBits,
      minimumGranules,
      classes,
      bitmapWords,
      probe: policy.probe,
    },
    control,
    endHeader: "block",
    // Without a probe a block serves no more than the smallest size of its class.
    largestServedBytes: (freeBytes) => {
      if (policy.probe) return freeBytes;
      const index = Math.min(of(freeBytes), classes - 1);
      return floorOf(index, minimumGranules, exactGranules, subdivisionBits) * basis.granuleBytes;
    },
  };
}
