/** The bits of a header as the reference expects them in memory. */
import { isLabel, type BlockFacts, type FieldPlacement } from "./field.js";
import { isLabelled } from "./facts.js";
import type { HeaderLayout, StorageUnit } from "./layout.js";

/** A number that a field must hold. */
export interface ExpectedBits {
  /** Bytes from the start of the block. */
  readonly offset: number;
  /** Position of the lowest bit in the little-endian unit at `offset`. */
  readonly shift: number;
  readonly bits: number;
  readonly value: number;
}

const expectedOf = (unit: StorageUnit, { shift, bits }: FieldPlacement, value: number): ExpectedBits => ({
  offset: unit.offset,
  shift,
  bits,
  value,
});

const placements = ({ units }: HeaderLayout) =>
  units.flatMap((unit) => unit.fields.map((placement) => ({ unit, placement })));

/** The number of a field, cut to its width; 0 where it says nothing of the block. */
function valueOf({ field, bits, value = 0 }: FieldPlacement, block: BlockFacts): number {
  return block.free && isLabel(field) ? 0 : field.expected(block, value) % 2 ** bits;
}

/** What the header of a block holds. Bits that nobody writes are left out. */
export function expectedHeader(header: HeaderLayout, block: BlockFacts): readonly ExpectedBits[] {
  return placements(header).flatMap(({ unit, placement }) => {
    const { written } = placement.field;
    if (written === "never" || (written === "on-allocation" && block.free)) return [];
    const value = written === "with-any" ? sealOf(header, placement, block) : valueOf(placement, block);
    return [expectedOf(unit, placement, value)];
  });
}

/** What a header after the last block says of it, where it is kept for that alone. */
export function expectedEndTag(header: HeaderLayout, block: BlockFacts): readonly ExpectedBits[] {
  return placements(header).flatMap(({ unit, placement }) =>
    placement.field.written === "with-left" ? [expectedOf(unit, placement, valueOf(placement, block))] : [],
  );
}

/** What the header of a block of size 0 holds that ends the heap: it is never allocated. */
export function expectedEndBlock(header: HeaderLayout, block: BlockFacts): readonly ExpectedBits[] {
  return placements(header).flatMap(({ unit, placement }) => {
    switch (placement.field.written) {
      case "with-block":
      case "with-left":
        return [expectedOf(unit, placement, valueOf(placement, block))];
      case "with-any":
        // What is kept with blocks is never written there, and counts in the checksum.
        return isLabelled(header) ? [] : [expectedOf(unit, placement, sealOf(header, placement, block))];
      case "on-allocation":
      case "never":
        return [];
    }
  });
}

/** Every bit of the other fields counts once, in the checksum's bit that is a multiple of its width away. */
function sealOf(header: HeaderLayout, { bits, value = 0 }: FieldPlacement, block: BlockFacts): number {
  let sum = value;
  for (const { placement } of placements(header)) {
    const { field, shift, bits: width } = placement;
    if (field.written === "with-any" || field.written === "never") continue;
    const number = valueOf(placement, block);
    for (let bit = 0; bit < width; bit++) {
      const isSet = Math.floor(number / 2 ** bit) % 2 === 1;
      if (isSet) sum ^= 1 << ((shift + bit) % bits);
    }
  }
  return sum;
}
