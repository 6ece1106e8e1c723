/** calloc of one element: malloc, then zeros. The same for every policy. */
import type { Plan } from "../plan/plan.js";
import { extendedPath, SharedLoop } from "./path-trail.js";
import type { Outcome, ReferenceHeap } from "./reference-heap.js";

/** @param size bytes, 0 to 2^32 - 1 */
export function calloc(plan: Plan, heap: ReferenceHeap, size: number): Outcome {
  const { payload, path } = heap.malloc(size, 0);
  // Whether the product can be computed, which takes a look at which factor is the larger one: of 1 and 1 neither is.
  const choice = { way: size < 2 ? size : size <= plan.maximumRequestBytes ? 2 : 3, of: 4 };
  if (payload < 0) return { payload, path: extendedPath(path, choice) };
  // Words end with the payload where headers are whole words; else bytes are left that a word would go beyond.
  const whole = plan.header.bytes % 4 === 0;
  const words = whole ? Math.ceil(size / 4) : Math.floor(size / 4);
  const rest = { way: whole ? 0 : size % 4, of: 4 };
  return {
    payload,
    path: extendedPath(extendedPath(path, choice), rest, { [SharedLoop.cleared]: words }),
  };
}
