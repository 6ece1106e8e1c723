/** Whether the block is in use. */
import { z } from "zod";
import { defineField } from "../field.js";
import { fieldConfig } from "../field-config.js";

/** Left out where a policy finds free blocks by their lists alone, or the block behind says it. */
export const used = defineField({
  name: "used",
  holds: "flag",
  written: "with-block",
  config: fieldConfig({
    key: "free",
    description: "One bit: the block is free.",
    schema: z.literal(true),
    resolve: () => true,
  }),
  meaning: "1: the block is in use",
  c: {
    comment: "in use",
    flag: "USED",
    intact: ({ member }) => `((block->${member} & USED) != 0U)`,
    view: (texts) => ({ hasUsed: texts !== undefined, usedMask: texts?.mask ?? "" }),
    hooks: [],
  },
  expected: ({ free }) => (free ? 0 : 1),
  dump: { doc: "" },
});
