/** What blocks say of each other and of themselves, held against where they were found. */
import { hasChecksum, readHeader, type Header } from "../layout/decode/headers.js";
import type { Field } from "../layout/decode/numbers.js";
import type { FoundBlock, FoundBlocks } from "./find-blocks.js";
import { footerOf, type Dump } from "./header-rules.js";
import { hex, type Damage, type DamageKind } from "./inspection.js";

/** @param mergesAtOnce whether no two neighbours are ever free */
export function checkNeighbours(dump: Dump, found: FoundBlocks, mergesAtOnce: boolean): readonly Damage[] {
  const { layout, end } = dump;
  const damage: Damage[] = [];
  let left: FoundBlock | undefined;
  for (const block of found.blocks) {
    const follows = left === undefined ? block.offset === layout.firstBlock : endOf(left) === block.offset;
    if (follows) damage.push(...checkLeft(dump, block.offset, left));
    if (mergesAtOnce && block.free && left?.free === true && follows) {
      damage.push({
        kind: "unmerged",
        offset: block.offset,
        what: `block at ${hex(block.offset)}`,
        found: `free, as its left neighbour at ${hex(left.offset)}`,
        expected: "one block: free neighbours merge",
      });
    }
    damage.push(...checkSum(dump, block.offset));
    damage.push(...(block.free ? checkFooter(dump, block) : checkLabels(dump, block)));
    left = block;
  }
  const reached = left === undefined ? end === layout.firstBlock : endOf(left) === end;
  return [...damage, ...checkEnd(dump, left, reached)];
}

const endOf = ({ offset, size }: FoundBlock): number => offset + size;

const fieldOffset = (offset: number, field: Field | undefined): number => offset + (field?.offset ?? 0);

/** What the header at `offset` says of the block before it. */
function checkLeft({ layout, heap }: Dump, offset: number, left: FoundBlock | undefined): readonly Damage[] {
  const { prevFree, prevSize } = readHeader(layout, heap, offset);
  const { fields } = layout.header;
  const free = left?.free === true;
  const size = left?.size ?? 0;
  const damage: Damage[] = [];
  if (prevFree !== undefined && prevFree !== free) {
    damage.push({
      kind: "prev-free",
      offset: fieldOffset(offset, fields.prevFree),
      what: `prevFree of the header at ${hex(offset)}`,
      found: prevFree ? "1" : "0",
      expected: `${free ? "1" : "0"}: the left neighbour is ${left === undefined ? "none" : free ? "free" : "in use"}`,
    });
  }
  if (prevSize !== undefined && prevSize !== size) {
    damage.push({
      kind: "prev-size",
      offset: fieldOffset(offset, fields.prevSize),
      what: `prevSize of the header at ${hex(offset)}`,
      found: String(prevSize),
      expected: left === undefined ? "0: there is no left neighbour" : `${size}, the left neighbour's size`,
    });
  }
  return damage;
}

function checkSum({ layout, heap }: Dump, offset: number): readonly Damage[] {
  if (hasChecksum(layout, heap, offset)) return [];
  return [
    {
      kind: "checksum",
      offset: fieldOffset(offset, layout.header.fields.checksum),
      what: `checksum of the header at ${hex(offset)}`,
      found: hex(readHeader(layout, heap, offset).checksum ?? 0),
      expected: "that of the other fields",
    },
  ];
}

function checkFooter(dump: Dump, block: FoundBlock): readonly Damage[] {
  const footer = footerOf(dump, endOf(block), block.size);
  if (footer === undefined || footer.found === footer.expected) return [];
  return [
    {
      kind: "footer",
      offset: endOf(block) - (dump.layout.footer?.bytes ?? 0),
      what: `footer of the free block at ${hex(block.offset)}`,
      found: hex(footer.found),
      expected: `${hex(footer.expected)}: its size of ${block.size}, as the header has it`,
    },
  ];
}

/** What is written when a block is handed out. */
function checkLabels({ layout, heap }: Dump, { offset, size }: FoundBlock): readonly Damage[] {
  const { fields, magic, bytes } = layout.header;
  const header = readHeader(layout, heap, offset);
  const damage: Damage[] = [];
  const add = (kind: DamageKind, name: keyof Header & keyof typeof fields, found: string, expected: string) =>
    damage.push({
      kind,
      offset: fieldOffset(offset, fields[name]),
      what: `${name} of the block at ${hex(offset)}`,
      found,
      expected,
    });
  if (header.magic !== undefined && magic !== undefined && header.magic !== magic) {
    add("magic", "magic", hex(header.magic), hex(magic));
  }
  if (header.requested !== undefined && header.requested > size - bytes) {
    add("requested", "requested", String(header.requested), `0 to ${size - bytes}, what the block holds`);
  }
  return damage;
}

/** The header behind the last block. */
function checkEnd(dump: Dump, last: FoundBlock | undefined, reached: boolean): readonly Damage[] {
  const { layout, heap, end } = dump;
  if (layout.endHeader === "none") return [];
  const damage = reached ? [...checkLeft(dump, end, last)] : [];
  const header = readHeader(layout, heap, end);
  // What is kept with blocks is nothing there, and counts in the checksum all the same.
  if (layout.endHeader === "block" && layout.header.checksum?.inUse.length === 0) {
    damage.push(...checkSum(dump, end));
  }
  if (layout.endHeader === "block" && (header.size !== 0 || header.used === false)) {
    damage.push({
      kind: "end",
      offset: end,
      what: "header behind the last block",
      found: `size ${header.size}, ${header.used === false ? "free" : "in use"}`,
      expected: "size 0, in use",
    });
  }
  return damage;
}
