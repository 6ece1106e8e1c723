/** Constants of the C that the header's fields have, and what the C asserts of them. */
import { hex, maskOf, type Constant, type StaticAssert } from "../../csource/c-text.js";
import { sizeField } from "../facts.js";
import type { FieldConstant } from "../field.js";
import { fieldOf, linkUnitOf } from "../layout.js";
import type { HeaderHeap } from "./heap.js";
import { fieldTexts, isAlone, sizeInPlace } from "./texts.js";

const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });

/** Names of the flags that the header has, from the lowest bit up. */
const flagsOf = ({ header }: HeaderHeap): readonly string[] =>
  header.fields.flatMap(({ c }) => (c.flag === undefined ? [] : [c.flag]));

const fieldConstants = (heap: HeaderHeap): readonly FieldConstant[] =>
  heap.header.fields.flatMap((field) => {
    const { unit, placement } = fieldOf(heap.header, field);
    return field.c.constants?.(fieldTexts(heap, unit, placement)) ?? [];
  });

/** Masks of size and flags, and the fields' own constants. */
export function headerConstants(heap: HeaderHeap): readonly Constant[] {
  const { unit, placement } = sizeField(heap.header);
  const mask = isAlone(unit) ? [] : [{ name: "SIZE_MASK", value: hex(maskOf(placement)), comment: "" }];
  const flags = heap.header.fields.flatMap((field) =>
    field.c.flag === undefined
      ? []
      : [{ name: field.c.flag, value: hex(maskOf(fieldOf(heap.header, field).placement)), comment: "" }],
  );
  const own = fieldConstants(heap).map(({ name, value }) => ({ name, value, comment: "" }));
  return [...mask, ...flags, ...own];
}

/** What stands in a block. */
export function headerAsserts(heap: HeaderHeap): readonly StaticAssert[] {
  const { header } = heap;
  const flags = flagsOf(heap);
  return [
    check("sizeof(header_t) == HEADER_BYTES", "the header does not have the planned size"),
    noneAssert(heap),
    ...(header.links.bytes === 2
      ? [
          check(
            `${linkOf(heap, "(END_OF_BLOCKS - MINIMUM_BLOCK_BYTES + HEADER_BYTES)")} <= UINT16_MAX`,
            "the link of the last block does not fit its type",
          ),
        ]
      : []),
    ...(linkUnitOf(header) === 1
      ? []
      : [
          check(
            "((GRANULE_MASK + 1U) & ((1U << LINK_SHIFT) - 1U)) == 0U",
            "a granule is not a multiple of the unit of links",
          ),
        ]),
    ...(isAlone(sizeField(header).unit) ? [] : sizeAsserts(heap, flags)),
    ...overlapAsserts(flags),
    ...flags.map((flag) => check(`(${flag} & (${flag} - 1U)) == 0U`, `${flag} is more than one bit`)),
    ...fieldConstants(heap).flatMap(({ asserts }) => asserts),
    ...header.fields.flatMap((field) => {
      const { largest } = field.c;
      if (largest === undefined) return [];
      const most = hex(2 ** fieldOf(header, field).placement.bits - 1);
      return [check(`${heap.name.toUpperCase()}_${largest.constant} <= ${most}`, largest.sentence)];
    }),
  ];
}

function overlapAsserts(flags: readonly string[]): readonly StaticAssert[] {
  if (flags.length < 2) return [];
  if (flags.length === 2) return [check(`(${flags.join(" & ")}) == 0U`, "the two flags overlap")];
  return [check(`(${flags.join(" + ")}) == (${flags.join(" | ")})`, "flags overlap")];
}

/** What stands for no block is the link of none. */
function noneAssert(heap: HeaderHeap): StaticAssert {
  if (heap.header.links.place === "slots")
    return check("NO_SLOT == 0U", "NO_SLOT is the number of a slot: they count from 1");
  if (heap.header.links.place === "intrusive" && heap.header.links.addresses === true)
    return check(
      "(offsetof(control_t, none) & GRANULE_MASK) != 0U",
      "the end of all lists is the link of a block",
    );
  return check(
    `NO_BLOCK < ${linkOf(heap, "(FIRST_BLOCK + HEADER_BYTES)")}`,
    "the null link is the link of a block",
  );
}

/** The link of the payload at an offset. */
const linkOf = ({ header }: HeaderHeap, payload: string): string =>
  linkUnitOf(header) === 1 ? payload : `(${payload} >> LINK_SHIFT)`;

/** The size field, where others share its unit. */
function sizeAsserts(heap: HeaderHeap, flags: readonly string[]): readonly StaticAssert[] {
  const { placement } = sizeField(heap.header);
  const stored = (size: string) => sizeInPlace(heap, placement, size);
  return [
    ...flags.map((flag) => check(`(SIZE_MASK & ${flag}) == 0U`, `the size field and ${flag} overlap`)),
    check(
      `(${stored("(END_OF_BLOCKS - FIRST_BLOCK)")} & ~SIZE_MASK) == 0U`,
      "the largest block does not fit the size field",
    ),
    check(
      `${stored("(GRANULE_MASK + 1U)")} == (SIZE_MASK & (~SIZE_MASK + 1U))`,
      "the lowest bit of the size field is not one granule",
    ),
  ];
}
