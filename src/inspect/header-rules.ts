/** What a header must say by itself, wherever it stands: for blocks with headers. */
import { readHeader, type Header } from "../header/decode/header.js";
import { canBegin, hasChecksum, linkOf, linkTarget } from "../header/decode/headers.js";
import { fieldDamage, isVouchedFor, saysUsed, saysWaiting } from "../header/dump.js";
import { readNumber } from "../layout/decode/numbers.js";
import type { HeaderLayoutData } from "../layout/layout.js";

/** A dump and what it takes to read it. */
export interface Dump {
  readonly layout: HeaderLayoutData;
  readonly heap: DataView;
  /** Where the blocks end. */
  readonly end: number;
  /** Blocks that some list leads to, whether they are blocks or not. */
  readonly listed: ReadonlySet<number>;
  /** The same of quick lists. */
  readonly waiting: ReadonlySet<number>;
}

/** Whether a block of that size can stand at `offset`. */
export function fits({ layout, end }: Dump, offset: number, { size }: Header): boolean {
  return canBegin(layout, offset) && size >= layout.minimumBlockBytes && offset + size <= end;
}

/** Whether the header, or where it has no such flag a list, says that the block is free. */
export function saysFree({ listed }: Dump, offset: number, header: Header): boolean {
  const used = saysUsed(header);
  return used === undefined ? listed.has(offset) : !used;
}

/** Whether the header, or where it has no such flag a quick list, says that the block waits. */
export const saysWaits = ({ waiting }: Dump, offset: number, header: Header): boolean =>
  saysWaiting(header) ?? waiting.has(offset);

/** What the footer of a free block that ends at `end` holds and should hold; undefined where there are no footers. */
export function footerOf(
  { layout, heap }: Dump,
  end: number,
  size: number,
): { readonly found: number; readonly expected: number } | undefined {
  const { footer, granuleBytes } = layout;
  if (footer === undefined) return undefined;
  return {
    found: readNumber(heap, end - footer.bytes, footer.bytes),
    expected: (size / granuleBytes) * 2 ** footer.shift,
  };
}

/** Whether everything in and about a header is as in a block that nothing has damaged. */
export function isSound(dump: Dump, offset: number): boolean {
  const { layout, heap, end } = dump;
  if (!canBegin(layout, offset)) return false;
  const header = readHeader(layout, heap, offset);
  if (!fits(dump, offset, header) || !hasChecksum(layout, heap, offset)) return false;
  const free = saysFree(dump, offset, header);
  const next = offset + header.size;
  if (next < end || layout.endHeader !== "none") {
    const right = readHeader(layout, heap, next);
    const left = { size: header.size, free };
    if (fieldDamage(layout, right, "left", { offset: next, left }).length > 0) return false;
  }
  return free
    ? hasSoundFooter(dump, next, header) && hasSoundLinks(dump, offset)
    : fieldDamage(layout, header, "block", { offset, left: undefined }).length === 0;
}

function hasSoundFooter(dump: Dump, end: number, { size }: Header): boolean {
  const footer = footerOf(dump, end, size);
  return footer === undefined || footer.found === footer.expected;
}

function hasSoundLinks({ layout, heap }: Dump, offset: number): boolean {
  const { links } = layout;
  if (links.place === "slots") return true;
  const leads = (place: number): boolean => {
    const link = linkOf(layout, heap, readNumber(heap, offset + place, links.bytes));
    return link === 0 || linkTarget(layout, heap, link) !== undefined;
  };
  if (!leads(links.next)) return false;
  if (links.previous === undefined) return true;
  const previous = linkOf(layout, heap, readNumber(heap, offset + links.previous, links.bytes));
  return leads(links.previous) || isHead(layout, previous);
}

/** Whether a link is that of a list's head, which the first block has for its previous. */
function isHead({ listHeads, control }: HeaderLayoutData, link: number): boolean {
  if (listHeads === undefined) return false;
  const list = (link - listHeads.first) / listHeads.step;
  return Number.isInteger(list) && list >= 0 && list < control.first.count;
}

/** Whether a sound block is one beyond doubt: a list or a field of its header speaks for it, not its size alone. */
export function isAnchor(dump: Dump, offset: number): boolean {
  if (dump.listed.has(offset) || dump.waiting.has(offset)) return true;
  return isVouchedFor(dump.layout, readHeader(dump.layout, dump.heap, offset));
}
