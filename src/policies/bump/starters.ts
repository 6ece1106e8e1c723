/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "bump",
    hint: "an arena: given back all at once",
    text: `  // An arena: the cheapest malloc there is, and next to no free.
  "policy": {
    "kind": "bump",
    // What gives memory back. all: only init, everything at once; lifo: also the free of the newest block, and marks
    "release": "all",
  },`,
  },
];
