/** Whether a plan's reference serves a whole trace. */
import type { Plan } from "../plan/plan.js";
import { policyFor } from "../policies/registry.js";
import { lowerTrace } from "../traces/lower.js";
import type { Trace } from "../traces/operation.js";

/** The operation of the trace whose request is the first to get NULL; undefined where all are served. */
export function firstRefused(plan: Plan, trace: Trace): number | undefined {
  const heap = policyFor(plan.policy).reference(plan);
  let refused: number | undefined;
  const lowered = lowerTrace(trace, {
    malloc: (size, operation) => {
      if (refused !== undefined) return -1;
      const { payload } = heap.malloc(size, 0);
      if (payload < 0) refused = operation;
      return payload;
    },
    free: (payload) => {
      if (refused === undefined) heap.free(payload);
    },
  });
  return refused === undefined ? undefined : lowered.origin[refused];
}
