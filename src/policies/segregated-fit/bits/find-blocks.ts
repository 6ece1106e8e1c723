/** Blocks as the bits say, and what is wrong with the bits or with the sizes in free blocks. */
import { hex, type Damage, type Stretch } from "../../../inspect/inspection.js";
import { readMember, readNumber } from "../../../layout/decode/numbers.js";
import { isLong, nextBit, readBit, usedSize } from "./decode.js";
import type { BitsLayoutData } from "./layout.js";

export interface FoundBlock {
  readonly offset: number;
  readonly size: number;
  readonly free: boolean;
}

export interface FoundBlocks {
  readonly blocks: readonly FoundBlock[];
  /** What no block can begin in. */
  readonly lost: readonly Stretch[];
  readonly damage: readonly Damage[];
}

/** @param window a stretch that an operation has in hand: nothing in it is looked at */
export function findBlocks(layout: BitsLayoutData, heap: DataView, window?: Stretch): FoundBlocks {
  const blocks: FoundBlock[] = [];
  const lost: Stretch[] = [];
  const damage: Damage[] = [...wrongEnds(layout, heap)];
  const { firstBlock, endOfBlocks, granuleBytes, minimumBlockBytes } = layout;
  for (let offset = firstBlock; offset < endOfBlocks;) {
    if (window?.offset === offset) {
      lost.push(window);
      offset += window.size;
      continue;
    }
    const free = !readBit(layout, heap, offset);
    const size = free ? nextBit(layout, heap, offset) - offset : usedSize(layout, heap, offset);
    if (size >= minimumBlockBytes && offset + size <= endOfBlocks) {
      const block = { offset, size, free };
      blocks.push(block);
      damage.push(...(free ? wrongSizes(heap, block) : wrongBits(layout, heap, block)));
      offset += size;
      continue;
    }
    const what = free ? "free space" : "block in use";
    const expected = `a block of ${minimumBlockBytes} to ${endOfBlocks - offset} bytes`;
    damage.push(wrongBit(layout, offset, `size ${size} of the ${what}`, expected));
    const end = Math.min(endOfBlocks, nextBit(layout, heap, offset + granuleBytes));
    lost.push({ offset, size: end - offset });
    offset = end;
  }
  return { blocks, lost, damage };
}

const placeOf = (layout: BitsLayoutData, offset: number): number =>
  offset / layout.granuleBytes - layout.placesBefore;

/** Damage at the word that has the bit of the granule at an offset. */
function wrongBit(layout: BitsLayoutData, offset: number, found: string, expected: string): Damage {
  const { bits } = layout.control;
  return {
    kind: "boundary",
    offset: bits.offset + 4 * Math.floor(placeOf(layout, offset) / 32),
    what: `bit of the granule at ${hex(offset)}`,
    found,
    expected,
    near: [offset],
  };
}

/** The bits of a block in use beside the one that it begins with: its last, and what a long one has in front of it. */
function wrongBits(layout: BitsLayoutData, heap: DataView, { offset, size }: FoundBlock): readonly Damage[] {
  const { granuleBytes, longBytes, sizeFrom, sizeBits } = layout;
  const last = size / granuleBytes - 1;
  if (isLong(layout, heap, offset) !== size >= longBytes) {
    const expected = `1 1 0 1 from the first granule on where it has ${longBytes} bytes or more, and only there`;
    return [wrongBit(layout, offset, `a block in use of ${size} bytes`, expected)];
  }
  // A block that is not long ends where the next bit is.
  if (size < longBytes) return [];
  const damage: Damage[] = [];
  for (let granule = sizeFrom + sizeBits; granule <= last; granule++) {
    const at = offset + granule * granuleBytes;
    const expected = granule === last;
    if (readBit(layout, heap, at) === expected) continue;
    const reason = expected
      ? `1: the block at ${hex(offset)} ends there`
      : `0: it lies in the block at ${hex(offset)}`;
    damage.push(wrongBit(layout, at, expected ? "0" : "1", reason));
  }
  return damage;
}

/** A free block says its size twice: no bit does. */
function wrongSizes(heap: DataView, { offset, size }: FoundBlock): readonly Damage[] {
  const numbers = [
    { kind: "size", at: offset + 8, what: `size of the free block at ${hex(offset)}` },
    { kind: "footer", at: offset + size - 4, what: `last word of the free block at ${hex(offset)}` },
  ];
  return numbers.flatMap(({ kind, at, what }): Damage[] => {
    const found = readNumber(heap, at, 4);
    if (found === size) return [];
    const expected = `${size}: up to the next block in use`;
    return [{ kind, offset: at, what, found: String(found), expected, near: [offset] }];
  });
}

/** The bits in front of the first block and behind the last are set, and those beyond them are not. */
function wrongEnds(layout: BitsLayoutData, heap: DataView): readonly Damage[] {
  const { bits } = layout.control;
  const first = placeOf(layout, layout.firstBlock) - 1;
  const end = placeOf(layout, layout.endOfBlocks);
  const damage: Damage[] = [];
  for (let place = 0; place < 32 * bits.count; place++) {
    if (place > first && place < end) continue;
    const word = Math.floor(place / 32);
    const found = (readMember(heap, bits, word) >>> (place % 32)) & 1;
    const expected = place === first || place === end ? 1 : 0;
    if (found === expected) continue;
    damage.push({
      kind: "boundary",
      offset: bits.offset + 4 * word,
      what: `bit ${place} of the bits`,
      found: String(found),
      expected: `${expected}: it is ${expected === 1 ? "beside" : "not of"} the blocks`,
    });
  }
  return damage;
}
