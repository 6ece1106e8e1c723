/** What the C's constants must be to each other: a hand that changes one of them is told which rule it broke. */
import { findField, granuleShift, hasHeaders, linkUnitBytes, type Plan } from "../plan/plan.js";
import { hex, shifted, unsigned, type StaticAssert } from "./c-text.js";
import { headerView } from "./header-view.js";

const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });

export function staticAsserts(plan: Plan): readonly StaticAssert[] {
  const own = plan.rules.asserts(plan);
  if (!hasHeaders(plan)) return [...controlAsserts(plan), ...own];
  return [...controlAsserts(plan), ...spaceAsserts(plan), ...headerAsserts(plan), ...own];
}

/** The control data. */
function controlAsserts(plan: Plan): readonly StaticAssert[] {
  return [
    check(
      `sizeof(${heapType(plan)}) == ${plan.name.toUpperCase()}_SIZE_BYTES`,
      "the control data is larger than the heap",
    ),
    check(
      `sizeof(control_t) == ${unsigned(plan.controlBytes)}`,
      "the control data is not as long as the plan says",
    ),
  ];
}

/** Granules, and where things lie. */
function spaceAsserts(plan: Plan): readonly StaticAssert[] {
  const name = plan.name.toUpperCase();
  const end = plan.endHeader === "none" ? "END_OF_BLOCKS" : "(END_OF_BLOCKS + HEADER_BYTES)";
  const what = plan.endHeader === "none" ? "the blocks end" : "the last header ends";
  return [
    check(`${name}_ALIGNMENT == (GRANULE_MASK + 1U)`, "a granule is the alignment"),
    check("(1U << GRANULE_SHIFT) == (GRANULE_MASK + 1U)", "the shift and the mask of a granule differ"),
    check("FIRST_BLOCK >= sizeof(control_t)", "the first block begins in the control data"),
    check("((FIRST_BLOCK + HEADER_BYTES) & GRANULE_MASK) == 0U", "the first payload is misaligned"),
    check("((END_OF_BLOCKS + HEADER_BYTES) & GRANULE_MASK) == 0U", "the blocks end off a granule"),
    check(`${end} <= ${name}_SIZE_BYTES`, `${what} behind the heap`),
    check(
      `${name}_MAX_REQUEST <= (END_OF_BLOCKS - FIRST_BLOCK - HEADER_BYTES)`,
      "an empty heap does not serve the largest request",
    ),
    check("(MINIMUM_BLOCK_BYTES & GRANULE_MASK) == 0U", "the minimum block is no whole number of granules"),
    check(`MINIMUM_BLOCK_BYTES >= ${freeBlockText(plan)}`, "a free block does not hold its links"),
  ];
}

/** What has the heap's size: the variable, or the type of what lies elsewhere. */
function heapType({ name, placement }: Plan): string {
  if (placement.kind === "static") return "heap";
  return placement.kind === "runtime" && placement.instances === "many" ? `${name}_t` : "heap_t";
}

function freeBlockText(plan: Plan): string {
  const { links, footerBytes } = plan.header;
  const linksText = links.place === "slots" ? "" : " + sizeof(links_t)";
  const footer = footerBytes === 0 ? "" : ` + ${unsigned(footerBytes)}`;
  return `(sizeof(block_t)${linksText}${footer})`;
}

/** What stands in a block. */
function headerAsserts(plan: Plan): readonly StaticAssert[] {
  const view = headerView(plan);
  const magic = findField(plan.header, "magic");
  const { checksum } = plan.header;
  const requested = findField(plan.header, "requested");
  const flags = [
    view["hasUsed"] === true ? "USED" : "",
    view["footer"] === true ? "PREV_FREE" : "",
    view["hasQuick"] === true ? "QUICK" : "",
  ].filter((flag) => flag !== "");
  return [
    check("sizeof(block_t) == HEADER_BYTES", "the header is not as long as the plan says"),
    noneAssert(plan),
    ...(plan.header.links.bytes === 2
      ? [
          check(
            `${linkOf(plan, "(END_OF_BLOCKS - MINIMUM_BLOCK_BYTES + HEADER_BYTES)")} <= UINT16_MAX`,
            "a link does not reach the last block",
          ),
        ]
      : []),
    ...(linkUnitBytes(plan) === 1
      ? []
      : [
          check(
            "((GRANULE_MASK + 1U) & ((1U << LINK_SHIFT) - 1U)) == 0U",
            "a link does not reach every payload",
          ),
        ]),
    ...(view["hasSizeMask"] === true ? sizeAsserts(plan, flags) : []),
    ...(flags.length === 2
      ? [check(`(${flags.join(" & ")}) == 0U`, "the two flags overlap")]
      : flags.length === 3
        ? [check("(USED + PREV_FREE + QUICK) == (USED | PREV_FREE | QUICK)", "flags overlap")]
        : []),
    ...flags.map((flag) => check(`(${flag} & (${flag} - 1U)) == 0U`, `${flag} is more than one bit`)),
    ...(magic === undefined
      ? []
      : [check(`MAGIC <= ${hex(2 ** magic.placement.bits - 1)}`, "the magic does not fit its field")]),
    ...(checksum === undefined
      ? []
      : [
          check(
            `CHECKSUM_BITS == ${hex(2 ** checksum.bits - 1)}`,
            "the checksum is not as wide as its field",
          ),
          check("CHECKSUM_OF_ZEROS <= CHECKSUM_BITS", "the checksum of zeros does not fit its field"),
          check("CHECKSUM_OF_ZEROS != 0U", "a header of zeros would pass for one that was written"),
        ]),
    ...(requested === undefined
      ? []
      : [
          check(
            `${plan.name.toUpperCase()}_MAX_REQUEST <= ${hex(2 ** requested.placement.bits - 1)}`,
            "the largest request does not fit its field",
          ),
        ]),
  ];
}

/** What stands for no block is the link of none. */
function noneAssert(plan: Plan): StaticAssert {
  const { links } = plan.header;
  if (links.place === "slots")
    return check("NO_SLOT == 0U", "slots count from 1, and a slot stands for none");
  return check(
    `NO_BLOCK < ${linkOf(plan, "(FIRST_BLOCK + HEADER_BYTES)")}`,
    "the link that leads nowhere leads to a block",
  );
}

/** The link of the payload at an offset. */
const linkOf = (plan: Plan, payload: string): string =>
  linkUnitBytes(plan) === 1 ? payload : `(${payload} >> LINK_SHIFT)`;

/** The size field, where others share its unit. */
function sizeAsserts(plan: Plan, flags: readonly string[]): readonly StaticAssert[] {
  const shift = findField(plan.header, "size")?.placement.shift ?? 0;
  const stored = (size: string) => shifted(size, shift - granuleShift(plan));
  return [
    ...flags.map((flag) => check(`(SIZE_MASK & ${flag}) == 0U`, `the size field and ${flag} overlap`)),
    check(
      `(${stored("(END_OF_BLOCKS - FIRST_BLOCK)")} & ~SIZE_MASK) == 0U`,
      "the size field does not hold the largest block",
    ),
    check(
      `${stored("(GRANULE_MASK + 1U)")} == (SIZE_MASK & (0U - SIZE_MASK))`,
      "the size field does not begin at one granule",
    ),
  ];
}
