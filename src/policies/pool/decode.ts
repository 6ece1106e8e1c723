/** Pools of equal blocks. */
import type { PoolLayoutData } from "./layout.js";
import { readMember, readNumber } from "../../layout/decode/numbers.js";
import type { Block } from "../../layout/decode/headerless-block.js";

/** Offset of the block of a class that a link, not 0, leads to; undefined where it leads to none. */
export function linkTarget(layout: PoolLayoutData, link: number, index: number): number | undefined {
  const pool = layout.classes[index];
  const offset = link * layout.links.unitBytes;
  if (pool === undefined || offset < pool.start || offset >= pool.end) return undefined;
  return (offset - pool.start) % pool.blockBytes === 0 ? offset : undefined;
}

/** Offsets of a class's listed free blocks, in list order. A list that is damaged ends where it is. */
export function* freeList(layout: PoolLayoutData, heap: DataView, index = 0): Generator<number> {
  const seen = new Set<number>();
  let link = readMember(heap, layout.control.first, index);
  while (link !== 0 && !seen.has(link)) {
    seen.add(link);
    const offset = linkTarget(layout, link, index);
    if (offset === undefined) return;
    yield offset;
    link = readNumber(heap, offset, layout.links.bytes);
  }
}

/** Offsets of the listed free blocks of all classes. */
export function* freeBlocks(layout: PoolLayoutData, heap: DataView): Generator<number> {
  for (let index = 0; index < layout.classes.length; index++) yield* freeList(layout, heap, index);
}

/** Offset of the first block of a class that was never allocated; those behind it were not either. */
export function freshBlock(layout: PoolLayoutData, heap: DataView, index: number): number {
  if (layout.control.fresh === undefined) {
    return layout.classes[index]?.end ?? layout.endOfBlocks;
  } else {
    return readMember(heap, layout.control.fresh, index) * layout.links.unitBytes;
  }
}

/** Whether a block's bit says that it is in use; false where no bits are kept. */
export function isMarkedUsed(layout: PoolLayoutData, heap: DataView, offset: number): boolean {
  if (layout.control.used === undefined || layout.placeShift === undefined) {
    return false;
  } else {
    const place = Math.floor((offset - layout.firstBlock) / 2 ** layout.placeShift);
    return ((readMember(heap, layout.control.used, Math.floor(place / 32)) >>> (place % 32)) & 1) === 1;
  }
}

/** All blocks by address. */
export function* blocks(layout: PoolLayoutData, heap: DataView): Generator<Block> {
  const listed = new Set(freeBlocks(layout, heap));
  for (const [index, pool] of layout.classes.entries()) {
    const fresh = freshBlock(layout, heap, index);
    for (let offset: number = pool.start; offset < pool.end; offset += pool.blockBytes) {
      const free = offset >= fresh || listed.has(offset);
      yield { offset, payload: offset, size: pool.blockBytes, free };
    }
  }
}
