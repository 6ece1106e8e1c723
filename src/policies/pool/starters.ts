/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "pool",
    hint: "blocks of one or a few fixed sizes, constant time",
    text: `  // Blocks of one or a few fixed sizes, in constant time.
  "policy": {
    "kind": "pool",
    // One class may leave out its count: it takes the rest of the heap.
    "classes": [{ "size": 64 }],
    // Whether larger classes serve a request when the class that fits is empty
    "fallback": true,
  },`,
  },
];
