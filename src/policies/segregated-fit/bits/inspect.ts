/** Heaps with boundary bits: the bits tell all blocks, and what stands in free ones must agree with them. */
import { checkBitmap } from "../../../inspect/check-lists.js";
import {
  hex,
  isIn,
  type Damage,
  type InspectedBlock,
  type Inspection,
  type Stretch,
} from "../../../inspect/inspection.js";
import { totalsOf } from "../../../inspect/totals.js";
import { readMember, readNumber } from "../../../layout/decode/numbers.js";
import { findBlocks, type FoundBlock } from "./find-blocks.js";
import type { BitsLayoutData } from "./layout.js";
import { listFor, walkLists, type WalkedLists } from "./walk-lists.js";

/**
 * @param heap the heap's bytes, with any content
 * @param window a stretch that an operation has in hand, from a block's start to another's or to their end: what it holds
 * is not looked at, but where it is in a list
 */
export function inspect(layout: BitsLayoutData, heap: DataView, window?: Stretch): Inspection {
  const found = findBlocks(layout, heap, window);
  const lists = walkLists(layout, heap, found.blocks, window);
  const free = new Set(found.blocks.filter((block) => block.free).map(({ offset }) => offset));
  const blocks = describeBlocks(found.blocks, lists);
  return {
    controlBytes: layout.firstBlock,
    heapBytes: layout.heapBytes,
    blocks,
    lost: found.lost,
    untouched: [],
    lists: lists.lists.map(({ list, nodes, whole }) => ({
      list,
      from: layout.classFloors[list] ?? 0,
      blocks: nodes.length,
      bytes: nodes.reduce((sum, { size }) => sum + size, 0),
      whole,
    })),
    ...totalsOf(blocks, found.lost, []),
    damage: [
      ...found.damage,
      ...lists.damage,
      ...checkBitmap(
        layout,
        heap,
        (list) => readMember(heap, layout.control.first, list),
        (link) => (free.has(link) || isIn(window, link) ? link : undefined),
      ),
      ...checkNone(layout, heap),
      ...checkUnlisted(layout, found.blocks, lists),
      ...checkUnlinked(layout, heap, found.blocks, lists),
    ].sort((left, right) => left.offset - right.offset),
  };
}

function describeBlocks(found: readonly FoundBlock[], { lists }: WalkedLists): InspectedBlock[] {
  const places = new Map<number, Pick<InspectedBlock, "list" | "next" | "previous">>();
  for (const { list, nodes } of lists) {
    for (const [index, { offset }] of nodes.entries()) {
      const next = nodes[index + 1]?.offset;
      const previous = nodes[index - 1]?.offset;
      places.set(offset, {
        list,
        ...(next === undefined ? {} : { next }),
        ...(previous === undefined ? {} : { previous }),
      });
    }
  }
  return found.map(({ offset, size, free }) => ({
    ...{ offset, payload: offset, size, free },
    ...(free ? places.get(offset) : {}),
  }));
}

/** A search compares the size of the end of a list with what it needs: were it not 0, it would be handed out. */
function checkNone({ control }: BitsLayoutData, heap: DataView): readonly Damage[] {
  const size = readMember(heap, control.none, 2);
  if (size === 0) return [];
  return [
    {
      kind: "control",
      offset: control.none.offset + 8,
      what: "size of the end of all lists",
      found: String(size),
      expected: "0",
    },
  ];
}

/** Free blocks that stand in no list. Those that a broken list may have lost are not named one by one. */
function checkUnlisted(
  layout: BitsLayoutData,
  found: readonly FoundBlock[],
  { lists }: WalkedLists,
): readonly Damage[] {
  const listed = new Set(lists.flatMap(({ nodes }) => nodes.map(({ offset }) => offset)));
  const broken = new Set(lists.filter(({ whole }) => !whole).map(({ list }) => list));
  return found
    .filter(({ offset, free, size }) => free && !listed.has(offset) && !broken.has(listFor(layout, size)))
    .map(({ offset, size }) => ({
      kind: "unlisted",
      offset,
      what: `free block at ${hex(offset)}`,
      found: "in no list",
      expected: `in list ${listFor(layout, size)}`,
      near: [offset],
    }));
}

/**
 * What stood in a list whose first block has no links yet: the block that was first then still leads back to the head.
 * Where it leads to the new one, that had its links.
 */
function checkUnlinked(
  layout: BitsLayoutData,
  heap: DataView,
  found: readonly FoundBlock[],
  { lists }: WalkedLists,
): readonly Damage[] {
  const { listHeads } = layout;
  const unlinked = new Map(
    lists.flatMap(({ list, unlinked }) =>
      unlinked === true ? [[list, listHeads.first + list * listHeads.step]] : [],
    ),
  );
  const free = new Map(found.map((block) => [block.offset, block.free]));
  return found
    .filter((block) => block.free)
    .flatMap(({ offset, size }): readonly Damage[] => {
      const head = unlinked.get(listFor(layout, size));
      const previous = readNumber(heap, offset + 4, 4);
      if (head === undefined || previous === head || free.get(previous) === true) return [];
      const what = `previous of the free block at ${hex(offset)}`;
      return [
        { kind: "back-link", offset: offset + 4, what, found: String(previous), expected: String(head) },
      ];
    });
}
