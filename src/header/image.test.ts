import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHeader } from "./decode/header.js";
import { hasChecksum } from "./decode/headers.js";
import type { BlockFacts } from "./field.js";
import { headerData, placementsOf } from "./header-data.js";
import { headerImage, type ExpectedBits } from "./image.js";
import type { HeaderLayout } from "./layout.js";
import { usedFlag, waitingFlag } from "./needs.js";
import { layOutHeader } from "./pack.js";
import { standardPalette } from "./palette.js";
import type { HeaderLayoutData } from "../layout/layout.js";

const granuleBytes = 8;
const heapBytes = 4096;

/** A header of a heap of 4 KiB that has fields of all kinds. */
function layoutWith(
  fields: Readonly<Record<string, object>>,
  boundaryTag: "footer" | "prevSize",
): HeaderLayout {
  const config = {
    palette: standardPalette,
    boundaryTag,
    links: { place: "intrusive", width: "auto", form: "auto", slots: 0 },
    fields: { size: { unit: "auto" as const }, ...fields },
  } as const;
  const needs = {
    boundaryTag,
    fields: [usedFlag(), waitingFlag],
    links: { place: "intrusive", form: "double" },
  } as const;
  const found = layOutHeader(config, needs, heapBytes, granuleBytes);
  if ("diagnostics" in found) throw new Error("the header has no layout");
  return found.layout;
}

/** What a decoder is told of a heap with this header alone. */
const dataOf = (header: HeaderLayout): HeaderLayoutData => ({
  kind: "headers",
  name: "app_heap",
  ...{ heapBytes, granuleBytes, firstBlock: 0, endOfBlocks: heapBytes },
  ...{ minimumBlockBytes: 16, maximumRequestBytes: 4000 },
  header: headerData(header),
  placements: placementsOf(header),
  endHeader: "block",
  links: { place: "blocks", unitBytes: 1, bytes: 2, next: header.bytes },
  control: { first: { offset: 0, bytes: 2, count: 1 } },
});

const expectedOf = (header: HeaderLayout, { free }: BlockFacts): readonly ExpectedBits[] =>
  headerImage(header)[free ? "freeBlock" : "usedBlock"];

const bitsOf = ({ offset, bytes }: ExpectedBits, value: number): readonly number[] =>
  Array.from({ length: 8 * bytes }, (_, bit) => bit)
    .filter((bit) => ((value >>> bit) & 1) === 1)
    .map((bit) => 8 * offset + bit);

const flip = (bytes: DataView, bit: number): void =>
  bytes.setUint8(bit >> 3, bytes.getUint8(bit >> 3) ^ (1 << (bit & 7)));

function bytesOf(header: HeaderLayout, block: BlockFacts): DataView {
  const bytes = new DataView(new ArrayBuffer(heapBytes));
  for (const unit of expectedOf(header, block))
    for (const bit of bitsOf(unit, unit.valueOf(block))) flip(bytes, bit);
  return bytes;
}

const everyField = {
  requested: {},
  magic: { bits: 8, value: 0xa5 },
  tag: { bits: 5 },
  checksum: { bits: 7 },
  padding: { bits: 3 },
};
const size = fc.integer({ min: 2, max: 511 });
const blocks = fc.record({
  start: fc.constant(0),
  granules: size,
  free: fc.boolean(),
  waits: fc.boolean(),
  requestBytes: fc.integer({ min: 0, max: 4095 }),
  tag: fc.integer({ min: 0, max: 31 }),
  left: fc.option(fc.record({ granules: size, free: fc.boolean() }), { nil: undefined }),
});

describe.each(["footer", "prevSize"] as const)("the header of a block, boundary tag %s", (boundaryTag) => {
  const header = layoutWith(everyField, boundaryTag);
  const data = dataOf(header);

  test("is decoded as what it was expected to say", () => {
    fc.assert(
      fc.property(blocks, (block) => {
        const heap = bytesOf(header, block);
        const { free, left, granules, waits } = block;
        expect(readHeader(data, heap, 0)).toMatchObject({
          size: granules * granuleBytes,
          used: !free,
          quick: waits,
          ...(boundaryTag === "footer"
            ? { prevFree: left?.free === true }
            : { prevSize: (left?.granules ?? 0) * granuleBytes }),
          ...(free ? {} : { requested: block.requestBytes, tag: block.tag, magic: 0xa5 }),
        });
        expect(hasChecksum(data, heap, 0)).toBe(true);
      }),
    );
  });

  test("has another checksum when any one covered bit is wrong", () => {
    fc.assert(
      fc.property(blocks, fc.nat(), (block, choice) => {
        const heap = bytesOf(header, block);
        const bits = expectedOf(header, block).flatMap((unit) => bitsOf(unit, unit.mask));
        flip(heap, bits[choice % bits.length] ?? 0);
        // Which bits are covered depends on whether the block is in use: that bit may hide itself.
        const isUsed = readHeader(data, heap, 0).used === !block.free;
        if (isUsed) expect(hasChecksum(data, heap, 0)).toBe(false);
      }),
    );
  });
});

test("bits that nobody writes are left out of each kind of header", () => {
  const image = headerImage(layoutWith(everyField, "footer"));
  const count = (units: readonly ExpectedBits[]): number =>
    units.reduce((sum, unit) => sum + bitsOf(unit, unit.mask).length, 0);
  const [always, labels, seal] = [9 + 3, 12 + 8 + 5, 7];
  expect(count(image.freeBlock)).toBe(always + seal);
  expect(count(image.usedBlock)).toBe(always + labels + seal);
  expect(count(image.endTag)).toBe(1);
  expect(count(image.endBlock)).toBe(always);
});
