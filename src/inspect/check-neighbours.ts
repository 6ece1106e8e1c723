/** What blocks say of each other and of themselves, held against where they were found. */
import { readHeader } from "../header/decode/header.js";
import { fieldDamage, saysUsed, sealDamage, sealsEndBlock, type FieldDamage } from "../header/dump.js";
import type { FoundBlock, FoundBlocks } from "./find-blocks.js";
import { footerOf, type Dump } from "./header-rules.js";
import { hex, type Damage } from "./inspection.js";

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
        found: `free, like its left neighbour at ${hex(left.offset)}`,
        expected: "one block: free neighbours are coalesced",
        near: [left.offset, block.offset],
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

/** @param of "header" or "block" */
const damageAt = (
  start: number,
  of: string,
  { name, offset, ...damage }: FieldDamage,
  near: readonly number[] | undefined,
): Damage => ({
  ...damage,
  offset: start + offset,
  what: `${name} of the ${of} at ${hex(start)}`,
  ...(near === undefined ? {} : { near }),
});

/** What a header that was written for a free block has in a field that only blocks in use have. */
const unwritten = /^(?:0x)?0$/;

/** What the header at `offset` says of the block before it. */
function checkLeft({ layout, heap }: Dump, offset: number, left: FoundBlock | undefined): readonly Damage[] {
  return fieldDamage(layout, readHeader(layout, heap, offset), "left", { offset, left }).map((damage) =>
    damageAt(offset, "header", damage, left === undefined ? undefined : [left.offset]),
  );
}

function checkSum({ layout, heap }: Dump, offset: number): readonly Damage[] {
  const damage = sealDamage(layout, heap, offset);
  return damage === undefined ? [] : [damageAt(offset, "header", damage, [offset - 1, offset])];
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
      expected: `${hex(footer.expected)}: its size of ${block.size}, as in the header`,
      near: [block.offset],
    },
  ];
}

/** What is written when a block is handed out. */
function checkLabels({ layout, heap }: Dump, { offset }: FoundBlock): readonly Damage[] {
  return fieldDamage(layout, readHeader(layout, heap, offset), "block", { offset, left: undefined }).map(
    (damage) => damageAt(offset, "block", damage, unwritten.test(damage.found) ? [offset] : undefined),
  );
}

/** The header after the last block. */
function checkEnd(dump: Dump, last: FoundBlock | undefined, reached: boolean): readonly Damage[] {
  const { layout, heap, end } = dump;
  if (layout.endHeader === "none") return [];
  const damage = reached ? [...checkLeft(dump, end, last)] : [];
  const header = readHeader(layout, heap, end);
  if (layout.endHeader === "block" && sealsEndBlock(layout)) damage.push(...checkSum(dump, end));
  const isFree = saysUsed(header) === false;
  if (layout.endHeader === "block" && (header.size !== 0 || isFree)) {
    damage.push({
      kind: "end",
      offset: end,
      what: "header after the last block",
      found: `size ${header.size}, ${isFree ? "free" : "in use"}`,
      expected: "size 0, in use",
    });
  }
  return damage;
}
