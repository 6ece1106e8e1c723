/**
 * The blocks of a damaged heap. Blocks tile it, so a wrong size loses those behind it; they are found again where a
 * chain of sound blocks begins that leads to the end of the blocks, or to a block that a list or a magic vouches for.
 */
import { readHeader } from "../header/decode/header.js";
import { fits, isAnchor, isSound, saysFree, saysWaits, type Dump } from "./header-rules.js";
import { hex, type Damage, type Stretch } from "./inspection.js";

/** Sound blocks that follow each other, from which on a chain is taken for one although it breaks off. */
const longChain = 4;

export interface FoundBlock {
  readonly offset: number;
  readonly size: number;
  readonly free: boolean;
  /** It is in a quick list, or says so where headers do; neighbours take it for one in use. */
  readonly waits: boolean;
}

export interface FoundBlocks {
  readonly blocks: readonly FoundBlock[];
  readonly lost: readonly Stretch[];
  readonly damage: readonly Damage[];
}

/** @param window a stretch that an operation has in hand: nothing in it is looked at */
export function findBlocks(dump: Dump, window?: Stretch): FoundBlocks {
  const { layout, heap, end } = dump;
  const blocks: FoundBlock[] = [];
  const lost: Stretch[] = [];
  const damage: Damage[] = [];
  let offset = layout.firstBlock;
  while (offset < end) {
    if (window?.offset === offset) {
      lost.push(window);
      offset += window.size;
      continue;
    }
    const header = readHeader(layout, heap, offset);
    const good = fits(dump, offset, header);
    const next = good
      ? nextOf(dump, offset, offset + header.size)
      : takenUpFrom(dump, offset + layout.granuleBytes);
    if (good && next === offset + header.size) {
      blocks.push({
        offset,
        size: header.size,
        free: saysFree(dump, offset, header),
        waits: saysWaits(dump, offset, header),
      });
    } else {
      lost.push({ offset, size: next - offset });
      const largest = next - offset;
      const expected = good
        ? `${largest} at most: a block begins at ${hex(next)}`
        : `${layout.minimumBlockBytes} to ${end - offset}, a multiple of ${layout.granuleBytes}`;
      damage.push({
        kind: "size",
        offset,
        what: `size of the block at ${hex(offset)}${after(blocks.at(-1), offset)}`,
        found: String(header.size),
        expected,
        near: [offset],
      });
    }
    offset = next;
  }
  return { blocks, lost, damage };
}

/** What was most likely written past its end. */
const after = (left: FoundBlock | undefined, offset: number): string =>
  left !== undefined && !left.free && left.offset + left.size === offset
    ? `, after the one in use at ${hex(left.offset)}`
    : "";

/**
 * Where the block behind one at `offset` begins: at `end`, where its size says, unless a block that is beyond doubt
 * begins before.
 */
function nextOf(dump: Dump, offset: number, end: number): number {
  const { layout, listed } = dump;
  const doubtful = end !== dump.end && !isSound(dump, offset) && !holds(dump, end);
  for (let inside = offset + layout.granuleBytes; inside < end; inside += layout.granuleBytes) {
    if (!doubtful && !listed.has(inside)) continue;
    if (isSound(dump, inside) && isAnchor(dump, inside) && holds(dump, inside)) return inside;
  }
  return end;
}

/**
 * Whether blocks can be taken up again at `offset`: a chain of sound blocks begins there, each of which begins where the
 * one before ends, that is long, or reaches the end or a block beyond doubt.
 */
function holds(dump: Dump, offset: number): boolean {
  let at = offset;
  for (let length = 0; length < longChain; length++) {
    if (at >= dump.end || !isSound(dump, at)) return false;
    if (isAnchor(dump, at)) return true;
    at += readHeader(dump.layout, dump.heap, at).size;
    if (at === dump.end) return true;
  }
  return true;
}

/** The first place from `offset` on where blocks can be taken up again; the end of the blocks where there is none. */
function takenUpFrom(dump: Dump, offset: number): number {
  const { layout, end } = dump;
  for (let at = offset; at < end; at += layout.granuleBytes) if (holds(dump, at)) return at;
  return end;
}
