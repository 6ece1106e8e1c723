/** What a search for the best config tries. */
import type { Variant } from "../policy.js";

export const variants: readonly Variant[] = [
  { family: "bitmap", policy: { kind: "bitmap" } },
  { family: "bitmap", policy: { kind: "bitmap", granule: 16 } },
  { family: "bitmap", policy: { kind: "bitmap", granule: 32 } },
];
