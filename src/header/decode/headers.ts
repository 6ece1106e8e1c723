/** Heaps whose blocks have headers and tile the space from the first block on. */
import { readField, readMember, readNumber, type Field } from "../../layout/decode/numbers.js";
import type { HeaderLayoutData } from "../../layout/layout.js";
import type { Block } from "./block.js";
import { readHeader, type Header } from "./header.js";

/** Bits of some parts of the header at `offset`, in place, joined by exclusive or. */
function joined(heap: DataView, offset: number, parts: readonly Field[]): number {
  return parts.reduce(
    (bits, part) => bits ^ (readNumber(heap, offset + part.offset, part.bytes) & part.mask),
    0,
  );
}

/** Whether the header at `offset` has the checksum of its other fields. */
export function hasChecksum(layout: HeaderLayoutData, heap: DataView, offset: number): boolean {
  if (
    layout.header.checksum !== undefined &&
    layout.header.fields.checksum !== undefined &&
    layout.header.fields.used !== undefined
  ) {
    const used = readField(heap, offset, layout.header.fields.used) === 1;
    let bits = joined(heap, offset, layout.header.checksum.parts);
    if (used) bits ^= joined(heap, offset, layout.header.checksum.inUse);
    let folded = 0;
    for (let at = 0; at < 32; at += layout.header.checksum.bits) folded ^= bits >>> at;
    const mask = 2 ** layout.header.checksum.bits - 1;
    const expected = (folded & mask) ^ layout.header.checksum.ofZeros;
    return readField(heap, offset, layout.header.fields.checksum) === expected;
  } else {
    return true;
  }
}

/** Whether a block can begin at `offset`: its payload is aligned, and the least block has room. */
export function canBegin(layout: HeaderLayoutData, offset: number): boolean {
  return (
    offset >= layout.firstBlock &&
    offset + layout.minimumBlockBytes <= layout.endOfBlocks &&
    (offset - layout.firstBlock) % layout.granuleBytes === 0
  );
}

/** Offset behind the last block. What lies from there to `layout.endOfBlocks` was never used, or was given back. */
export function blocksEnd(layout: HeaderLayoutData, heap: DataView): number {
  if (layout.control.wilderness === undefined) {
    if (layout.control.end === undefined) {
      return layout.endOfBlocks;
    } else {
      return Math.min(readMember(heap, layout.control.end), layout.endOfBlocks);
    }
  } else {
    return Math.min(readMember(heap, layout.control.wilderness), layout.endOfBlocks);
  }
}

/** Offset of the block that a link, not 0, leads to; undefined where it leads to no place of a block. */
export function linkTarget(layout: HeaderLayoutData, heap: DataView, link: number): number | undefined {
  if (layout.links.place === "slots") {
    if (link > layout.links.slots) return undefined;
    const block = readMember(heap, layout.links.table, 3 * (link - 1));
    const offset = block * layout.links.unitBytes - layout.header.bytes;
    return canBegin(layout, offset) ? offset : undefined;
  } else {
    const offset = link * layout.links.unitBytes - layout.header.bytes;
    return canBegin(layout, offset) ? offset : undefined;
  }
}

/**
 * What a number in memory is as a link: an address counts from the heap's, which the end of all lists tells, and is 0
 * where it is that end's.
 */
export function linkOf(layout: HeaderLayoutData, heap: DataView, found: number): number {
  if (layout.links.place === "addresses") {
    const fromEnd = found - readMember(heap, layout.links.end);
    // The heap's own address ends no list, and leads to no block.
    const offset = fromEnd + layout.links.end.offset || layout.heapBytes;
    return fromEnd === 0 ? 0 : offset;
  } else {
    return found;
  }
}

/** The link behind the one that leads to the block at `offset`; 0: the list ends. */
export function nextLink(layout: HeaderLayoutData, heap: DataView, link: number, offset: number): number {
  if (layout.links.place === "slots") {
    return readMember(heap, layout.links.table, 3 * (link - 1) + 2);
  } else if (layout.links.place === "addresses") {
    return linkOf(layout, heap, readNumber(heap, offset + layout.links.next, layout.links.bytes));
  } else {
    return readNumber(heap, offset + layout.links.next, layout.links.bytes);
  }
}

