/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "sequential-fit",
    hint: "one free list, the least control data",
    text: `  // One list of free blocks, searched in order. docs/policies.md describes the other policies.
  "policy": {
    "kind": "sequential-fit",
    // first, next, best or worst
    "fit": "first",
    // Where a freed block is inserted: address, lifo or fifo
    "order": "address",
    // Whether the wilderness is used first, or last
    "wilderness": "last",
    // immediate, deferred, list-neighbours or never
    "coalesce": "immediate",
  },`,
  },
  {
    name: "seed",
    hint: "a side table of slots, the wilderness first",
    text: `  // Wilderness first, then the slots of a side table in the order they were freed.
  "policy": {
    "kind": "sequential-fit",
    "preset": "seed",
  },`,
  },
];
