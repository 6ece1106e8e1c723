/** A value that the caller passes. */
import { defineField } from "../field.js";
import { fieldConfig } from "../field-config.js";
import { asked, widthOrDefault } from "./widths.js";

export const tag = defineField({
  name: "tag",
  holds: "bits",
  written: "on-allocation",
  config: fieldConfig({
    key: "tag",
    description: "A value the caller owns; 8 bits unless a width is given.",
    schema: asked,
    resolve: widthOrDefault,
  }),
  meaning: "the caller's value (blocks in use)",
  c: {
    comment: "tag",
    value: { text: "tag", masked: true },
    view: (texts) => ({ hasTag: texts !== undefined, tagRead: texts?.read ?? "" }),
    hooks: ["tag_of"],
  },
  expected: ({ tag: value }) => value,
  dump: { doc: "The caller's value; undefined in a free block.", told: true },
});
