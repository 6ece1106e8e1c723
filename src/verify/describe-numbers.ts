/** A byte of metadata that differs, told as the numbers it belongs to. */
import type { MetadataImage, NumberPlace } from "../reference/image.js";

export interface DifferingByte {
  /** Of the byte, from the heap's start. */
  readonly offset: number;
  readonly expected: MetadataImage;
  /** The heap on the core. */
  readonly found: Uint8Array;
}

/** "next of the free block at 64 (offset 66) is 0x0048 in the reference, 0x0000 on the core" */
export function describeNumbers(
  places: readonly NumberPlace[],
  { offset, expected, found }: DifferingByte,
): string {
  const byte: NumberPlace = { name: "the heap", offset, bytes: 1, mask: expected.mask[offset] ?? 0 };
  const told = (place: NumberPlace): readonly string[] => {
    const owed = numberIn(expected.mask, place);
    const [wanted, actual] = [numberIn(expected.bytes, place), numberIn(found, place)];
    if (((wanted ^ actual) & owed & place.mask) === 0) return [];
    const text = (value: number): string => hex(value & owed & place.mask, place);
    return [
      `${place.name} (offset ${place.offset}) is ${text(wanted)} in the reference, ${text(actual)} on the core`,
    ];
  };
  const differing = places.flatMap(told);
  return (differing.length > 0 ? differing : told(byte)).join("; ");
}

/** A little-endian unit. */
function numberIn(memory: Uint8Array, { offset, bytes }: NumberPlace): number {
  let value = 0;
  for (let index = bytes - 1; index >= 0; index--) value = (value << 8) | (memory[offset + index] ?? 0);
  return value;
}

/** Bits in place, moved down to the lowest of the mask, as wide as the mask. */
function hex(inPlace: number, { mask }: NumberPlace): string {
  const shift = 31 - Math.clz32(mask & -mask);
  const digits = Math.ceil((32 - Math.clz32(mask >>> shift)) / 4);
  return `0x${(inPlace >>> shift).toString(16).padStart(digits, "0")}`;
}
