/** Boundary bits. */
import type { BitsLayoutData } from "./layout.js";
import { readMember, readNumber } from "../../../layout/decode/numbers.js";
import type { Block } from "../../../layout/decode/headerless-block.js";

/** The bit of the granule at an offset. */
export function readBit(layout: BitsLayoutData, heap: DataView, offset: number): boolean {
  const place = offset / layout.granuleBytes - layout.placesBefore;
  return ((readMember(heap, layout.control.bits, Math.floor(place / 32)) >>> (place % 32)) & 1) === 1;
}

/** Offset of the first granule from `offset` on that has a bit; the end of the blocks where none has. */
export function nextBit(layout: BitsLayoutData, heap: DataView, offset: number): number {
  let at = offset;
  while (at < layout.endOfBlocks && !readBit(layout, heap, at)) at += layout.granuleBytes;
  return at;
}

/** Whether the granules of the block in use at an offset say its size. */
export function isLong(layout: BitsLayoutData, heap: DataView, offset: number): boolean {
  if (offset + layout.longBytes > layout.endOfBlocks) return false;
  const bit = (granule: number): boolean => readBit(layout, heap, offset + granule * layout.granuleBytes);
  return bit(1) && !bit(2) && bit(3);
}

/** Bytes of the block in use at an offset, as its bits say. */
export function usedSize(layout: BitsLayoutData, heap: DataView, offset: number): number {
  if (!isLong(layout, heap, offset)) {
    return nextBit(layout, heap, offset + layout.granuleBytes) + layout.granuleBytes - offset;
  }
  let granules = 0;
  for (let bit = 0; bit < layout.sizeBits; bit++) {
    if (readBit(layout, heap, offset + (layout.sizeFrom + bit) * layout.granuleBytes)) granules += 2 ** bit;
  }
  return granules * layout.granuleBytes;
}

/** All blocks by address. Ends early at bits that no block can have there. */
export function* blocks(layout: BitsLayoutData, heap: DataView): Generator<Block> {
  let offset = layout.firstBlock;
  while (offset < layout.endOfBlocks) {
    const free = !readBit(layout, heap, offset);
    const size = free ? nextBit(layout, heap, offset) - offset : usedSize(layout, heap, offset);
    if (size < layout.minimumBlockBytes || offset + size > layout.endOfBlocks) return;
    yield { offset, payload: offset, size, free };
    offset += size;
  }
}

/** Offsets of the free blocks of a list, in its order. A list that is damaged ends where it is. */
export function* freeList(layout: BitsLayoutData, heap: DataView, list = 0): Generator<number> {
  const seen = new Set<number>();
  let link = readMember(heap, layout.control.first, list);
  while (link >= layout.firstBlock && link < layout.endOfBlocks && !seen.has(link) && link % 4 === 0) {
    seen.add(link);
    yield link;
    link = readNumber(heap, link, 4);
  }
}

/** Offsets of the free blocks of all lists. */
export function* freeBlocks(layout: BitsLayoutData, heap: DataView): Generator<number> {
  for (let list = 0; list < layout.control.first.count; list++) yield* freeList(layout, heap, list);
}
