/**
 * Whether an operation that is not finished leaves what is wrong with a heap whose blocks have headers. An operation has
 * one stretch of the heap in hand: the block it takes, cuts or gives back, and the neighbours it merges it with. Around
 * that stretch the heap is sound, but for links to and from it, and for bits and counts that lag behind.
 */
import { readHeader } from "../header/decode/header.js";
import { fieldDamage } from "../header/dump.js";
import type { HeaderLayoutData } from "../layout/layout.js";
import { fits, footerOf, saysFree, type Dump } from "./header-rules.js";
import { inspectHeaders, openDump, type Promises } from "./inspect-headers.js";
import { findBlocks } from "./find-blocks.js";
import { isIn, type Damage, type Stretch, type Unfinished } from "./inspection.js";

/** Bits and counts that one operation leaves behind at most: of three lists, of their words, and of waiting blocks. */
const mostMarks = 7;
/** Faults above which the memory is damaged and no search is worth its time. */
const mostFaults = 64;
/** Ends of stretches that are tried from one start. */
const mostEnds = 12;
/** Blocks before one that a fault is near to, where a stretch may start. */
const blocksBefore = 3;
/** Neighbours that a block takes in. */
const mostTakenIn = 2;
/** Stretches that are tried: fewer in a heap that takes long to inspect. */
const mostTries = 60;
const leastTries = 4;
const bytesTried = 2 ** 24;

/** @param damage what inspection of the whole found, at least one */
export function unfinishedHeaders(
  layout: HeaderLayoutData,
  promises: Promises,
  heap: DataView,
  damage: readonly Damage[],
): Unfinished | undefined {
  const placed = damage.flatMap(({ near }) => (typeof near === "object" ? [near] : []));
  if (placed.length > mostFaults || damage.some(({ near }) => near === undefined)) return undefined;
  if (placed.length === 0) return isLeft(damage, undefined) ? { cuts: false, evidence: "memory" } : undefined;
  const { dump } = openDump(layout, heap);
  const sizesHold = damage.every(({ kind }) => kind !== "size");
  let tries = Math.min(mostTries, Math.max(leastTries, Math.floor(bytesTried / layout.heapBytes)));
  const isSound = (window: Stretch): boolean => {
    // Faults behind a wrong size may be of blocks that are none.
    if (sizesHold && !placed.every((near) => near.some((offset) => isIn(window, offset)))) return false;
    return tries-- > 0 && isLeft(inspectHeaders(layout, promises, heap, window).damage, window);
  };
  const starts = startsBefore(dump, placed);
  const ends = possibleEnds(dump, Math.min(...starts));
  const found = starts.flatMap((start) => fromStart(dump, { start, ends }, isSound));
  const distance = ({ window }: InHand): number => distanceOf(window, placed);
  return found.toSorted(
    (left, right) =>
      Number(left.evidence === "shrinks") - Number(right.evidence === "shrinks") ||
      distance(left) - distance(right) ||
      left.window.size - right.window.size,
  )[0];
}

type InHand = Unfinished & { readonly window: Stretch };

/** What an operation may have in hand from a block on: blocks, or one that it cut and a rest without a header. */
function fromStart(
  dump: Dump,
  { start, ends }: { readonly start: number; readonly ends: readonly number[] },
  isSound: (window: Stretch) => boolean,
): readonly InHand[] {
  let covered = 0;
  const first = ends.findIndex((end) => end > start);
  for (const end of ends.slice(first, first + mostEnds)) {
    const window = { offset: start, size: end - start };
    const contents = contentsOf(dump, start, end);
    if (!isSound(window)) continue;
    // A header leads over no more than the neighbours that it takes in. And where it leads to nothing, and the heap is
    // sound from within the block on, what the header says may as well be wrong.
    if (contents?.cuts === false) return covered > mostTakenIn ? [] : [{ window, ...contents }];
    if (contents !== undefined)
      return [{ window, ...contents, ...(covered > 0 ? { evidence: "shrinks" } : {}) }];
    covered++;
  }
  return [];
}

/** Whether an operation that has the window in hand may have left each of the faults. */
function isLeft(damage: readonly Damage[], window: Stretch | undefined): boolean {
  const marks = damage.filter(({ near }) => near === "mark").length;
  return (
    marks <= mostMarks &&
    damage.every(({ near }) =>
      typeof near === "object" ? near.some((offset) => isIn(window, offset)) : near !== undefined,
    )
  );
}

