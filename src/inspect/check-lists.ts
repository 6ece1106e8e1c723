/** The free lists, followed link by link, and the bits that say which of them hold a block. */
import { firstLink, headPlace, linkOf, linkTarget, nextLink } from "../header/decode/headers.js";
import { readMember, readNumber, type Member } from "../layout/decode/numbers.js";
import type { HeaderLayoutData } from "../layout/layout.js";
import { DamageList } from "./damage-list.js";
import type { FoundBlock, FoundBlocks } from "./find-blocks.js";
import type { Dump } from "./header-rules.js";
import { hex, isIn, type Damage, type Near, type Stretch } from "./inspection.js";

/** A node of a list: a link, and the block it leads to. */
export interface ListNode {
  readonly link: number;
  readonly block: FoundBlock;
}

export interface WalkedList {
  readonly list: number;
  readonly nodes: readonly ListNode[];
  /** Whether it was followed to its end. */
  readonly whole: boolean;
}

export interface WalkedLists {
  readonly lists: readonly WalkedList[];
  readonly damage: readonly Damage[];
}

/**
 * @param addressOrder whether lists are in address order
 * @param window a stretch that an operation has in hand: a list that leads into it is followed no further
 */
export function walkLists(
  dump: Dump,
  found: FoundBlocks,
  addressOrder: boolean,
  window?: Stretch,
): WalkedLists {
  const walker = new ListWalker(dump, found, addressOrder, window);
  const lists: WalkedList[] = [];
  for (let list = 0; list < dump.layout.control.first.count; list++) {
    const walked = walker.walk(list);
    if (walked.nodes.length > 0 || !walked.whole) lists.push(walked);
  }
  return { lists, damage: walker.damage.all };
}

const memberOffset = (member: Member, index: number): number => member.offset + index * member.bytes;

class ListWalker {
  readonly damage = new DamageList();
  private readonly byOffset: ReadonlyMap<number, FoundBlock>;
  /** List that each link was met in. */
  private readonly met = new Map<number, number>();

  constructor(
    private readonly dump: Dump,
    found: FoundBlocks,
    private readonly addressOrder: boolean,
    private readonly window: Stretch | undefined,
  ) {
    this.byOffset = new Map(found.blocks.map((block) => [block.offset, block]));
  }

  walk(list: number): WalkedList {
    const { layout, heap } = this.dump;
    const { first } = layout.control;
    const nodes: ListNode[] = [];
    let place = headPlace(layout, list);
    let what = first.count === 1 ? "first of the free list" : `first of free list ${list}`;
    let link = firstLink(layout, heap, list);
    while (link !== 0) {
      const target = linkTarget(layout, heap, link);
      if (target !== undefined && isIn(this.window, target)) return { list, nodes, whole: false };
      const near = [nodes.at(-1)?.block.offset, target].filter((offset) => offset !== undefined);
      const block = this.enter(list, link, place, what, near);
      if (block === undefined) return { list, nodes, whole: false };
      this.checkNode(list, { link, block }, nodes.at(-1));
      nodes.push({ link, block });
      place = this.nextPlace(link, block.offset);
      what = `next of the free block at ${hex(block.offset)}`;
      link = nextLink(layout, heap, link, block.offset);
    }
    return { list, nodes, whole: true };
  }

  /** The free block that a link leads to; undefined where the list cannot be followed. */
  private enter(
    list: number,
    link: number,
    place: number,
    what: string,
    near: readonly number[],
  ): FoundBlock | undefined {
    const target = linkTarget(this.dump.layout, this.dump.heap, link);
    const block = target === undefined ? undefined : this.byOffset.get(target);
    if (target === undefined || block === undefined) {
      const leads =
        target === undefined ? "not the offset of a block" : `${hex(target)}, where no block begins`;
      this.damage.add("link", place, what, `${link}: ${leads}`, "a free block, or 0", near);
      return undefined;
    }
    const before = this.met.get(link);
    if (before !== undefined) {
      const where = before === list ? "visited before" : `in list ${before}`;
      this.damage.add(
        "loop",
        place,
        what,
        `the block at ${hex(block.offset)}, ${where}`,
        "a block that no list has yet, or 0",
        near,
      );
      return undefined;
    }
    if (!block.free) {
      const expected = "a free block, or 0";
      const found = `the block at ${hex(block.offset)}, in use`;
      this.damage.add("node-in-use", place, what, found, expected, [block.offset]);
      return undefined;
    }
    this.met.set(link, list);
    return block;
  }

  private nextPlace(link: number, offset: number): number {
    const { links } = this.dump.layout;
    return links.place === "slots" ? memberOffset(links.table, 3 * (link - 1) + 2) : offset + links.next;
  }

