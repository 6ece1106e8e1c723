/** Pools: blocks stand where the layout says; the lists tell which are free. */
import { freshBlock, isMarkedUsed, linkTarget } from "./decode.js";
import { readMember, readNumber } from "../../layout/decode/numbers.js";
import type { PoolLayoutData } from "./layout.js";
import {
  hex,
  type Damage,
  type InspectedBlock,
  type InspectedList,
  type Inspection,
  type Stretch,
} from "../../inspect/inspection.js";
import { totalsOf } from "../../inspect/totals.js";

/** What was found of one class. */
interface InspectedClass {
  readonly blocks: readonly InspectedBlock[];
  readonly untouched: readonly Stretch[];
  readonly list: InspectedList;
  readonly damage: readonly Damage[];
}

/** @param heap the heap's bytes, with any content */
export function inspect(layout: PoolLayoutData, heap: DataView): Inspection {
  const classes = layout.classes.map((_, index) => inspectClass(layout, heap, index));
  const blocks = classes.flatMap((found) => found.blocks);
  const untouched = classes.flatMap((found) => found.untouched);
  return {
    controlBytes: layout.firstBlock,
    heapBytes: layout.heapBytes,
    blocks,
    lost: [],
    untouched,
    lists: classes.map(({ list }) => list).filter(({ blocks: count, whole }) => count > 0 || !whole),
    ...totalsOf(blocks, [], untouched),
    damage: [...classes.flatMap((found) => found.damage), ...strayMarks(layout, heap)].toSorted(
      (left, right) => left.offset - right.offset,
    ),
  };
}

function inspectClass(layout: PoolLayoutData, heap: DataView, index: number): InspectedClass {
  const { start = 0, end = 0, blockBytes = 1 } = layout.classes[index] ?? {};
  const { offset: fresh, damage: freshDamage } = freshOf(layout, heap, index);
  const { nodes, damage: listDamage } = walk(layout, heap, index, fresh);
  const places = new Map(nodes.map((offset, at) => [offset, at]));
  const blocks: InspectedBlock[] = [];
  for (let offset = start; offset < fresh; offset += blockBytes) {
    const at = places.get(offset);
    const block = { offset, payload: offset, size: blockBytes, free: at !== undefined };
    if (at === undefined) {
      blocks.push(block);
      continue;
    }
    const next = nodes[at + 1];
    const previous = nodes[at - 1];
    blocks.push({
      ...block,
      list: index,
      ...(next === undefined ? {} : { next }),
      ...(previous === undefined ? {} : { previous }),
    });
  }
  return {
    blocks,
    untouched: fresh < end ? [{ offset: fresh, size: end - fresh }] : [],
    list: {
      list: index,
      from: blockBytes,
      blocks: nodes.length,
      bytes: nodes.length * blockBytes,
      whole: listDamage.length === 0,
    },
    damage: [
      ...freshDamage,
      ...listDamage,
      ...(listDamage.length === 0 ? wrongMarks(layout, heap, index, places) : []),
    ],
  };
}

/** Blocks whose bit does not agree with their class's list. */
function wrongMarks(
  layout: PoolLayoutData,
  heap: DataView,
  index: number,
  listed: ReadonlyMap<number, number>,
): readonly Damage[] {
  const { used } = layout.control;
  const { start = 0, end = 0, blockBytes = 1 } = layout.classes[index] ?? {};
  const fresh = freshBlock(layout, heap, index);
  const damage: Damage[] = [];
  for (let offset = start; used !== undefined && offset < end; offset += blockBytes) {
    const isFree = offset >= fresh || listed.has(offset);
    if (isMarkedUsed(layout, heap, offset) !== isFree) continue;
    damage.push({
      kind: "bitmap",
      offset: used.offset,
      what: `bit of the block at ${hex(offset)}`,
      found: isFree ? "1: in use" : "0: free",
      expected: isFree ? "0: the block is free" : "1: the block is in no list",
      near: [offset],
    });
  }
  return damage;
}

/** Bits that no block has. */
function strayMarks(
  { control, classes, firstBlock, placeShift }: PoolLayoutData,
  heap: DataView,
): readonly Damage[] {
  const { used } = control;
  if (used === undefined || placeShift === undefined) return [];
  const places = new Set<number>();
  for (const { start, end, blockBytes } of classes) {
    for (let at = start; at < end; at += blockBytes) places.add((at - firstBlock) >> placeShift);
  }
  const damage: Damage[] = [];
  for (let place = 0; place < 32 * used.count; place++) {
    const bit = (readMember(heap, used, place >> 5) >>> (place & 31)) & 1;
    if (bit === 0 || places.has(place)) continue;
    const what = `bit ${place} of used`;
    const at = used.offset + used.bytes * (place >> 5);
    damage.push({ kind: "bitmap", offset: at, what, found: "1", expected: "0: there is no such block" });
  }
  return damage;
}

/** Where a class's untouched blocks begin; its end where the memory does not tell. */
function freshOf(
  layout: PoolLayoutData,
  heap: DataView,
  index: number,
): { readonly offset: number; readonly damage: readonly Damage[] } {
  const { start = 0, end = 0, blockBytes = 1 } = layout.classes[index] ?? {};
  const offset = freshBlock(layout, heap, index);
  if (offset >= start && offset <= end && (offset - start) % blockBytes === 0) return { offset, damage: [] };
  const { fresh } = layout.control;
  return {
    offset: end,
    damage: [
      {
        kind: "control",
        offset: (fresh?.offset ?? 0) + index * (fresh?.bytes ?? 0),
        what: `first unused block of class ${index}`,
        found: hex(offset),
        expected: `${hex(start)} to ${hex(end)}, in steps of ${blockBytes}`,
      },
    ],
  };
}

/** The listed blocks of a class, until the list ends or cannot be followed. */
function walk(
  layout: PoolLayoutData,
  heap: DataView,
  index: number,
  fresh: number,
): { readonly nodes: readonly number[]; readonly damage: readonly Damage[] } {
  const { first } = layout.control;
  const nodes = new Set<number>();
  let place = first.offset + index * first.bytes;
  let what = `first of free list ${index}`;
  let link = readMember(heap, first, index);
  while (link !== 0) {
    const offset = linkTarget(layout, link, index);
    const found =
      offset === undefined
        ? `${link}: not a block of its class`
        : offset >= fresh
          ? `the block at ${hex(offset)}, never allocated`
          : nodes.has(offset)
            ? `the block at ${hex(offset)}, visited before`
            : undefined;
    if (offset === undefined || found !== undefined) {
      const kind = offset !== undefined && nodes.has(offset) ? "loop" : "link";
      const expected = "a block of its class that was allocated before, or 0";
      return { nodes: [...nodes], damage: [{ kind, offset: place, what, found: found ?? "", expected }] };
    }
    nodes.add(offset);
    place = offset;
    what = `next of the free block at ${hex(offset)}`;
    link = readNumber(heap, offset, layout.links.bytes);
  }
  return { nodes: [...nodes], damage: [] };
}
