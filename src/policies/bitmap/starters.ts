/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "bitmap",
    hint: "two bits a granule and no header, a search by words",
    text: `  // Bits outside the blocks say what is in use: no header, first fit by address.
  "policy": {
    "kind": "bitmap",
    // Block sizes are multiples of it: a power of two times the alignment, which it is when left out
    // "granule": 32,
  },`,
  },
];
