/** A header field that no standard header has: where the block stands, which tells a header that was copied or moved. */
import { z } from "zod";
import { about } from "../../src/config/describe.js";
import { fieldConfig } from "../../src/header/field-config.js";
import { defineField } from "../../src/header/field.js";
import { paletteOf, standardPalette } from "../../src/header/palette.js";

/** Offset of the header, cut to the field's width. */
export const place = defineField({
  name: "place",
  holds: "bits",
  written: "on-allocation",
  config: fieldConfig({
    key: "place",
    description: "Where the block stands.",
    schema: z.strictObject({ bits: about(z.number().int().min(1).max(16), "Width in bits, 1 to 16.") }),
    resolve: ({ bits }) => ({ bits }),
  }),
  meaning: "where the block stands (blocks in use)",
  c: {
    comment: "place",
    value: { text: "offset_of(block)", masked: true },
    hooks: [],
  },
  expected: ({ start }) => start,
  dump: {
    doc: "Offset of the header, as far as it fits; means nothing in a free block.",
    check: {
      kind: "place",
      of: "block",
      fault: (value, { offset, bits }) => {
        const expected = offset % 2 ** bits;
        return value === expected ? undefined : { found: String(value), expected: String(expected) };
      },
    },
    told: true,
  },
});

/** Bytes requested, modulo 8: read of the request as it was made, without the field that keeps all of it. */
const odd = defineField({
  name: "odd",
  holds: "bits",
  written: "on-allocation",
  config: fieldConfig({
    key: "odd",
    description: "Bytes requested, modulo 8.",
    schema: z.literal(true),
    resolve: () => ({ bits: 3 }),
  }),
  meaning: "bytes requested, modulo 8 (blocks in use)",
  c: { comment: "bytes requested, modulo 8", value: { text: "request", masked: true }, hooks: [] },
  expected: ({ requestBytes }) => requestBytes % 8,
});

export const paletteWithToy = paletteOf([...standardPalette.fields, place, odd]);
