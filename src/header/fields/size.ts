/** The block's size: every header has it. */
import { z } from "zod";
import { about } from "../../config/describe.js";
import { defineField } from "../field.js";
import { fieldConfig } from "../field-config.js";
import { pinned, pinnedWidth } from "./widths.js";

/** In granules, header included. Where its unit has flags alone below it, it can read as bytes. */
export const size = defineField({
  name: "size",
  holds: "granules",
  written: "with-block",
  config: fieldConfig({
    key: "size",
    description: "The block's size.",
    schema: pinned.extend({
      unit: about(
        z.enum(["auto", "granules", "bytes"]).optional(),
        "Whether the field counts granules or bytes. The low bits of a field in bytes are free for other fields.",
      ),
    }),
    unnamed: { unit: "auto" },
    resolve: (written) => ({ ...pinnedWidth(written), unit: written.unit ?? "auto" }),
  }),
  meaning: "block size in granules, header included",
  c: {
    comment: "size in granules",
    hooks: [],
    // What is read of a field with more bits than a size in bytes lacks the upper ones.
    sound: {
      of: "left",
      condition: ({ isWide, comparedWith }) =>
        isWide ? `(${comparedWith("==", "block_size(block)")})` : undefined,
    },
  },
  expected: ({ granules }) => granules,
  dump: { doc: "Block size, header included." },
});
