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
  const chains = new Chains(dump);
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
      ? nextOf(dump, chains, offset, offset + header.size)
      : chains.from(offset + layout.granuleBytes);
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
function nextOf(dump: Dump, chains: Chains, offset: number, end: number): number {
  const { layout, listed } = dump;
  const doubtful = end !== dump.end && !isSound(dump, offset) && !chains.holds(end);
  for (let inside = offset + layout.granuleBytes; inside < end; inside += layout.granuleBytes) {
    if (!doubtful && !listed.has(inside)) continue;
    if (isSound(dump, inside) && isAnchor(dump, inside) && chains.holds(inside)) return inside;
  }
  return end;
}

/** Chains of sound blocks, each beginning where the one before ends. */
class Chains {
  /** Blocks of the chain that begins at each granule; computed when first asked for. */
  private lengths: Uint32Array | undefined;

  constructor(private readonly dump: Dump) {}

  /** Whether blocks can be taken up again at `offset`. */
  holds(offset: number): boolean {
    this.lengths ??= this.measure();
    return (this.lengths[this.index(offset)] ?? 0) >= longChain;
  }

  /** The first place from `offset` on where blocks can be taken up again; the end of the blocks where there is none. */
  from(offset: number): number {
    const { layout, end } = this.dump;
    for (let at = offset; at < end; at += layout.granuleBytes) if (this.holds(at)) return at;
    return end;
  }

  private index(offset: number): number {
    const { layout } = this.dump;
    return (offset - layout.firstBlock) / layout.granuleBytes;
  }

  /** A chain that reaches the end, or a block beyond doubt, counts as long. */
  private measure(): Uint32Array {
    const { layout, heap, end } = this.dump;
    const lengths = new Uint32Array(Math.max(0, this.index(end)) + 1);
    for (
      let offset = end - layout.minimumBlockBytes;
      offset >= layout.firstBlock;
      offset -= layout.granuleBytes
    ) {
      if (!isSound(this.dump, offset)) continue;
      const next = offset + readHeader(layout, heap, offset).size;
      const sure = next === end || isAnchor(this.dump, offset);
      lengths[this.index(offset)] = sure ? longChain : (lengths[this.index(next)] ?? 0) + 1;
    }
    return lengths;
  }
}