/** Blocks that faults are near to, the nearest first, and those before them; stretches that no block has, too. */
function startsBefore(dump: Dump, placed: readonly (readonly number[])[]): readonly number[] {
  const latest = Math.min(...placed.map((near) => Math.max(...near)));
  const { blocks, lost } = findBlocks(dump);
  const all = [...blocks, ...lost].map(({ offset }) => offset).toSorted((left, right) => left - right);
  const depth = Math.max(...placed.map((near) => near.length));
  const nearest = Array.from({ length: depth }, (_, at) => placed.flatMap((near) => near[at] ?? [])).flat();
  const starts = nearest.flatMap((offset) => {
    const upTo = all.findLastIndex((start) => start <= offset) + 1;
    return all.slice(Math.max(0, upTo - blocksBefore), upTo).toReversed();
  });
  return [...new Set(starts)].filter((start) => start <= latest);
}

/** How far down the faults' lists of near offsets one is that lies in the window. */
const distanceOf = (window: Stretch, placed: readonly (readonly number[])[]): number =>
  placed.reduce((sum, near) => {
    const first = near.findIndex((offset) => isIn(window, offset));
    return sum + (first < 0 ? near.length : first);
  }, 0);

/** Where a block may begin behind an offset so that sizes lead to the end of the blocks; that end too. */
function possibleEnds(dump: Dump, offset: number): readonly number[] {
  const { layout, heap, end } = dump;
  const leads = new Set([end]);
  for (let at = end - layout.granuleBytes; at > offset; at -= layout.granuleBytes) {
    const header = readHeader(layout, heap, at);
    if (fits(dump, at, header) && leads.has(at + header.size)) leads.add(at);
  }
  return [...leads].toSorted((left, right) => left - right);
}

/** What stands between two offsets, which an operation may have in hand; undefined where none leaves it so. */
function contentsOf(
  dump: Dump,
  start: number,
  end: number,
): Pick<Unfinished, "cuts" | "evidence"> | undefined {
  const { layout, heap } = dump;
  let last: number | undefined;
  let offset = start;
  while (offset < end) {
    const header = readHeader(layout, heap, offset);
    if (!fits(dump, offset, header) || offset + header.size > end) break;
    last = offset;
    offset += header.size;
  }
  if (offset === end) return { cuts: false, evidence: "memory" };
  if (last === undefined) {
    const isUntouched = end === dump.end && layout.control.wilderness !== undefined;
    return isUntouched ? { cuts: true, evidence: "memory" } : undefined;
  }
  if (isCut(dump, { start: last, cut: offset, end })) return { cuts: true, evidence: "memory" };
  return isFree(dump, last) ? undefined : { cuts: true, evidence: "shrinks" };
}

const isFree = (dump: Dump, start: number): boolean =>
  dump.listed.has(start) || saysFree(dump, start, readHeader(dump.layout, dump.heap, start));

/** Whether memory tells that a block was cut and its rest has no header yet. */
function isCut(
  dump: Dump,
  { start, cut, end }: { readonly start: number; readonly cut: number; readonly end: number },
): boolean {
  const { layout, heap, listed } = dump;
  if (isFree(dump, start)) {
    // One that ends with its own size was not cut.
    const own = footerOf(dump, cut, cut - start);
    return own?.found !== own?.expected || own === undefined;
  }
  const size = end - start;
  const footer = footerOf(dump, end, size);
  if (footer !== undefined && footer.found === footer.expected) return true;
  if (end === dump.end && layout.endHeader === "none") return false;
  const right = readHeader(layout, heap, end);
  const says = (left: { readonly size: number; readonly free: boolean }): boolean =>
    fieldDamage(layout, right, "left", { offset: end, left }).length === 0;
  // Where the right neighbour knows the whole block: its size, or that it was free, and no list has the rest of it.
  const knowsSize = says({ size, free: false }) !== says({ size: end - cut, free: false });
  if (knowsSize) return says({ size, free: false }) || says({ size, free: true });
  return says({ size, free: true }) && !says({ size, free: false }) && !listed.has(cut);
}
