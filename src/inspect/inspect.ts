/** A dump of a heap's memory to what stands in it, and what is wrong with it. */
import type { Plan } from "../plan/plan.js";
import type { Inspection } from "./inspection.js";

/**
 * Reads the heap of a plan. Never throws on any content: what cannot be is damage.
 *
 * @param memory the heap's bytes, `plan.heapBytes` of them
 */
export function inspect(plan: Plan, memory: Uint8Array): Inspection {
  return plan.rules.inspect(plan, new DataView(memory.buffer, memory.byteOffset, plan.heapBytes));
}
