/** The exact number of bytes that the caller asked for. */
import { defineField, inParentheses } from "../field.js";
import { fieldConfig } from "../field-config.js";
import { asked, pinnedWidth } from "./widths.js";

export const requested = defineField({
  name: "requested",
  holds: "bytes",
  written: "on-allocation",
  config: fieldConfig({
    key: "requested",
    description: "The exact number of bytes requested.",
    schema: asked,
    resolve: pinnedWidth,
  }),
  verifiedBy: "check",
  meaning: "bytes requested (blocks in use)",
  c: {
    comment: "bytes requested",
    value: { text: "request", masked: false },
    largest: { constant: "MAX_REQUEST", sentence: "the largest request does not fit its field" },
    view: (texts) => ({
      requestedRead: texts === undefined ? "" : inParentheses(texts.read),
    }),
    sound: {
      of: "used",
      condition: ({ read }) => `(${inParentheses(read)} <= (size - HEADER_BYTES))`,
    },
    hooks: [],
  },
  expected: ({ requestBytes }) => requestBytes,
  dump: {
    doc: "Bytes requested; undefined in a free block.",
    check: {
      kind: "requested",
      of: "block",
      fault: (value, { size, headerBytes }) =>
        value <= size - headerBytes
          ? undefined
          : { found: String(value), expected: `0 to ${size - headerBytes}, what the block holds` },
    },
    told: true,
  },
});
