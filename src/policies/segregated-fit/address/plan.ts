/** Links that are addresses: what they refuse, and where what their lists begin and end with stands. */
import type { Config } from "../../../config/config.js";
import { diagnose, type Diagnostic } from "../../../diagnostics.js";
import { namedFields, sizeField } from "../../../header/facts.js";
import type { HeaderLayout } from "../../../header/layout.js";
import { offset } from "../../../units.js";
import type { ControlMember } from "../../policy.js";
import type { AddressLinks, SegregatedFitConfig, SegregatedFitNumbers } from "../types.js";

const linkBytes = 4;
/** Of two heads that follow each other: every second word has an address of this kind. */
export const headBytes = 8;
/** The bit by which an address tells what it is of. */
export const headBit = 4;

/** Why a config cannot have them: the ends of sentences. */
export function whyNoAddresses(policy: SegregatedFitConfig, config: Config): readonly string[] {
  const { heap, header, hardening } = config;
  return [
    ...(heap.alignment < headBytes
      ? [
          `payloads at multiples of ${heap.alignment} bytes do not differ from heads in a bit of their address`,
        ]
      : []),
    ...(policy.probe ? [] : ["without a probe they have no search in this version"]),
    ...(policy.spacing === "geometric"
      ? ['spacing "geometric" goes with offsets alone in this version']
      : []),
    ...(policy.coalesce === "deferred" ? ['coalesce "deferred" links by offsets in this version'] : []),
    ...(policy.quickLists === undefined ? [] : ["quick lists link by offsets in this version"]),
    ...(hardening === undefined ? [] : ["the checks of hardening are of offsets in this version"]),
    ...(header.boundaryTag === "auto" || header.boundaryTag === "footer"
      ? []
      : [`boundary tag "${header.boundaryTag}" goes with offsets alone in this version`]),
    ...(header.links.width === 16 ? ["an address has 32 bits, not 16"] : []),
    ...(header.links.place === "slots" ? ["slots are linked by their numbers"] : []),
    ...namedFields(header).map((key) => `header field ${key} goes with offsets alone in this version`),
  ];
}

export function refuseAddresses(policy: SegregatedFitConfig, config: Config): readonly Diagnostic[] {
  if (policy.links !== "address") return [];
  return whyNoAddresses(policy, config).map(refusal);
}

const refusal = (reason: string): Diagnostic =>
  diagnose("conflict", { found: '"address"', reason }, { path: ["policy", "links"] });

/** One word has a bit for every class, or the search would take two steps. */
export const refuseWords = (words: number): readonly Diagnostic[] =>
  words === 1 ? [] : [refusal("more than one word of size classes goes with offsets alone in this version")];

/**
 * The control data: in front of the end of all lists stands the header that it has as a block. What nobody needs between
 * two heads is left out behind the last.
 */
export function controlOf(
  { firstClass, classes }: Pick<SegregatedFitNumbers, "firstClass" | "classes">,
  header: HeaderLayout,
): {
  readonly control: readonly ControlMember[];
  readonly headsLink: number;
  readonly address: AddressLinks;
} {
  const { unit } = sizeField(header);
  const none = Math.ceil((header.bytes - headBit) / headBytes) * headBytes + headBit;
  const heads = none + headBytes;
  const gap = none - header.bytes;
  const unused: ControlMember[] =
    gap === 0 ? [] : [{ name: "unused", bytes: 2, count: gap / 2, meaning: "unused" }];
  return {
    control: [
      ...unused,
      {
        name: "none_header",
        bytes: unit.bytes,
        count: header.bytes / unit.bytes,
        meaning: "header of the block that ends all lists: no bytes",
      },
      {
        name: "none",
        bytes: linkBytes,
        count: 2,
        isLink: true,
        meaning: "end of all lists: next is its own address, previous is written and never read",
      },
      {
        name: "first",
        bytes: linkBytes,
        count: 2 * classes - 1,
        isLink: true,
        meaning: "first free block of each class; every second word is unused",
      },
      {
        name: "limit",
        bytes: 4,
        count: 1,
        meaning: "set by init, so that every request before it fails: no larger request is served",
      },
      { name: "nonempty", bytes: 4, count: 1, meaning: "one bit per class, set if it has a free block" },
    ],
    headsLink: heads - firstClass * headBytes,
    address: { none: offset(none), heads: offset(heads) },
  };
}
