/** The quick lists, followed link by link: blocks of one size each, that wait and are not merged. */
import { linkTarget, nextLink } from "../header/decode/headers.js";
import { readMember } from "../layout/decode/numbers.js";
import type { HeaderLayoutData } from "../layout/layout.js";
import type { ListNode, WalkedList, WalkedLists } from "./check-lists.js";
import { DamageList } from "./damage-list.js";
import type { FoundBlock, FoundBlocks } from "./find-blocks.js";
import type { Dump } from "./header-rules.js";
import { hex, isIn, type DamageKind, type Stretch } from "./inspection.js";

/** Size of each list's blocks, in bytes. */
export const quickSizes = ({
  control,
  minimumBlockBytes,
  granuleBytes,
}: HeaderLayoutData): readonly number[] =>
  Array.from({ length: control.quick?.count ?? 0 }, (_, list) => minimumBlockBytes + list * granuleBytes);

/** Lists that hold a block or are damaged, and the blocks that say they wait and stand in none. */
export function walkQuickLists(dump: Dump, found: FoundBlocks, window?: Stretch): WalkedLists {
  const walker = new QuickWalker(dump, found, window);
  const sizes = quickSizes(dump.layout);
  const lists = sizes
    .map((size, list) => walker.walk(list, size))
    .filter(({ nodes, whole }) => nodes.length > 0 || !whole);
  if (lists.every(({ whole }) => whole) && sizes.length > 0) walker.checkAll(lists);
  return { lists, damage: walker.damage.all };
}

class QuickWalker {
  readonly damage = new DamageList();
  private readonly byOffset: ReadonlyMap<number, FoundBlock>;
  private readonly met = new Set<number>();

  constructor(
    private readonly dump: Dump,
    private readonly found: FoundBlocks,
    private readonly window: Stretch | undefined,
  ) {
    this.byOffset = new Map(found.blocks.map((block) => [block.offset, block]));
  }

  walk(list: number, size: number): WalkedList {
    const { layout, heap } = this.dump;
    const { quick } = layout.control;
    const nodes: ListNode[] = [];
    if (quick === undefined) return { list, nodes, whole: true };
    let place = quick.offset + list * quick.bytes;
    let what = `first of quick list ${list}`;
    let link = readMember(heap, quick, list);
    while (link !== 0) {
      const target = linkTarget(layout, heap, link);
      if (target !== undefined && isIn(this.window, target)) return { list, nodes, whole: false };
      const block = target === undefined ? undefined : this.byOffset.get(target);
      const fault = this.faultOf(link, target, block);
      if (fault !== undefined || block === undefined) {
        const [kind, text] = fault ?? ["link", String(link)];
        const near = [nodes.at(-1)?.block.offset, target].filter((offset) => offset !== undefined);
        this.damage.add(kind, place, what, text, "a block in a quick list, or 0", near);
        return { list, nodes, whole: false };
      }
      this.met.add(link);
      if (block.size !== size) {
        const node = `block at ${hex(block.offset)} in quick list ${list}`;
        this.damage.add("class", block.offset, node, `size ${block.size}`, `size ${size}`, [block.offset]);
      }
      nodes.push({ link, block });
      place = block.offset + layout.header.bytes;
      what = `next of the quick-list block at ${hex(block.offset)}`;
      link = nextLink(layout, heap, link, block.offset);
    }
    return { list, nodes, whole: true };
  }

  /** Why a link leads to no block that waits. */
  private faultOf(
    link: number,
    target: number | undefined,
    block: FoundBlock | undefined,
  ): readonly [DamageKind, string] | undefined {
    if (target === undefined) return ["link", `${link}: not the offset of a block`];
    if (block === undefined) return ["link", `${link}: ${hex(target)}, where no block begins`];
    if (this.met.has(link)) return ["loop", `the block at ${hex(target)}, visited before`];
    if (block.free) return ["link", `the block at ${hex(target)}, free`];
    return block.waits ? undefined : ["node-in-use", `the block at ${hex(target)}, in use`];
  }

  /** What only all lists together tell. */
  checkAll(lists: readonly WalkedList[]): void {
    const { layout, heap } = this.dump;
    const { quick_room: room } = layout.control;
    const listed = new Set(lists.flatMap(({ nodes }) => nodes.map(({ block }) => block.offset)));
    for (const { offset, waits } of this.found.blocks) {
      if (!waits || listed.has(offset)) continue;
      this.damage.add(
        "unlisted",
        offset,
        `quick-list block at ${hex(offset)}`,
        "in no quick list",
        "in the quick list of its size",
        [offset],
      );
    }
    if (room === undefined) return;
    const left = readMember(heap, room);
    const expected = (layout.quickMost ?? 0) - listed.size;
    if (left === expected) return;
    const reason = `${expected}: ${listed.size} of ${layout.quickMost ?? 0} wait`;
    this.damage.add("control", room.offset, "quick_room of the control data", String(left), reason, "mark");
  }
}
