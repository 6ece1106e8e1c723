/** calloc of one element: malloc, then zeros. The same for every policy. */
import type { Plan } from "../plan/plan.js";
import { SharedLoop } from "./path-trail.js";
import type { Outcome, ReferenceHeap } from "./reference-heap.js";

/** @param size bytes, 0 to 2^32 - 1 */
export function calloc(plan: Plan, heap: ReferenceHeap, size: number): Outcome {
  const { trail } = heap;
  const { payload } = heap.malloc(size, 0);
  // Whether the product can be computed, which takes a look at which factor is the larger one: of 1 and 1 neither is.
  trail.choice(size < 2 ? size : size <= plan.maximumRequestBytes ? 2 : 3);
  if (payload >= 0) {
    // Words end with the payload where headers are whole words; else bytes are left that a word would go beyond.
    const whole = plan.header.bytes % 4 === 0 && plan.hardening?.guard === undefined;
    trail.choice(whole ? 0 : size % 4);
    trail.iterations(SharedLoop.cleared, whole ? Math.ceil(size / 4) : Math.floor(size / 4));
  }
  return { payload, path: trail.path() };
}
