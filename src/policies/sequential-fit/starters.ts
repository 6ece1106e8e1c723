/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "sequential-fit",
    hint: "one free list, the least control data",
    text: `  // One list of free blocks, searched in order. docs/policies.md tells of the other policies.
  "policy": {
    "kind": "sequential-fit",
    // first, next, best or worst
    "fit": "first",
    // Where a freed block goes: address, lifo or fifo
    "order": "address",
    // Whether the untouched space serves first, or last
    "wilderness": "last",
    // immediate, deferred, list-neighbours or never
    "coalesce": "immediate",
  },`,
  },
  {
    name: "seed",
    hint: "a side table of slots, the untouched space first",
    text: `  // Untouched space first, then the slots of a side table in the order they were freed.
  "policy": {
    "kind": "sequential-fit",
    "preset": "seed",
  },`,
  },
];
