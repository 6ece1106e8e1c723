/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "bump",
    hint: "an arena: freed all at once",
    text: `  // An arena: the fewest cycles in malloc, and almost none in free.
  "policy": {
    "kind": "bump",
    // What frees memory. all: only init, everything at once; lifo: also free of the newest block, and marks
    "release": "all",
  },`,
  },
];
