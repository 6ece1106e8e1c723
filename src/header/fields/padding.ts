/** Bits that nobody uses. */
import { z } from "zod";
import { about } from "../../config/describe.js";
import { defineField } from "../field.js";
import { fieldConfig } from "../field-config.js";
import { bitsSchema } from "./widths.js";

export const padding = defineField({
  name: "padding",
  holds: "bits",
  written: "never",
  config: fieldConfig({
    key: "padding",
    description: "Unused bits, always zero.",
    schema: z.strictObject({ bits: about(bitsSchema, "Width in bits.") }),
    resolve: ({ bits }) => ({ bits }),
  }),
  meaning: "unused",
  c: { comment: "unused", hooks: [] },
  expected: () => 0,
});
