/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "bitmap",
    hint: "headerless, two bits per granule, searched by words",
    text: `  // Headerless blocks, with bits in the control data that mark what is in use; first fit by address.
  "policy": {
    "kind": "bitmap",
    // Block sizes are multiples of it: a power of two times the alignment; the alignment when left out
    // "granule": 32,
  },`,
  },
];
