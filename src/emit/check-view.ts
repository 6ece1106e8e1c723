/** How the C writes a header's checksum, and what it verifies of a header before it trusts it. */
import {
  fieldOf,
  findField,
  granuleShift,
  type FieldName,
  type Plan,
  type StorageUnit,
} from "../plan/plan.js";
import { cType, hex, maskOf, narrowed, shifted, unsigned } from "./c-text.js";
import type { View } from "./view.js";

/** Kept with a block in use; the bits mean nothing in a free one. */
const labels: readonly FieldName[] = ["requested", "magic", "tag"];
/** Never covered by the checksum. */
const uncovered: readonly FieldName[] = ["checksum", "padding"];

const wholeMask = (unit: StorageUnit): number => 2 ** (8 * unit.bytes) - 1;

/** The bits of a unit that are in `mask`, as a term of 32 bits; undefined where there are none. */
function term(unit: StorageUnit, mask: number): string | undefined {
  if (mask === 0) return undefined;
  return mask === wholeMask(unit) ? `(uint32_t)block->${unit.name}` : `(block->${unit.name} & ${hex(mask)})`;
}

const joined = (terms: readonly (string | undefined)[]): string =>
  terms.filter((text) => text !== undefined).join(" ^ ");

function maskOfFields(unit: StorageUnit, covers: (name: FieldName) => boolean): number {
  return unit.fields.filter(({ field }) => covers(field)).reduce((sum, field) => sum + maskOf(field), 0);
}

/**
 * Shifts that fold `width` bits to pieces of `bits`, the largest first: each halves the number of pieces that are left
 * to fold, so that the lowest piece comes to hold all of them.
 */
export function folds(width: number, bits: number): readonly number[] {
  const shifts: number[] = [];
  for (let shift = bits; shift < width; shift *= 2) shifts.unshift(shift);
  return shifts;
}

/** Writes of the unit with the size clear the labels in it: they need no mask in a free block. */
function checksumView(plan: Plan): View {
  const { units } = plan.header;
  const { unit, placement } = fieldOf(plan.header, "checksum");
  const main = fieldOf(plan.header, "size").unit;
  const always = units.map((each) =>
    term(
      each,
      maskOfFields(each, (name) => !uncovered.includes(name) && (each === main || !labels.includes(name))),
    ),
  );
  const inUse = units
    .filter((each) => each !== main)
    .map((each) =>
      term(
        each,
        maskOfFields(each, (name) => labels.includes(name)),
      ),
    );
  const own = maskOf(placement);
  const alone = unit.fields.every(({ field }) => uncovered.includes(field));
  const value = shifted("checksum_of(block)", placement.shift);
  const width = 8 * Math.max(...units.map(({ bytes }) => bytes));
  return {
    checksumTerms: joined(always),
    checksumLabels: joined(inUse),
    checksumFolds: folds(width, placement.bits).map((by) => ({ by: unsigned(by) })),
    checksumRead: read(plan, "checksum"),
    checksumMember: unit.name,
    checksumWrite: alone
      ? `(${cType(unit.bytes)})${value}`
      : narrowed(`(block->${unit.name} & ${hex(wholeMask(unit) - own)}) | ${value}`, unit.bytes),
  };
}

/** Reads a field, 0 or more. */
function read(plan: Plan, name: FieldName): string {
  const { unit, placement } = fieldOf(plan.header, name);
  if (maskOf(placement) === wholeMask(unit)) return `block->${unit.name}`;
  return shifted(`(block->${unit.name} & ${hex(maskOf(placement))})`, -placement.shift);
}

/** Members of the header's view about checksum and verification. */
export function checkView(plan: Plan): View {
  const has = (name: FieldName): boolean => findField(plan.header, name) !== undefined;
  const checksum = has("checksum");
  const magic = has("magic");
  const { unit, placement } = fieldOf(plan.header, "size");
  const main = unit.name;
  const sealed = checksum ? `${read(plan, "checksum")} == checksum_of(block)` : "";
  const conditions = [
    ...(has("used") ? [`((block->${main} & USED) != 0U)`] : []),
    ...(magic ? [`(${read(plan, "magic")} == MAGIC)`] : []),
    ...(checksum ? [`(${sealed})`] : []),
  ];
  // Where free merges it trusts what stands beside the block.
  const verifiesBeside = checksum && plan.coalescing !== "none";
  return {
    ...(checksum ? checksumView(plan) : {}),
    checksum,
    verifies: checksum || magic,
    sealsLabels: checksum && labels.some(has),
    sealed,
    seals: checksum && (verifiesBeside || plan.api.realloc || (plan.api.check && plan.endHeader === "block")),
    verifiesBeside,
    looksBeside: verifiesBeside || (checksum && plan.api.realloc),
    // What stands behind a free right neighbour is told its new left one.
    besideFar: has("prevSize") || (has("prevFree") && plan.api.realloc),
    besideEnd: endOfHeaders(plan),
    footerInBytes: granuleShift(plan) === placement.shift,
    intact: conditions.join(" &&\n           "),
  };
}

/** Where no header stands behind the last block; "" where a block of size 0 ends the heap. */
function endOfHeaders({ control, endHeader }: Plan): string {
  if (control.some(({ name }) => name === "wilderness")) return "heap.control.wilderness";
  return endHeader === "block" ? "" : "END_OF_BLOCKS";
}
