/** The rest of the control data: numbers that must agree with the lists, and free blocks that no list has. */
import { linkTarget, nextLink } from "../header/decode/headers.js";
import { readMember, type Member } from "../layout/decode/numbers.js";
import type { HeaderLayoutData } from "../layout/layout.js";
import type { WalkedList, WalkedLists } from "./check-lists.js";
import type { FoundBlocks } from "./find-blocks.js";
import type { Dump } from "./header-rules.js";
import { hex, type Damage, type Near } from "./inspection.js";

const wrong = (member: Member, name: string, found: number, expected: string, near?: Near): Damage => ({
  kind: "control",
  offset: member.offset,
  what: `${name} of the control data`,
  found: String(found),
  expected,
  ...(near === undefined ? {} : { near }),
});

/** Where links are addresses, what ends all lists looks like a block of no bytes. */
export function checkListEnd({ layout, heap }: Dump): readonly Damage[] {
  const { links, header } = layout;
  if (links.place !== "addresses") return [];
  const { offset, bytes } = header.fields.size;
  const place = { offset: links.end.offset - header.bytes + offset, bytes, count: 1 };
  const found = readMember(heap, place);
  return found === 0 ? [] : [wrong(place, "none_header", found, "0, the header of a block of no bytes")];
}

/** `head`, `last`, `rover` and `coalesce_due` of a policy with one list, where its list could be followed. */
export function checkListEnds({ layout, heap }: Dump, { lists, damage }: WalkedLists): readonly Damage[] {
  const { head, last, rover, coalesce_due: coalesceDue } = layout.control;
  const list: WalkedList = lists[0] ?? { list: 0, nodes: [], whole: true };
  const found: Damage[] = [];
  if (head !== undefined && readMember(heap, head) !== 0) {
    found.push(wrong(head, "head", readMember(heap, head), "0, the size of the sentinel block"));
  }
  if (last !== undefined && list.whole) {
    const link = readMember(heap, last);
    const expected = list.nodes.at(-1)?.link ?? 0;
    // The node that has just become the last one, or the one that was and is no more.
    const isNode = list.nodes.some((node) => node.link === link);
    const near = isNode ? targetsOf(layout, heap, expected, link) : targetsOf(layout, heap, link, expected);
    if (link !== expected) found.push(wrong(last, "last", link, `${expected}, the list's last node`, near));
  }
  if (rover !== undefined && list.whole && damage.length === 0) {
    const link = readMember(heap, rover);
    if (link !== 0 && !list.nodes.some((node) => node.link === link)) {
      const near = targetsOf(layout, heap, link);
      found.push(wrong(rover, "rover", link, "a node of the list, or 0", near));
    }
  }
  if (coalesceDue !== undefined) {
    const flag = readMember(heap, coalesceDue);
    if (flag > 1) found.push(wrong(coalesceDue, "coalesce_due", flag, "0 or 1"));
  }
  return found;
}

/** The blocks that links lead to. */
const targetsOf = (
  layout: HeaderLayoutData,
  heap: DataView,
  ...links: readonly number[]
): readonly number[] => links.flatMap((link) => linkTarget(layout, heap, link) ?? []);

/** Every slot is a node of the list or on the stack of unused ones. */
export function checkSpareSlots({ layout, heap }: Dump, { lists }: WalkedLists): readonly Damage[] {
  const { links, control } = layout;
  if (links.place !== "slots" || control.spare === undefined) return [];
  const list = lists[0];
  if (list !== undefined && !list.whole) return [];
  const used = new Set(list?.nodes.map((node) => node.link));
  const spare = new Set<number>();
  let slot = readMember(heap, control.spare);
  while (slot !== 0) {
    const fault =
      slot > links.slots
        ? `a slot, 1 to ${links.slots}`
        : used.has(slot)
          ? "a slot that is not in the list"
          : spare.has(slot)
            ? "a slot not visited before"
            : undefined;
    if (fault !== undefined) return [wrong(control.spare, "stack of spare slots", slot, fault)];
    spare.add(slot);
    slot = nextLink(layout, heap, slot, 0);
  }
  const counted = used.size + spare.size;
  if (counted === links.slots) return [];
  const what = "slots in the list and on the stack of spare ones";
  return [wrong(control.spare, what, counted, `${links.slots}, the number of slots`, "mark")];
}

/** Free blocks that stand in no list. Those that a broken list may have lost are not named one by one. */
export function checkUnlisted(
  { layout, heap }: Dump,
  found: FoundBlocks,
  { lists }: WalkedLists,
): readonly Damage[] {
  const { coalesce_due: coalesceDue } = layout.control;
  // A full table of slots leaves blocks out until the next sweep.
  if (layout.links.place === "slots" && coalesceDue !== undefined && readMember(heap, coalesceDue) !== 0)
    return [];
  const listed = new Set(lists.flatMap(({ nodes }) => nodes.map(({ block }) => block.offset)));
  const broken = new Set(lists.filter(({ whole }) => !whole).map(({ list }) => list));
  return found.blocks
    .filter(
      ({ offset, free, size }) =>
        free && !listed.has(offset) && !broken.has(listFor(layout.classFloors, size)),
    )
    .map(({ offset, size }) => ({
      kind: "unlisted",
      offset,
      what: `free block at ${hex(offset)}`,
      found: "in no list",
      expected:
        layout.classFloors === undefined ? "in the list" : `in list ${listFor(layout.classFloors, size)}`,
      near: coalesceDue === undefined ? [offset] : "swept",
    }));
}

function listFor(classFloors: readonly number[] | undefined, size: number): number {
  return classFloors === undefined
    ? 0
    : Math.max(
        0,
        classFloors.findLastIndex((floor) => floor <= size),
      );
}
