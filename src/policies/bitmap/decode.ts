/** Bitmapped fit. */
import type { BitmapLayoutData } from "./layout.js";
import { readMember, type Member } from "../../layout/decode/numbers.js";
import type { Block } from "../../layout/decode/headerless-block.js";

/** A granule's bit of a bitmap. */
export function readBit(heap: DataView, bitmap: Member, granule: number): boolean {
  return ((readMember(heap, bitmap, Math.floor(granule / 32)) >>> (granule % 32)) & 1) === 1;
}

/** The granule behind the block, or the run of free ones, that begins at `granule`. A block without an end stops there. */
export function runEnd(layout: BitmapLayoutData, heap: DataView, granule: number): number {
  const used = readBit(heap, layout.control.used, granule);
  for (let at = granule; at < layout.granules; at++) {
    if (readBit(heap, layout.control.used, at) !== used) return at;
    if (used && readBit(heap, layout.control.last, at)) return at + 1;
  }
  return layout.granules;
}

/** Blocks in use and runs of free granules, by address. */
export function* blocks(layout: BitmapLayoutData, heap: DataView): Generator<Block> {
  for (let granule = 0; granule < layout.granules; granule = runEnd(layout, heap, granule)) {
    const offset = layout.firstBlock + granule * layout.granuleBytes;
    const size = (runEnd(layout, heap, granule) - granule) * layout.granuleBytes;
    yield { offset, payload: offset, size, free: !readBit(heap, layout.control.used, granule) };
  }
}
