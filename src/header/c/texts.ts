/** Pieces of C that read and write one field. */
import { hex, maskOf, narrowed, shifted, unwrapped } from "../../csource/c-text.js";
import type { FieldPlacement, FieldTexts } from "../field.js";
import type { StorageUnit } from "../layout.js";
import type { HeaderHeap } from "./heap.js";

/** Whether no other field shares the unit: only then no mask is needed. */
export const isAlone = (unit: StorageUnit): boolean => unit.fields.length === 1;

export const wholeMask = ({ bytes }: StorageUnit): number => 2 ** (8 * bytes) - 1;

/** log2 of the granule. */
export const granuleBits = ({ granuleBytes }: HeaderHeap): number => Math.log2(granuleBytes);

/** Reads a size field, in bytes. */
export function readBytes(heap: HeaderHeap, unit: StorageUnit, field: FieldPlacement, mask: string): string {
  const raw = isAlone(unit) ? `(uint32_t)block->${unit.name}` : `(block->${unit.name} & ${mask})`;
  return shifted(raw, granuleBits(heap) - field.shift);
}

/** A size in bytes, put where the field stands. */
export const sizeInPlace = (heap: HeaderHeap, field: FieldPlacement, expression: string): string =>
  shifted(expression, field.shift - granuleBits(heap));

/** Reads a field that is no size. */
function read(unit: StorageUnit, { shift, bits }: FieldPlacement): string {
  const raw = `(uint32_t)block->${unit.name}`;
  return isAlone(unit) ? raw : `${shifted(raw, -shift)} & ${hex(2 ** bits - 1)}`;
}

/** Reads a field, masked in place. */
function readMasked(unit: StorageUnit, field: FieldPlacement): string {
  if (maskOf(field) === wholeMask(unit)) return `block->${unit.name}`;
  return shifted(`(block->${unit.name} & ${hex(maskOf(field))})`, -field.shift);
}

const isWide = (heap: HeaderHeap, field: FieldPlacement): boolean => field.bits + granuleBits(heap) > 32;

/** A size field compared with a size. As bytes, a field that is wider than they need would lose bits. */
function comparison(
  heap: HeaderHeap,
  unit: StorageUnit,
  field: FieldPlacement,
  [operator, size]: readonly ["==" | "!=", string],
): string {
  if (isWide(heap, field)) {
    return `(${read(unit, field)}) ${operator} (${size} >> GRANULE_SHIFT)`;
  }
  return `(${unwrapped(readBytes(heap, unit, field, hex(maskOf(field))))}) ${operator} ${size}`;
}

function writeBytes(heap: HeaderHeap, unit: StorageUnit, field: FieldPlacement): string {
  const others = hex(wholeMask(unit) - maskOf(field));
  const kept = isAlone(unit) ? "" : `(block->${unit.name} & ${others}) | `;
  return narrowed(`${kept}${sizeInPlace(heap, field, "size")}`, unit.bytes);
}

/** The texts of a field in its unit. */
export function fieldTexts(heap: HeaderHeap, unit: StorageUnit, field: FieldPlacement): FieldTexts {
  const member = unit.name;
  const flag = field.field.c.flag ?? "";
  const bytes = field.field.holds === "granules";
  return {
    member,
    mask: hex(maskOf(field)),
    most: hex(2 ** field.bits - 1),
    value: field.value === undefined ? "" : hex(field.value),
    read: read(unit, field),
    readMasked: readMasked(unit, field),
    readBytes: bytes ? unwrapped(readBytes(heap, unit, field, hex(maskOf(field)))) : "",
    isWide: bytes && isWide(heap, field),
    comparedWith: (...compared) => (bytes ? comparison(heap, unit, field, compared) : ""),
    writeBytes: bytes ? writeBytes(heap, unit, field) : "",
    set: flag === "" ? "" : narrowed(`block->${member} | ${flag}`, unit.bytes),
    cleared: flag === "" ? "" : narrowed(`block->${member} & ~${flag}`, unit.bytes),
  };
}
