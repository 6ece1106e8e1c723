/** Arenas. */
import type { BumpLayoutData } from "./layout.js";
import { readMember, readNumber } from "../../layout/decode/numbers.js";
import type { Block } from "../../layout/decode/headerless-block.js";

/** Offset of the newest block; what lies from `layout.firstBlock` to it is left. */
export function newestBlock(layout: BumpLayoutData, heap: DataView): number {
  return layout.firstBlock + readMember(heap, layout.control.room);
}

/** Offset behind the block in use at `offset`. Where blocks are not told apart they all are one. */
export function blockEnd(layout: BumpLayoutData, heap: DataView, offset: number): number {
  if (layout.before === undefined) {
    return layout.endOfBlocks;
  } else {
    return layout.firstBlock + readNumber(heap, offset, layout.before.bytes) * layout.before.unitBytes;
  }
}

/** Blocks in use by address, the newest first. Ends early at a block whose end is impossible. */
export function* blocks(layout: BumpLayoutData, heap: DataView): Generator<Block> {
  let offset = newestBlock(layout, heap);
  while (offset < layout.endOfBlocks) {
    const end = blockEnd(layout, heap, offset);
    if (end <= offset || end > layout.endOfBlocks) return;
    yield { offset, payload: offset + layout.headerBytes, size: end - offset, free: false };
    offset = end;
  }
}

/** The space that is left, where there is any, and behind it the blocks in use. */
export function* roomAndBlocks(layout: BumpLayoutData, heap: DataView): Generator<Block> {
  const newest = newestBlock(layout, heap);
  if (newest > layout.firstBlock && newest <= layout.endOfBlocks) {
    const offset = layout.firstBlock;
    yield { offset, payload: offset, size: newest - offset, free: true };
  }
  yield* blocks(layout, heap);
}
