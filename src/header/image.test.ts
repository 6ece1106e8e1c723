import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allHeaderHooks, headerHooks } from "./c/hooks.js";
import { readHeader } from "./decode/header.js";
import { hasChecksum } from "./decode/headers.js";
import type { BlockFacts } from "./field.js";
import { checksum } from "./fields/checksum.js";
import { headerData, placementsOf } from "./header-data.js";
import { expectedHeader } from "./image.js";
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

function bytesOf(header: HeaderLayout, block: BlockFacts): DataView {
  const bytes = new DataView(new ArrayBuffer(heapBytes));
  for (const { offset, shift, bits, value } of expectedHeader(header, block)) {
    for (let bit = 0; bit < bits; bit++) {
      if (Math.floor(value / 2 ** bit) % 2 === 0) continue;
      const at = offset + Math.floor((shift + bit) / 8);
      bytes.setUint8(at, bytes.getUint8(at) | (1 << ((shift + bit) % 8)));
    }
  }
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
        const bits = expectedHeader(header, block).flatMap(({ offset, shift, bits: width }) =>
          Array.from({ length: width }, (_, bit) => 8 * offset + shift + bit),
        );
        const bit = bits[choice % bits.length] ?? 0;
        heap.setUint8(bit >> 3, heap.getUint8(bit >> 3) ^ (1 << (bit & 7)));
        // Which bits are covered depends on whether the block is in use: that bit may hide itself.
        const isUsed = readHeader(data, heap, 0).used === !block.free;
        if (isUsed) expect(hasChecksum(data, heap, 0)).toBe(false);
      }),
    );
  });
});

test("C functions are there where a field provides them", () => {
  const plain = layoutWith({}, "prevSize");
  expect(headerHooks(plain)).toContain("set_left_size");
  expect(headerHooks(plain)).not.toContain("seal");
  expect(headerHooks(layoutWith({ checksum: { bits: 8 } }, "footer"))).toContain("seal");
  for (const { c } of [checksum]) for (const hook of c.hooks) expect(allHeaderHooks()).toContain(hook);
});
