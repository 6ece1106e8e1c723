/** The left neighbour's size: the boundary tag that stands in the header. */
import { defineField } from "../field.js";
import { fieldConfig } from "../field-config.js";
import { pinned, pinnedWidth } from "./widths.js";

/** In granules; 0 in the first block. */
export const prevSize = defineField({
  name: "prevSize",
  holds: "granules",
  written: "with-left",
  config: fieldConfig({
    key: "prevSize",
    description: "Size of the left neighbour: the boundary tag kept in the header.",
    schema: pinned,
    resolve: pinnedWidth,
  }),
  meaning: "left neighbour's size in granules, 0: none",
  c: {
    comment: "left neighbour's size in granules",
    view: (texts) => ({
      prevSizeMember: texts?.member ?? "",
      prevSizeRead: texts?.readBytes ?? "",
      prevSizeDiffers: texts?.comparedWith("!=", "left.size") ?? "",
      prevSizeWrite: texts?.writeBytes ?? "",
    }),
    sound: { of: "left", condition: ({ comparedWith }) => `(${comparedWith("==", "left.size")})` },
    hooks: ["left_size", "set_left_size", "left_is_free", "left_of"],
  },
  expected: ({ left }) => left?.granules ?? 0,
  dump: {
    doc: "Size of the left neighbour; 0 where there is none.",
    check: {
      kind: "prev-size",
      of: "left",
      fault: (value, { left }) => {
        if (value === (left?.size ?? 0)) return undefined;
        const expected =
          left === undefined ? "0: there is no left neighbour" : `${left.size}, the left neighbour's size`;
        return { found: String(value), expected };
      },
    },
  },
});
