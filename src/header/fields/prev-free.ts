/** Whether the left neighbour is free: half of the boundary tag "footer". */
import { z } from "zod";
import { defineField } from "../field.js";
import { fieldConfig } from "../field-config.js";

/** Where it is set, the left neighbour's last bytes are its footer (Knuth 1968, boundary tags in free blocks alone). */
export const prevFree = defineField({
  name: "prevFree",
  holds: "flag",
  written: "with-left",
  config: fieldConfig({
    key: "prevFree",
    description: "One bit: the left neighbour is free.",
    schema: z.literal(true),
    resolve: () => true,
  }),
  meaning: "1: the left neighbour is free, its footer is valid",
  c: {
    comment: "left neighbour free",
    flag: "PREV_FREE",
    view: (texts) => ({
      prevFreeMask: texts?.mask ?? "",
      setPrevFree: texts?.set ?? "",
      clearPrevFree: texts?.cleared ?? "",
    }),
    sound: { of: "left", condition: () => "(left_is_free(block) == left.free)" },
    hooks: ["set_left_free", "set_left_used", "left_is_free", "left_of"],
  },
  expected: ({ left }) => (left?.free === true ? 1 : 0),
  dump: {
    doc: "The left neighbour is free.",
    check: {
      kind: "prev-free",
      of: "left",
      fault: (value, { left }) => {
        const free = left?.free === true;
        if ((value === 1) === free) return undefined;
        const state = left === undefined ? "none" : free ? "free" : "in use";
        return { found: String(value), expected: `${free ? "1" : "0"}: the left neighbour is ${state}` };
      },
    },
  },
});
