/** A checksum over the other fields. */
import { z } from "zod";
import { about } from "../../config/describe.js";
import { defineField } from "../field.js";
import { fieldConfig } from "../field-config.js";
import { used } from "./used.js";
import { widthOrDefault } from "./widths.js";

/**
 * The storage units, of free blocks without what is written on allocation, and with checksum and padding as 0, are
 * joined by exclusive or; pieces of the checksum's width of the result, from the lowest bit up, likewise, and with them
 * the checksum of zeros. Any one wrong bit shows. What is covered depends on whether the block is in use.
 */
export const checksum = defineField({
  name: "checksum",
  holds: "bits",
  written: "with-any",
  config: fieldConfig({
    key: "checksum",
    description: "A checksum over the other fields, verified by free; 8 bits unless a width is given.",
    schema: z.union([
      z.literal(true),
      z.strictObject({ bits: about(z.number().int().min(4).max(16), "Width in bits, 4 to 16.") }),
    ]),
    resolve: widthOrDefault,
  }),
  requires: [used],
  // Not 0: a header of zeros must not pass for one that was written.
  constant: (bits) => 0xa5a5 % 2 ** bits,
  verifiedBy: "free",
  meaning: "the other fields, folded by exclusive or",
  c: {
    comment: "checksum",
    intact: ({ readMasked }) => `(${readMasked} == checksum_of(block))`,
    constants: ({ most, value }) => [
      {
        name: "CHECKSUM_BITS",
        value: most,
        asserts: [
          { condition: `CHECKSUM_BITS == ${most}`, sentence: "the checksum is not as wide as its field" },
        ],
      },
      {
        name: "CHECKSUM_OF_ZEROS",
        value,
        asserts: [
          {
            condition: "CHECKSUM_OF_ZEROS <= CHECKSUM_BITS",
            sentence: "the checksum of zeros does not fit its field",
          },
          {
            condition: "CHECKSUM_OF_ZEROS != 0U",
            sentence: "a header of zeros would be valid",
          },
        ],
      },
    ],
    sound: { of: "free", condition: ({ readMasked }) => `(${readMasked} == checksum_of(block))` },
    hooks: ["seal", "is_sealed", "checksum_of", "is_intact", "neighbours_are_intact", "right_header"],
  },
  // The image computes it from the others.
  expected: () => 0,
  dump: { doc: "", vouches: "always" },
});
