/** Whether the block waits in a quick list. */
import { defineField } from "../field.js";

/** Asked for where something goes over all blocks, or where no block must be given back twice. */
export const quick = defineField({
  name: "quick",
  holds: "flag",
  written: "with-block",
  meaning: "1: the block is in a quick list",
  c: {
    comment: "in a quick list",
    flag: "QUICK",
    view: (texts) => ({
      hasQuick: texts !== undefined,
      quickMask: texts?.mask ?? "",
      setQuick: texts?.set ?? "",
      clearQuick: texts?.cleared ?? "",
    }),
    sound: { of: "free", condition: () => "!is_quick(block)" },
    hooks: ["is_quick", "is_available", "is_held", "set_quick", "clear_quick"],
  },
  expected: ({ waits }) => (waits ? 1 : 0),
  dump: { doc: "The block is in a quick list." },
});