  private checkNode(list: number, { link, block }: ListNode, before: ListNode | undefined): void {
    const { layout, heap } = this.dump;
    const { links, classFloors, listHeads } = layout;
    const { offset, size } = block;
    if (links.place === "slots") {
      const index = 3 * (link - 1) + 1;
      const granules = readMember(heap, links.table, index);
      const what = `granules of slot ${link}`;
      if (granules * layout.granuleBytes !== size) {
        const expected = `${size / layout.granuleBytes}, the size of the block at ${hex(offset)}`;
        this.damage.add("control", memberOffset(links.table, index), what, String(granules), expected, [
          offset,
        ]);
      }
    } else if (links.previous !== undefined) {
      const previous = linkOf(layout, heap, readNumber(heap, offset + links.previous, links.bytes));
      const head = listHeads === undefined ? 0 : listHeads.first + list * listHeads.step;
      const expected = before?.link ?? head;
      if (previous !== expected) {
        const reason = before === undefined ? "it is the first" : `the block at ${hex(before.block.offset)}`;
        const what = `previous of the free block at ${hex(offset)}`;
        const target = previous === 0 ? undefined : linkTarget(layout, heap, previous);
        const near = [target, before?.block.offset, offset].filter((each) => each !== undefined);
        this.damage.add(
          "back-link",
          offset + links.previous,
          what,
          String(previous),
          `${expected}: ${reason}`,
          near,
        );
      }
    }
    const floor = classFloors?.[list] ?? 0;
    const above = classFloors?.[list + 1] ?? Infinity;
    if (size < floor || size >= above) {
      const range = above === Infinity ? `from ${floor}` : `${floor} to ${above - layout.granuleBytes}`;
      const what = `block at ${hex(offset)} in list ${list}`;
      this.damage.add("class", offset, what, `size ${size}`, `a size of its class: ${range}`, [offset]);
    }
    if (this.addressOrder && before !== undefined && before.block.offset > offset) {
      const expected = `a block after ${hex(before.block.offset)}: the list is in address order`;
      this.damage.add(
        "order",
        this.nextPlace(before.link, before.block.offset),
        "next in the list",
        hex(offset),
        expected,
        [before.block.offset, offset],
      );
    }
  }
}

/** Lists of free blocks, and the bits that say which of them hold one. */
export interface MarkedLists extends Pick<HeaderLayoutData, "listBits"> {
  readonly control: Pick<HeaderLayoutData["control"], "first" | "nonempty" | "summary" | "bitmap">;
}

/**
 * A bitmap's bit says whether its list is empty, a summary's whether its word of the bitmap is 0.
 * @param firstOf the first link of a list; 0: it is empty
 * @param targetOf offset of the block that a link leads to, where it leads to one
 */
export function checkBitmap(
  layout: MarkedLists,
  heap: DataView,
  firstOf: (list: number) => number,
  targetOf: (link: number) => number | undefined,
): readonly Damage[] {
  const { first, nonempty: onlyWord, summary } = layout.control;
  const { listBits = { first: 0, fromHighest: false } } = layout;
  const bitmap = layout.control.bitmap ?? onlyWord;
  if (bitmap === undefined) return [];
  const name = onlyWord === undefined ? "bitmap" : "non-empty lists";
  const damage: Damage[] = [];
  for (let bit = 0; bit < 32 * bitmap.count; bit++) {
    const index = bit - listBits.first;
    const exists = index >= 0 && index < first.count;
    const filled = exists && firstOf(index) !== 0;
    const what = exists ? `list ${index} is ${filled ? "not " : ""}empty` : "there is no such list";
    const at = { bit, fromHighest: listBits.fromHighest };
    // A list that has just got its first block, or lost its last one, of which nothing tells any more.
    const head = filled ? targetOf(firstOf(index)) : undefined;
    const near = head === undefined ? "mark" : [head];
    damage.push(...checkBit(heap, bitmap, name, at, filled, what, exists ? near : undefined));
  }
  for (let word = 0; summary !== undefined && word < 32; word++) {
    const filled = word < bitmap.count && readMember(heap, bitmap, word) !== 0;
    const what =
      word < bitmap.count
        ? `word ${word} of the bitmap is ${filled ? "not " : ""}0`
        : "there is no such word";
    const at = { bit: word, fromHighest: listBits.fromHighest };
    damage.push(...checkBit(heap, summary, "summary", at, filled, what, "mark"));
  }
  return damage;
}

function checkBit(
  heap: DataView,
  member: Member,
  name: string,
  { bit, fromHighest }: { readonly bit: number; readonly fromHighest: boolean },
  expected: boolean,
  reason: string,
  near: Near | undefined,
): readonly Damage[] {
  const word = Math.floor(bit / 32);
  const shift = fromHighest ? 31 - (bit % 32) : bit % 32;
  const value = (readMember(heap, member, word) >>> shift) & 1;
  if (value === (expected ? 1 : 0)) return [];
  const what = `bit ${bit} of the ${name}`;
  const offset = memberOffset(member, word);
  return [
    {
      ...{ kind: "bitmap", offset, what, found: String(value), expected: `${expected ? 1 : 0}: ${reason}` },
      ...(near === undefined ? {} : { near }),
    },
  ];
}
