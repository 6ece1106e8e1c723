/** Binary buddies. */
import type { BuddyLayoutData } from "./layout.js";
import { readMember, readNumber } from "../../layout/decode/numbers.js";
import type { Block } from "../../layout/decode/headerless-block.js";

/** Units of the block whose state stands at `unit`; 0 where no such block can begin. */
export function unitsAt(layout: BuddyLayoutData, heap: DataView, unit: number): number {
  const order = readMember(heap, layout.control.state, unit) & 0x7f;
  const units = 2 ** order;
  return order < layout.orders && unit % units === 0 && unit + units <= layout.units ? units : 0;
}

/** Whether the block whose state stands at `unit` is free. */
export function isFree(layout: BuddyLayoutData, heap: DataView, unit: number): boolean {
  return readMember(heap, layout.control.state, unit) >= 0x80;
}

/** Offset of a unit. */
export function offsetOf(layout: BuddyLayoutData, unit: number): number {
  return layout.firstBlock + unit * layout.granuleBytes;
}

/** Offsets of the free blocks of an order, in list order. A list that is damaged ends where it is. */
export function* freeList(layout: BuddyLayoutData, heap: DataView, order = 0): Generator<number> {
  const seen = new Set<number>();
  let unit = readMember(heap, layout.control.first, order);
  while (unit < layout.units && !seen.has(unit)) {
    seen.add(unit);
    yield offsetOf(layout, unit);
    unit = readNumber(heap, offsetOf(layout, unit), layout.links.bytes);
  }
}

/** Offsets of the free blocks of all orders. */
export function* freeBlocks(layout: BuddyLayoutData, heap: DataView): Generator<number> {
  for (let order = 0; order < layout.orders; order++) yield* freeList(layout, heap, order);
}

/** All blocks by address. Ends early at a state that no block can have there. */
export function* blocks(layout: BuddyLayoutData, heap: DataView): Generator<Block> {
  let unit = 0;
  while (unit < layout.units) {
    const units = unitsAt(layout, heap, unit);
    if (units === 0) return;
    const offset = offsetOf(layout, unit);
    yield { offset, payload: offset, size: units * layout.granuleBytes, free: isFree(layout, heap, unit) };
    unit += units;
  }
}
