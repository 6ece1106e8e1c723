/** A dump of a heap's memory to what stands in it, and what is wrong with it. */
import type { Plan } from "../plan/plan.js";
import { policyFor } from "../policies/registry.js";
import { inspectBitmap } from "./inspect-bitmap.js";
import { inspectBuddy } from "./inspect-buddy.js";
import { inspectBump } from "./inspect-bump.js";
import { inspectHeaders } from "./inspect-headers.js";
import { inspectPool } from "./inspect-pool.js";
import type { Inspection } from "./inspection.js";

/**
 * Reads the heap of a plan. Never throws on any content: what cannot be is damage.
 *
 * @param memory the heap's bytes, `plan.heapBytes` of them
 */
export function inspect(plan: Plan, memory: Uint8Array): Inspection {
  const layout = policyFor(plan.policy).layout(plan);
  const heap = new DataView(memory.buffer, memory.byteOffset, plan.heapBytes);
  switch (layout.kind) {
    case "headers":
      return inspectHeaders(layout, plan.policy, heap);
    case "bump":
      return inspectBump(layout, heap);
    case "bitmap":
      return inspectBitmap(layout, heap);
    case "buddy":
      return inspectBuddy(layout, heap);
    case "pool":
      return inspectPool(layout, heap);
  }
}
