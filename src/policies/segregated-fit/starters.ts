/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "segregated-fit",
    hint: "size classes with a bitmap index, constant time",
    text: `  // Size classes with a bitmap index: constant time. docs/policies.md tells of the others.
  "policy": {
    "kind": "segregated-fit",
    // Block sizes below this have a class each; above it there are so many classes to a doubling.
    // "subdivisions": 2,
    // Look at the request's own class first: less memory lost, a few more cycles.
    "probe": true,
    // Keep freed blocks of small requests for others of the same size: a fraction of the cycles, some more memory.
    // "quickLists": { "upTo": 128, "most": 32 },
  },`,
  },
];