/** Where the first link of a list stands. Addresses of heads have a word of no use between them. */
export function headPlace(layout: HeaderLayoutData, list: number): number {
  const { first } = layout.control;
  const isAddress = layout.links.place === "addresses";
  return first.offset + (isAddress ? 2 * list : list) * first.bytes;
}

/** The first link of a list; 0: it is empty. */
export function firstLink(layout: HeaderLayoutData, heap: DataView, list: number): number {
  return linkOf(layout, heap, readNumber(heap, headPlace(layout, list), layout.control.first.bytes));
}

/** Offsets of the blocks from one on that a link leads to. A list that is damaged ends where it is. */
function* linkedFrom(layout: HeaderLayoutData, heap: DataView, first: number): Generator<number> {
  const seen = new Set<number>();
  let link = first;
  while (link !== 0 && !seen.has(link)) {
    seen.add(link);
    const offset = linkTarget(layout, heap, link);
    if (offset === undefined) return;
    yield offset;
    link = nextLink(layout, heap, link, offset);
  }
}

/** Offsets of a free list's blocks, in list order. */
export function* freeList(layout: HeaderLayoutData, heap: DataView, list = 0): Generator<number> {
  if (layout.links.place === "addresses") {
    yield* linkedFrom(layout, heap, firstLink(layout, heap, list));
  } else {
    yield* linkedFrom(layout, heap, readMember(heap, layout.control.first, list));
  }
}

/** Offsets of the blocks of all free lists, list after list. */
export function* freeBlocks(layout: HeaderLayoutData, heap: DataView): Generator<number> {
  for (let list = 0; list < layout.control.first.count; list++) yield* freeList(layout, heap, list);
}

/** Offsets of the blocks that wait in quick lists, list after list; nobody has them, and they are not merged. */
export function* waitingBlocks(layout: HeaderLayoutData, heap: DataView): Generator<number> {
  if (layout.control.quick !== undefined) {
    const seen = new Set<number>();
    for (let list = 0; list < layout.control.quick.count; list++) {
      let link = readMember(heap, layout.control.quick, list);
      while (link !== 0 && !seen.has(link)) {
        seen.add(link);
        const offset = linkTarget(layout, heap, link);
        if (offset === undefined) break;
        yield offset;
        link = nextLink(layout, heap, link, offset);
      }
    }
  }
}

function* tile(
  layout: HeaderLayoutData,
  heap: DataView,
  isFree: (block: Header, offset: number) => boolean,
): Generator<Block> {
  const end = blocksEnd(layout, heap);
  let offset: number = layout.firstBlock;
  while (offset + layout.minimumBlockBytes <= end) {
    const header = readHeader(layout, heap, offset);
    if (header.size < layout.minimumBlockBytes || offset + header.size > end) return;
    const payload = offset + layout.header.bytes;
    yield { offset, payload, size: header.size, free: isFree(header, offset), header };
    offset += header.size;
  }
}

/** All blocks by address. Ends early, before `blocksEnd`, at a header whose size is impossible. */
export function* blocks(layout: HeaderLayoutData, heap: DataView): Generator<Block> {
  if (layout.header.fields.used === undefined) {
    // No header says whether its block is free: those are that stand in a list.
    const listed = new Set(freeBlocks(layout, heap));
    if (layout.control.quick !== undefined) {
      for (const offset of waitingBlocks(layout, heap)) listed.add(offset);
    }
    yield* tile(layout, heap, (_header, offset) => listed.has(offset));
  } else if (layout.control.quick !== undefined) {
    const waiting = new Set(waitingBlocks(layout, heap));
    yield* tile(layout, heap, (header, offset) => header.used !== true || waiting.has(offset));
  } else {
    yield* tile(layout, heap, (header) => header.used !== true);
  }
}
