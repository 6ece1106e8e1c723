/** The free lists of a heap with boundary bits, followed link by link. */
import {
  hex,
  isIn,
  type Damage,
  type DamageKind,
  type Near,
  type Stretch,
} from "../../../inspect/inspection.js";
import { readMember, readNumber } from "../../../layout/decode/numbers.js";
import type { FoundBlock } from "./find-blocks.js";
import type { BitsLayoutData } from "./layout.js";

export interface WalkedList {
  readonly list: number;
  readonly nodes: readonly FoundBlock[];
  /** Whether it was followed to its end. */
  readonly whole: boolean;
  /** It ends in its first block, which an operation has in hand and has not linked yet. */
  readonly unlinked?: true;
}

export interface WalkedLists {
  readonly lists: readonly WalkedList[];
  readonly damage: readonly Damage[];
}

/** List of a block of so many bytes. */
export const listFor = ({ classFloors }: BitsLayoutData, size: number): number =>
  Math.max(
    0,
    classFloors.findLastIndex((floor) => floor <= size),
  );

/** @param window a stretch that an operation has in hand: what leads into it may lead nowhere from there */
export function walkLists(
  layout: BitsLayoutData,
  heap: DataView,
  found: readonly FoundBlock[],
  window?: Stretch,
): WalkedLists {
  const byOffset = new Map(found.map((block) => [block.offset, block]));
  const met = new Map<number, number>();
  const damage: Damage[] = [];
  const add = (kind: DamageKind, offset: number, what: string, is: string, expected: string, near: Near) =>
    damage.push({ kind, offset, what, found: is, expected, near });

  const headOf = (list: number): number => layout.listHeads.first + list * layout.listHeads.step;
  const previousOf = (link: number): number => readNumber(heap, link + 4, 4);

  /** Whether what a block in hand says comes next can be: a block that was in the list in front of which it is put. */
  const leadsOn = (list: number, from: number, next: number): boolean => {
    if (next === 0) return true;
    if (isIn(window, next)) return next !== from && isIntact(heap, window, next, from);
    const block = byOffset.get(next);
    if (block?.free !== true || met.has(next) || listFor(layout, block.size) !== list) return false;
    return isIn(window, previousOf(next)) || previousOf(next) === headOf(list);
  };

  const walk = (list: number): WalkedList => {
    const { first } = layout.control;
    let inHand: number | undefined;
    const nodes: FoundBlock[] = [];
    let place = first.offset + list * first.bytes;
    let what = `first of free list ${list}`;
    let link = readMember(heap, first, list);
    for (let hops = 0; link !== 0; hops++) {
      const before = nodes.at(-1);
      if (isIn(window, link)) {
        // Until it leaves its list a block is as it was; one that enters it is first.
        const isFirst = before === undefined && inHand === undefined;
        const next = readNumber(heap, link, 4);
        const isListed = isFirst || isIntact(heap, window, link, inHand ?? before?.offset ?? 0);
        const leads = hops <= found.length && leadsOn(list, link, next);
        if (isFirst && !leads) return { list, nodes, whole: false, unlinked: true };
        if (!isListed || !leads) {
          const numbers = `the block at ${hex(link)}, whose numbers are not of this list`;
          damage.push({ kind: "link", offset: place, what, found: numbers, expected: "a free block, or 0" });
          return { list, nodes, whole: false };
        }
        inHand = link;
        link = next;
        continue;
      }
      const block = byOffset.get(link);
      const near = [...(before === undefined ? [] : [before.offset]), link];
      if (block === undefined) {
        add("link", place, what, `${hex(link)}, where no block begins`, "a free block, or 0", near);
        return { list, nodes, whole: false };
      }
      const known = met.get(link);
      if (known !== undefined) {
        const where = known === list ? "visited before" : `in list ${known}`;
        add(
          "loop",
          place,
          what,
          `the block at ${hex(link)}, ${where}`,
          "a block that no list has yet, or 0",
          near,
        );
        return { list, nodes, whole: false };
      }
      if (!block.free) {
        add("node-in-use", place, what, `the block at ${hex(link)}, in use`, "a free block, or 0", [link]);
        return { list, nodes, whole: false };
      }
      met.set(link, list);
      checkNode(block, list, inHand ?? before?.offset);
      inHand = undefined;
      nodes.push(block);
      place = block.offset;
      what = `next of the free block at ${hex(link)}`;
      link = readNumber(heap, block.offset, 4);
    }
    return { list, nodes, whole: true };
  };

  /** It leads back to what was in front of it: a block that is being taken out, or the head, when another enters the list. */
  const nearInHand = (list: number, previous: number, before: number | undefined): number | undefined =>
    isIn(window, previous) ? previous : previous === headOf(list) ? before : undefined;

  const checkNode = ({ offset, size }: FoundBlock, list: number, before: number | undefined): void => {
    const { classFloors } = layout;
    const previous = previousOf(offset);
    const expected = before ?? headOf(list);
    if (previous !== expected) {
      const reason = before === undefined ? "it is the first" : `the block at ${hex(before)}`;
      const what = `previous of the free block at ${hex(offset)}`;
      const near =
        window === undefined
          ? [...(byOffset.has(previous) ? [previous] : []), before ?? offset, offset]
          : [nearInHand(list, previous, before) ?? offset];
      add("back-link", offset + 4, what, String(previous), `${expected}: ${reason}`, near);
    }
    if (listFor(layout, size) !== list) {
      const above = classFloors[list + 1];
      const from = classFloors[list] ?? 0;
      const range = above === undefined ? `from ${from}` : `${from} to ${above - layout.granuleBytes}`;
      const what = `block at ${hex(offset)} in list ${list}`;
      add("class", offset, what, `size ${size}`, `a size of its class: ${range}`, [offset]);
    }
  };

  const all = Array.from({ length: layout.control.first.count }, (_, list) => walk(list));
  return { lists: all.filter(({ nodes, whole }) => nodes.length > 0 || !whole), damage };
}

/** Whether a block in hand stands in its list as before: it leads back, and says its size twice. */
export function isIntact(heap: DataView, window: Stretch | undefined, link: number, before: number): boolean {
  if (window === undefined || link + 16 > window.offset + window.size) return false;
  const size = readNumber(heap, link + 8, 4);
  return (
    readNumber(heap, link + 4, 4) === before &&
    size % 4 === 0 &&
    link + size <= window.offset + window.size &&
    size >= 16 &&
    readNumber(heap, link + size - 4, 4) === size
  );
}
