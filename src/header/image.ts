/** The bits of headers as the reference expects them in memory. */
import type { UnitBytes } from "../units.js";
import { isLabelled } from "./facts.js";
import { isCovered, isLabel, type BlockFacts, type FieldPlacement, type HeaderField } from "./field.js";
import type { HeaderLayout } from "./layout.js";

/** Bits of a storage unit that must hold something. */
export interface ExpectedBits {
  /** Bytes from the start of the block to the unit. */
  readonly offset: number;
  readonly bytes: UnitBytes;
  /** The bits, in place, as a signed or unsigned 32-bit integer. */
  readonly mask: number;
  /** The unit, 0 outside the mask. */
  readonly valueOf: (block: BlockFacts) => number;
}

/** What headers hold. Bits that nobody writes are left out. Made once for a plan: many blocks are held against it. */
export interface HeaderImage {
  readonly freeBlock: readonly ExpectedBits[];
  readonly usedBlock: readonly ExpectedBits[];
  /** What a header after the last block says of it, where it is kept for that alone. */
  readonly endTag: readonly ExpectedBits[];
  /** The header of a block of size 0 that ends the heap: it is never allocated. */
  readonly endBlock: readonly ExpectedBits[];
}

export function headerImage(header: HeaderLayout): HeaderImage {
  const always = bitsOf(header, (field) => isCovered(field) && !isLabel(field));
  const used = bitsOf(header, isCovered);
  return {
    freeBlock: [...always, ...sealOf(header, always)],
    usedBlock: [...used, ...sealOf(header, used)],
    endTag: bitsOf(header, ({ written }) => written === "with-left"),
    // What is kept with blocks is never written there, and counts in the checksum.
    endBlock: isLabelled(header) ? always : [...always, ...sealOf(header, always)],
  };
}

/** The bits of some fields, unit by unit. */
function bitsOf({ units }: HeaderLayout, isAmong: (field: HeaderField) => boolean): readonly ExpectedBits[] {
  return units.flatMap(({ offset, bytes, fields }) => {
    const own = fields.filter(({ field }) => isAmong(field)).map(numberInPlace);
    const mask = own.reduce((all, each) => all | each.mask, 0);
    const valueOf = (block: BlockFacts): number => {
      let value = 0;
      for (const each of own) value |= each.valueOf(block);
      return value;
    };
    return own.length === 0 ? [] : [{ offset, bytes, mask, valueOf }];
  });
}

const maskOf = ({ bits, shift }: FieldPlacement): number => (2 ** bits - 1) << shift;

/** The number of a field, cut to its width, where it stands in its unit. */
function numberInPlace(placement: FieldPlacement): Pick<ExpectedBits, "mask" | "valueOf"> {
  const { field, shift, value = 0 } = placement;
  const mask = maskOf(placement);
  return { mask, valueOf: (block) => (field.expected(block, value) << shift) & mask };
}

/** Every bit of the other fields counts once, in the checksum's bit that is a multiple of its width away. */
function sealOf({ units }: HeaderLayout, covered: readonly ExpectedBits[]): readonly ExpectedBits[] {
  return units.flatMap(({ offset, bytes, fields }) =>
    fields
      .filter(({ field }) => field.written === "with-any")
      .map((placement): ExpectedBits => {
        const { bits, shift, value: ofZeros = 0 } = placement;
        const mask = maskOf(placement);
        const valueOf = (block: BlockFacts): number => {
          let sum = ofZeros;
          for (const each of covered) {
            let rest = each.valueOf(block) >>> 0;
            for (; rest > 0; rest = Math.floor(rest / 2 ** bits)) sum ^= rest;
          }
          return (sum << shift) & mask;
        };
        return { offset, bytes, mask, valueOf };
      }),
  );
}
