/** How the C writes a header's checksum, and what it verifies of a header before it trusts it. */
import { cType, hex, maskOf, narrowed, shifted, unsigned } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";
import { isLabelled, verifies } from "../facts.js";
import { isCovered, isLabel, type HeaderField } from "../field.js";
import { checksum } from "../fields/checksum.js";
import { prevFree } from "../fields/prev-free.js";
import { prevSize } from "../fields/prev-size.js";
import { size } from "../fields/size.js";
import { fieldOf, findField, type PlacedField, type StorageUnit } from "../layout.js";
import type { HeaderHeap } from "./heap.js";
import { fieldTexts, granuleBits, wholeMask } from "./texts.js";

/** The bits of a unit that are in `mask`, as a term of 32 bits; undefined where there are none. */
function term(unit: StorageUnit, mask: number): string | undefined {
  if (mask === 0) return undefined;
  return mask === wholeMask(unit) ? `(uint32_t)block->${unit.name}` : `(block->${unit.name} & ${hex(mask)})`;
}

const joined = (terms: readonly (string | undefined)[]): string =>
  terms.filter((text) => text !== undefined).join(" ^ ");

const maskOfFields = (unit: StorageUnit, covers: (field: HeaderField) => boolean): number =>
  unit.fields.filter(({ field }) => covers(field)).reduce((sum, field) => sum + maskOf(field), 0);

/**
 * Shifts that fold `width` bits to pieces of `bits`, the largest first: each halves the number of pieces that are left
 * to fold, so that the lowest piece comes to hold all of them.
 */
function folds(width: number, bits: number): readonly number[] {
  const shifts: number[] = [];
  for (let shift = bits; shift < width; shift *= 2) shifts.unshift(shift);
  return shifts;
}

/** Writes of the unit with the size clear the labels in it: they need no mask in a free block. */
function sealView(heap: HeaderHeap, { unit, placement }: PlacedField): View {
  const { units } = heap.header;
  const main = fieldOf(heap.header, size).unit;
  const always = units.map((each) =>
    term(
      each,
      maskOfFields(each, (field) => isCovered(field) && (each === main || !isLabel(field))),
    ),
  );
  const inUse = units.filter((each) => each !== main).map((each) => term(each, maskOfFields(each, isLabel)));
  const alone = !unit.fields.some(({ field }) => isCovered(field));
  const value = shifted("checksum_of(block)", placement.shift);
  const others = hex(wholeMask(unit) - maskOf(placement));
  const width = 8 * Math.max(...units.map(({ bytes }) => bytes));
  return {
    checksumTerms: joined(always),
    checksumLabels: joined(inUse),
    checksumFolds: folds(width, placement.bits).map((by) => ({ by: unsigned(by) })),
    checksumRead: fieldTexts(heap, unit, placement).readMasked,
    checksumMember: unit.name,
    checksumWrite: alone
      ? `(${cType(unit.bytes)})${value}`
      : narrowed(`(block->${unit.name} & ${others}) | ${value}`, unit.bytes),
  };
}

/** Members of the header's view about checksum and verification. */
export function checksumView(heap: HeaderHeap): View {
  const { header, api, endHeader } = heap;
  const found = findField(header, checksum);
  const seals = found !== undefined;
  const conditions = header.fields.flatMap((field) => {
    const { unit, placement } = fieldOf(header, field);
    return field.c.intact === undefined ? [] : [field.c.intact(fieldTexts(heap, unit, placement))];
  });
  // Where free merges it trusts what stands beside the block.
  const verifiesBeside = seals && heap.coalescing !== "none";
  const farther = header.fields.includes(prevSize) || (header.fields.includes(prevFree) && heap.api.realloc);
  return {
    ...(seals ? sealView(heap, found) : {}),
    checksum: seals,
    verifies: verifies(header),
    sealsLabels: seals && isLabelled(header),
    sealed: seals ? `${fieldTexts(heap, found.unit, found.placement).readMasked} == checksum_of(block)` : "",
    seals: seals && (verifiesBeside || api.realloc || (api.check && endHeader === "block")),
    verifiesBeside,
    readsNeighbours: verifiesBeside || (seals && api.realloc),
    // What stands behind a free right neighbour is told its new left one.
    neighbourFar: farther,
    neighbourEnd: endOfHeaders(heap),
    footerInBytes: granuleBits(heap) === fieldOf(header, size).placement.shift,
    intact: conditions.join(" &&\n           "),
  };
}

/** Where no header stands behind the last block; "" where a block of size 0 ends the heap. */
function endOfHeaders({ control, endHeader }: HeaderHeap): string {
  if (control.some(({ name }) => name === "wilderness")) return "heap.control.wilderness";
  return endHeader === "block" ? "" : "END_OF_BLOCKS";
}
