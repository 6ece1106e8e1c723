/** Whether a plan's reference serves a whole trace. */
import type { Plan } from "../plan/plan.js";
import { lowerTrace, type LoweringHeap } from "../traces/lower.js";
import type { Trace } from "../traces/operation.js";
import { loweringHeap } from "../verify/lowered.js";

const noBlock = -1;

/**
 * The operation of the trace whose request is the first to get NULL; undefined where all are served. A request for
 * nothing may get NULL.
 *
 * @param ownRealloc false: reallocs are mallocs and frees, even where the plan has a realloc
 */
export function firstRefused(plan: Plan, trace: Trace, ownRealloc: boolean): number | undefined {
  return firstRefusedBy(loweringHeap(plan), trace, ownRealloc);
}

/** The same of any heap, empty. */
export function firstRefusedBy(heap: LoweringHeap, trace: Trace, ownRealloc: boolean): number | undefined {
  let refused: number | undefined;
  /** From the first refusal on nothing is worth running. */
  const asked = (size: number, operation: number, ask: () => number): number => {
    if (refused !== undefined) return noBlock;
    const payload = ask();
    if (payload === noBlock && size > 0) refused = operation;
    return payload;
  };
  const watched: LoweringHeap = {
    malloc: (size, operation) => asked(size, operation, () => heap.malloc(size, operation)),
    free: (payload) => {
      if (refused === undefined) heap.free(payload);
    },
    ...(heap.calloc === undefined
      ? {}
      : {
          calloc: (size, operation) =>
            asked(size, operation, () => heap.calloc?.(size, operation) ?? noBlock),
        }),
    ...(heap.realloc === undefined || !ownRealloc
      ? {}
      : {
          realloc: (payload, size, operation) =>
            asked(size, operation, () => heap.realloc?.(payload, size, operation) ?? noBlock),
        }),
    ...(heap.alignedAlloc === undefined
      ? {}
      : {
          alignedAlloc: (alignment, size, operation) =>
            asked(size, operation, () => heap.alignedAlloc?.(alignment, size, operation) ?? noBlock),
        }),
    reallocToNothingFrees: heap.reallocToNothingFrees === true,
  };
  const { origin } = lowerTrace(trace, watched);
  return refused === undefined ? undefined : origin[refused];
}
