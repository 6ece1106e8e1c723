/** A trace made into operations that both sides can execute. */
import type { Plan } from "../plan/plan.js";
import { policyFor } from "../policies/registry.js";
import { lowerTrace } from "../traces/lower.js";
import type { HeapOperations, Trace } from "../traces/operation.js";
import { tagMask } from "./compare.js";

/** A trace as operations both sides execute: where a realloc fails depends on the plan. */
export function lowered(plan: Plan, trace: Trace): HeapOperations {
  const heap = policyFor(plan.policy).reference(plan);
  const mask = tagMask(plan);
  return lowerTrace(trace, {
    malloc: (size, operation) => heap.malloc(size, (operation & mask) >>> 0).payload,
    free: (payload) => void heap.free(payload),
  }).operations;
}
