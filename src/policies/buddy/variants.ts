/** What a search for the best config tries. */
import type { Variant } from "../policy.js";

export const variants: readonly Variant[] = [
  { family: "buddies", policy: { kind: "buddy" } },
  { family: "buddies", policy: { kind: "buddy", smallest: 32 } },
];
