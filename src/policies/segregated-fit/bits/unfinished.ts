/**
 * Whether an operation that is not finished leaves what is wrong with a heap of boundary bits. It has one stretch in hand:
 * a block, and the free space that it is cut from or merged with. Outside all bits, sizes and links hold.
 */
import { isIn, type Inspection, type Stretch, type Unfinished } from "../../../inspect/inspection.js";
import { readMember, readNumber } from "../../../layout/decode/numbers.js";
import { isLong, readBit, usedSize } from "./decode.js";
import { inspect } from "./inspect.js";
import type { BitsLayoutData } from "./layout.js";
import { isIntact } from "./walk-lists.js";

/** Bits of lists that one operation leaves behind at most: of three classes, and of their words. */
const mostMarks = 6;
/** Where blocks may begin again behind the stretch: as many are tried from one start. */
const mostEnds = 8;
/** Blocks in front of the first fault, where a stretch may begin. */
const blocksBefore = 4;
/** Inspections of the whole heap: fewer of one that takes long. */
const mostTries = 60;
const leastTries = 4;
const bytesTried = 2 ** 24;

export function unfinished(
  layout: BitsLayoutData,
  heap: DataView,
  inspection: Pick<Inspection, "blocks" | "lost" | "damage">,
): Unfinished | undefined {
  const { damage } = inspection;
  if (damage.some(({ near }) => near === undefined)) return undefined;
  const common = { cuts: false, evidence: "memory" } as const;
  const placed = damage.flatMap(({ near }) => (typeof near === "object" ? [near] : []));
  if (placed.length === 0) return damage.length <= mostMarks ? common : undefined;
  let tries = Math.min(mostTries, Math.max(leastTries, Math.floor(bytesTried / layout.heapBytes)));
  const ends = soundEnds(layout, heap);
  const found: Stretch[] = [];
  for (const start of startsBefore(layout, inspection, placed)) {
    const first = ends.findIndex((end) => end > start);
    if (first < 0) continue;
    for (const end of ends.slice(first, first + mostEnds)) {
      if (tries-- <= 0) break;
      const window = { offset: start, size: end - start };
      if (!isLeft(layout, heap, window)) continue;
      found.push(window);
      break;
    }
  }
  const [window] = found.toSorted((left, right) => left.size - right.size);
  if (window === undefined) return undefined;
  return { ...common, window, evidence: entersKnownList(layout, heap, window) ? "links" : "memory" };
}

/**
 * Whether a list begins with a block in hand that does not say yet what it must, though the list's bit is set already: only
 * an operation that took the last block from the same list leaves it so.
 */
function entersKnownList({ control, listBits, listHeads }: BitsLayoutData, heap: DataView, window: Stretch) {
  const bitmap = control.bitmap ?? control.nonempty;
  return Array.from({ length: control.first.count }, (_, list) => list).some((list) => {
    const link = readMember(heap, control.first, list);
    if (!isIn(window, link)) return false;
    const head = listHeads.first + list * listHeads.step;
    const next = isIntact(heap, window, link, head) ? readNumber(heap, link, 4) : undefined;
    if (
      next === 0 ||
      (next !== undefined && readNumber(heap, Math.min(next, heap.byteLength - 8) + 4, 4) === link)
    )
      return false;
    const bit = listBits.first + list;
    const place = listBits.fromHighest ? 31 - (bit % 32) : bit % 32;
    return bitmap !== undefined && ((readMember(heap, bitmap, Math.floor(bit / 32)) >>> place) & 1) === 1;
  });
}

/** Whether an operation that has the window in hand may have left each of the faults. */
function isLeft(layout: BitsLayoutData, heap: DataView, window: Stretch): boolean {
  const { damage } = inspect(layout, heap, window);
  return (
    damage.filter(({ near }) => near === "mark").length <= mostMarks &&
    damage.every(({ near }) =>
      typeof near === "object" ? near.some((offset) => isIn(window, offset)) : near !== undefined,
    )
  );
}

/**
 * Blocks in front of the first fault, the nearest first. Where a bit is missing, what the bits say is shifted from there
 * on, and blocks of two granules in use, 1 1, look right all the same: they count for none.
 */
function startsBefore(
  { granuleBytes }: BitsLayoutData,
  { blocks, lost }: Pick<Inspection, "blocks" | "lost">,
  placed: readonly (readonly number[])[],
): readonly number[] {
  const latest = Math.min(...placed.map((near) => Math.max(...near)));
  const all = [...blocks, ...lost.map((stretch) => ({ ...stretch, free: true }))]
    .filter(({ offset }) => offset <= latest)
    .toSorted((left, right) => right.offset - left.offset);
  const starts: number[] = [];
  let left = blocksBefore;
  for (const { offset, size, free } of all) {
    starts.push(offset);
    if (free || size > 2 * granuleBytes) left--;
    if (left === 0) break;
  }
  return starts;
}

/** Offsets from which on blocks tile the heap up to its end, each of which says what it must; that end too. */
function soundEnds(layout: BitsLayoutData, heap: DataView): readonly number[] {
  const { firstBlock, endOfBlocks, granuleBytes, minimumBlockBytes, longBytes } = layout;
  const sound = new Set([endOfBlocks]);
  /** The next granule with a bit, from the one behind on. */
  let next = endOfBlocks;
  for (let at = endOfBlocks - granuleBytes; at >= firstBlock; at -= granuleBytes) {
    const free = !readBit(layout, heap, at);
    const long = !free && isLong(layout, heap, at);
    const size = free ? next - at : long ? usedSize(layout, heap, at) : next + granuleBytes - at;
    if (!free) next = at;
    if (size < minimumBlockBytes || !sound.has(at + size)) continue;
    const holds = free
      ? readNumber(heap, at + 8, 4) === size && readNumber(heap, at + size - 4, 4) === size
      : long === size >= longBytes && readBit(layout, heap, at + size - granuleBytes);
    if (holds) sound.add(at);
  }
  return [...sound].toSorted((left, right) => left - right);
}
