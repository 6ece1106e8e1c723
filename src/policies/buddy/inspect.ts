/** Binary buddies: a state for each unit says what begins there, lists and a bit an order what is free. */
import { isFree, offsetOf, unitsAt } from "./decode.js";
import { readMember, readNumber } from "../../layout/decode/numbers.js";
import type { BuddyLayoutData } from "./layout.js";
import {
  hex,
  type Damage,
  type InspectedBlock,
  type InspectedList,
  type Inspection,
  type Stretch,
} from "../../inspect/inspection.js";
import { totalsOf } from "../../inspect/totals.js";

interface Found {
  readonly unit: number;
  readonly units: number;
  readonly free: boolean;
}

/** @param heap the heap's bytes, with any content */
export function inspect(layout: BuddyLayoutData, heap: DataView): Inspection {
  const { found, lost, damage } = findBlocks(layout, heap);
  const byUnit = new Map(found.map((block) => [block.unit, block]));
  const orders = Array.from({ length: layout.orders }, (_, order) => walk(layout, heap, order, byUnit));
  const places = new Map(
    orders.flatMap(({ nodes, list }) => nodes.map((unit, at) => [unit, { nodes, list, at }] as const)),
  );
  const blocks = found.map(({ unit, units, free }): InspectedBlock => {
    const offset = offsetOf(layout, unit);
    const block = { offset, payload: offset, size: units * layout.granuleBytes, free };
    const place = places.get(unit);
    if (place === undefined) return block;
    const next = place.nodes[place.at + 1];
    const previous = place.nodes[place.at - 1];
    return {
      ...block,
      list: place.list,
      ...(next === undefined ? {} : { next: offsetOf(layout, next) }),
      ...(previous === undefined ? {} : { previous: offsetOf(layout, previous) }),
    };
  });
  const lists = orders.map(({ nodes, list, damage: faults }): InspectedList => ({
    list,
    from: 2 ** list * layout.granuleBytes,
    blocks: nodes.length,
    bytes: nodes.length * 2 ** list * layout.granuleBytes,
    whole: faults.length === 0,
  }));
  const unlisted = found
    .filter(({ unit, units, free }) => free && !places.has(unit) && lists[Math.log2(units)]?.whole === true)
    .map(({ unit, units }): Damage => ({
      kind: "unlisted",
      offset: layout.control.state.offset + unit,
      what: `free block at ${hex(offsetOf(layout, unit))}`,
      found: "in no list",
      expected: `in list ${Math.log2(units)}`,
      near: [offsetOf(layout, unit)],
    }));
  return {
    controlBytes: layout.firstBlock,
    heapBytes: layout.heapBytes,
    blocks,
    lost,
    untouched: [],
    lists: lists.filter(({ blocks: count, whole }) => count > 0 || !whole),
    ...totalsOf(blocks, lost, []),
    damage: [
      ...damage,
      ...orders.flatMap((order) => order.damage),
      ...checkFilled(layout, heap),
      ...unlisted,
    ].sort((left, right) => left.offset - right.offset),
  };
}

/** States inside a block mean nothing, so behind a wrong one the next that could be right is taken. */
function findBlocks(
  layout: BuddyLayoutData,
  heap: DataView,
): {
  readonly found: readonly Found[];
  readonly lost: readonly Stretch[];
  readonly damage: readonly Damage[];
} {
  const found: Found[] = [];
  const lost: Stretch[] = [];
  const damage: Damage[] = [];
  for (let unit = 0; unit < layout.units;) {
    const units = unitsAt(layout, heap, unit);
    if (units > 0) {
      found.push({ unit, units, free: isFree(layout, heap, unit) });
      unit += units;
      continue;
    }
    const offset = offsetOf(layout, unit);
    damage.push({
      kind: "size",
      offset: layout.control.state.offset + unit,
      what: `state of the block at ${hex(offset)}`,
      found: hex(readMember(heap, layout.control.state, unit)),
      expected: `an order below ${layout.orders} whose blocks can begin there, with 0x80 when it is free`,
    });
    while (unit < layout.units && unitsAt(layout, heap, unit) === 0) unit++;
    lost.push({ offset, size: offsetOf(layout, unit) - offset });
  }
  return { found, lost, damage };
}

/** The listed blocks of an order, until the list ends or cannot be followed. */
function walk(
  layout: BuddyLayoutData,
  heap: DataView,
  order: number,
  byUnit: ReadonlyMap<number, Found>,
): { readonly list: number; readonly nodes: readonly number[]; readonly damage: readonly Damage[] } {
  const { control, links } = layout;
  const nodes: number[] = [];
  const damage: Damage[] = [];
  let place = control.first.offset + order * control.first.bytes;
  let what = `first of free list ${order}`;
  let unit = readMember(heap, control.first, order);
  while (unit !== links.none) {
    const block = byUnit.get(unit);
    const isNode = block?.free === true && block.units === 2 ** order;
    if (!isNode || nodes.includes(unit)) {
      const kind = isNode ? "loop" : "link";
      const expected = "a free block of its order, not visited before, or none";
      // A block has its links before a list leads to it.
      const near = unit < layout.units ? { near: [offsetOf(layout, unit)] } : {};
      damage.push({ kind, offset: place, what, found: `unit ${unit}`, expected, ...near });
      break;
    }
    const offset = offsetOf(layout, unit);
    const before = nodes.at(-1) ?? links.none;
    const previous = readNumber(heap, offset + links.bytes, links.bytes);
    if (previous !== before && before !== links.none) {
      damage.push({
        kind: "back-link",
        offset: offset + links.bytes,
        what: `previous of the free block at ${hex(offset)}`,
        found: `unit ${previous}`,
        expected: `unit ${before}, which leads to it`,
        ...(previous === links.none || previous < layout.units
          ? { near: [offsetOf(layout, before), offset] }
          : {}),
      });
    }
    nodes.push(unit);
    place = offset;
    what = `next of the free block at ${hex(offset)}`;
    unit = readNumber(heap, offset, links.bytes);
  }
  return { list: order, nodes, damage };
}

function checkFilled(layout: BuddyLayoutData, heap: DataView): readonly Damage[] {
  const { control, links, orders } = layout;
  const filled = readMember(heap, control.nonempty);
  return Array.from({ length: 32 }, (_, order): Damage | undefined => {
    const bit = (filled >>> order) & 1;
    const first = order < orders ? readMember(heap, control.first, order) : links.none;
    const expected = first === links.none ? 0 : 1;
    if (bit === expected) return undefined;
    const reason =
      order < orders ? `list ${order} is ${expected === 1 ? "not " : ""}empty` : "there is no such list";
    return {
      kind: "bitmap",
      offset: control.nonempty.offset,
      what: `bit ${order} of nonempty`,
      found: String(bit),
      expected: `${expected}: ${reason}`,
      ...(order < orders ? { near: expected === 0 ? "mark" : [offsetOf(layout, first)] } : {}),
    };
  }).filter((damage) => damage !== undefined);
}
