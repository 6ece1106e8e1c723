/** The free lists of a heap with boundary bits, followed link by link. */
import { hex, type Damage, type DamageKind, type Near } from "../../../inspect/inspection.js";
import { readMember, readNumber } from "../../../layout/decode/numbers.js";
import type { FoundBlock } from "./find-blocks.js";
import type { BitsLayoutData } from "./layout.js";

export interface WalkedList {
  readonly list: number;
  readonly nodes: readonly FoundBlock[];
  /** Whether it was followed to its end. */
  readonly whole: boolean;
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

export function walkLists(layout: BitsLayoutData, heap: DataView, found: readonly FoundBlock[]): WalkedLists {
  const byOffset = new Map(found.map((block) => [block.offset, block]));
  const met = new Map<number, number>();
  const damage: Damage[] = [];
  const add = (kind: DamageKind, offset: number, what: string, is: string, expected: string, near: Near) =>
    damage.push({ kind, offset, what, found: is, expected, near });

  const walk = (list: number): WalkedList => {
    const { first } = layout.control;
    const nodes: FoundBlock[] = [];
    let place = first.offset + list * first.bytes;
    let what = `first of free list ${list}`;
    let link = readMember(heap, first, list);
    while (link !== 0) {
      const block = byOffset.get(link);
      const before = nodes.at(-1);
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
      checkNode(list, block, before);
      nodes.push(block);
      place = block.offset;
      what = `next of the free block at ${hex(link)}`;
      link = readNumber(heap, block.offset, 4);
    }
    return { list, nodes, whole: true };
  };

  const checkNode = (list: number, { offset, size }: FoundBlock, before: FoundBlock | undefined): void => {
    const { classFloors, listHeads } = layout;
    const previous = readNumber(heap, offset + 4, 4);
    const expected = before?.offset ?? listHeads.first + list * listHeads.step;
    if (previous !== expected) {
      const reason = before === undefined ? "it is the first" : `the block at ${hex(before.offset)}`;
      const what = `previous of the free block at ${hex(offset)}`;
      const near = [...(byOffset.has(previous) ? [previous] : []), before?.offset ?? offset, offset];
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
