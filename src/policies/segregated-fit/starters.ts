/** What `init` offers, and writes into a new config. */
import type { Starter } from "../policy.js";

export const starters: readonly Starter[] = [
  {
    name: "segregated-fit",
    hint: "size classes with a bitmap index, constant time",
    text: `  // Size classes with a bitmap index: constant time. docs/policies.md describes the others.
  "policy": {
    "kind": "segregated-fit",
    // Size classes per doubling of the block size.
    // "subdivisions": 2,
    // Look at the request's own class first: less memory lost, a few more cycles.
    "probe": true,
    // Keep small freed blocks for requests of the same size: a fraction of the cycles, somewhat more memory.
    // "quickLists": { "upTo": 128, "most": 32 },
  },`,
  },
  {
    name: "fast",
    hint: "segregated fit with the fewest cycles of the slowest call",
    text: preset("fast", "the fewest cycles of the slowest call"),
  },
  {
    name: "frugal",
    hint: "segregated fit with the least memory, without headers",
    text: preset("frugal", "the least memory, by bits in place of headers"),
  },
];

function preset(name: string, purpose: string): string {
  return `  // Size classes with a bitmap index: constant time. The preset is ${purpose}.
  "policy": { "kind": "segregated-fit", "preset": "${name}" },`;
}
