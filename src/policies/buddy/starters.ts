/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "buddy",
    hint: "powers of two, logarithmic time",
    text: `  // Binary buddies: block sizes are powers of two, split and coalesced in logarithmic time.
  "policy": {
    "kind": "buddy",
    // The smallest block
    "smallest": 32,
  },`,
  },
];
