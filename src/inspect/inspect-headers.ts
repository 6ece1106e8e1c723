/** Heaps whose blocks have headers: everything that can be told from a dump, damaged or not. */
import { readHeader } from "../header/decode/header.js";
import { blocksEnd, firstLink, freeBlocks, linkTarget, waitingBlocks } from "../header/decode/headers.js";
import { labelsOf } from "../header/dump.js";
import { readMember } from "../layout/decode/numbers.js";
import type { HeaderLayoutData } from "../layout/layout.js";
import { checkListEnd, checkListEnds, checkSpareSlots, checkUnlisted } from "./check-control.js";
import { quickSizes, walkQuickLists } from "./check-quick.js";
import { checkBitmap, walkLists, type WalkedList } from "./check-lists.js";
import { checkNeighbours } from "./check-neighbours.js";
import { atActualSize } from "./actual-end.js";
import { findBlocks, type FoundBlocks } from "./find-blocks.js";
import type { Dump } from "./header-rules.js";
import { totalsOf } from "./totals.js";
import type { Damage, InspectedBlock, InspectedList, Inspection, Stretch } from "./inspection.js";

/** What the policy promises beside what the layout tells. */
export interface Promises {
  /** No two neighbours are ever free. */
  readonly mergesAtOnce: boolean;
  /** Lists are in address order. */
  readonly addressOrder: boolean;
}

/**
 * @param heap the heap's bytes, `layout.heapBytes` of them, with any content
 * @param window a stretch that an operation has in hand, from a block's start to another's or to their end: what it holds
 * is not looked at
 */
export function inspectHeaders(
  planned: HeaderLayoutData,
  promises: Promises,
  heap: DataView,
  window?: Stretch,
): Inspection {
  const { layout, damage: wrongEnd } = atActualSize(planned, heap);
  const { dump, damage } = openDump(layout, heap);
  const found = findBlocks(dump, window);
  const lists = walkLists(dump, found, promises.addressOrder, window);
  const quick = walkQuickLists(dump, found, window);
  const blocks = describeBlocks(dump, found, [...lists.lists, ...quick.lists]);
  const left = layout.endOfBlocks - dump.end;
  const untouched = left === 0 ? [] : [{ offset: dump.end, size: left }];
  return {
    controlBytes: layout.firstBlock,
    heapBytes: layout.heapBytes,
    blocks,
    lost: found.lost,
    untouched,
    lists: describeLists(layout.classFloors, lists.lists),
    ...(layout.control.quick === undefined
      ? {}
      : { quickLists: describeLists(quickSizes(layout), quick.lists) }),
    ...totalsOf(blocks, found.lost, untouched),
    damage: [
      ...wrongEnd,
      ...damage,
      ...found.damage,
      ...checkNeighbours(dump, found, promises.mergesAtOnce),
      ...lists.damage,
      ...quick.damage,
      ...checkBitmap(
        layout,
        heap,
        (list) => firstLink(layout, heap, list),
        (link) => linkTarget(layout, heap, link),
      ),
      ...checkListEnd(dump),
      ...checkListEnds(dump, lists),
      ...checkSpareSlots(dump, lists),
      ...checkUnlisted(dump, found, lists),
    ].sort((left, right) => left.offset - right.offset),
  };
}

/** The dump, and whether its untouched space begins where it can. */
export function openDump(
  layout: HeaderLayoutData,
  heap: DataView,
): { readonly dump: Dump; readonly damage: readonly Damage[] } {
  const listed = new Set(freeBlocks(layout, heap));
  const waiting = new Set(waitingBlocks(layout, heap));
  const { wilderness } = layout.control;
  const end = blocksEnd(layout, heap);
  const found = wilderness === undefined ? end : readMember(heap, wilderness);
  const { firstBlock, endOfBlocks, granuleBytes } = layout;
  if (found >= firstBlock && found <= endOfBlocks && (found - firstBlock) % granuleBytes === 0) {
    return { dump: { layout, heap, end, listed, waiting }, damage: [] };
  }
  const expected = `${firstBlock} to ${endOfBlocks}, in steps of ${granuleBytes}`;
  return {
    dump: { layout, heap, end: endOfBlocks, listed, waiting },
    damage: [
      {
        kind: "control",
        offset: wilderness?.offset ?? 0,
        what: "start of the wilderness",
        found: String(found),
        expected,
      },
    ],
  };
}

function describeBlocks(
  { layout, heap }: Dump,
  found: FoundBlocks,
  lists: readonly WalkedList[],
): InspectedBlock[] {
  const places = new Map<number, Pick<InspectedBlock, "list" | "next" | "previous">>();
  for (const { list, nodes } of lists) {
    for (const [index, { block }] of nodes.entries()) {
      const next = nodes[index + 1]?.block.offset;
      const previous = nodes[index - 1]?.block.offset;
      places.set(block.offset, {
        list,
        ...(next === undefined ? {} : { next }),
        ...(previous === undefined ? {} : { previous }),
      });
    }
  }
  return found.blocks.map(({ offset, size, free, waits }) => {
    const payload = offset + layout.header.bytes;
    const block = { offset, payload, size, free: free || waits };
    if (waits) return { ...block, waits, ...places.get(offset) };
    if (free) return { ...block, ...places.get(offset) };
    return { ...block, labels: labelsOf(layout, readHeader(layout, heap, offset)) };
  });
}

const describeLists = (
  classFloors: readonly number[] | undefined,
  lists: readonly WalkedList[],
): InspectedList[] =>
  lists.map(({ list, nodes, whole }) => ({
    list,
    ...(classFloors === undefined ? {} : { from: classFloors[list] ?? 0 }),
    blocks: nodes.length,
    bytes: nodes.reduce((sum, { block }) => sum + block.size, 0),
    whole,
  }));
