/** A constant in the header of each block in use. */
import { z } from "zod";
import { about } from "../../config/describe.js";
import { defineField, inParentheses } from "../field.js";
import { fieldConfig } from "../field-config.js";
import { bitsSchema, defaultBits } from "./widths.js";

const hex = (value: number): string => `0x${value.toString(16)}`;

/** 0xA5 repeated over the width, unless the config has another. */
const repeated = 0xa5a5a5a5;

export const magic = defineField({
  name: "magic",
  holds: "bits",
  written: "on-allocation",
  config: fieldConfig({
    key: "magic",
    description: "A constant in every header, for finding blocks in a memory dump.",
    schema: z.strictObject({
      bits: about(bitsSchema.optional(), "Width in bits; 8 when left out."),
      value: about(
        z.number().int().nonnegative().max(0xffffffff).optional(),
        "The constant; 0xA5 repeated over the width when left out.",
      ),
    }),
    resolve: (written, report) => {
      const bits = written.bits ?? defaultBits;
      const largest = 2 ** bits - 1;
      const value = written.value ?? repeated % 2 ** bits;
      if (value > largest) {
        report({ key: "value", found: String(value), allowed: `0 to ${largest} in ${bits} bits` });
      }
      return { bits, value };
    },
  }),
  constant: (_bits, value) => value ?? 0,
  verifiedBy: "free",
  meaning: "constant (blocks in use)",
  c: {
    comment: "magic",
    value: { text: "MAGIC", masked: false },
    intact: ({ readMasked }) => `(${readMasked} == MAGIC)`,
    constants: ({ value, most }) => [
      {
        name: "MAGIC",
        value,
        asserts: [{ condition: `MAGIC <= ${most}`, sentence: "the magic does not fit its field" }],
      },
    ],
    view: (texts) => ({
      hasMagic: texts !== undefined,
      magicRead: texts === undefined ? "" : inParentheses(texts.read),
      magic: texts?.value ?? "0x0U",
    }),
    sound: { of: "used", condition: ({ read }) => `(${inParentheses(read)} == MAGIC)` },
    hooks: ["is_intact"],
  },
  expected: (_block, constant) => constant,
  dump: {
    doc: "Undefined in a free block.",
    check: {
      kind: "magic",
      of: "block",
      fault: (value, { constant }) =>
        constant === undefined || value === constant
          ? undefined
          : { found: hex(value), expected: hex(constant) },
    },
    vouches: "in-use",
  },
});
