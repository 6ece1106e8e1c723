/** A trace made into operations that both sides can execute. */
import type { Plan } from "../plan/plan.js";
import { calloc } from "../reference/calloc.js";
import { lowerTrace, type LoweringHeap } from "../traces/lower.js";
import type { HeapOperations, Trace } from "../traces/operation.js";
import { tagMask } from "./equivalence.js";

const noBlock = -1;

/**
 * A trace as operations both sides execute: those of the interface that is generated. Where a realloc fails depends on
 * the plan, and for aligned allocations on where the heap begins.
 */
export function lowered(plan: Plan, trace: Trace, heapAddress = 0): HeapOperations {
  return lowerTrace(trace, loweringHeap(plan, heapAddress)).operations;
}

/** The plan's reference with an empty heap, as the one that decides which requests fail. */
export function loweringHeap(plan: Plan, heapAddress = 0): LoweringHeap {
  const heap = plan.rules.reference(plan);
  const mask = tagMask(plan);
  const { api } = plan;
  return {
    malloc: (size, operation) => heap.malloc(size, (operation & mask) >>> 0).payload,
    free: (payload) => void heap.free(payload),
    ...(api.calloc ? { calloc: (size) => calloc(plan, heap, size).payload } : {}),
    ...(api.realloc
      ? { realloc: (payload, size) => heap.realloc?.(payload, size, heapAddress).payload ?? noBlock }
      : {}),
    ...(api.alignedAlloc
      ? {
          alignedAlloc: (alignment, size) =>
            heap.alignedAlloc?.(alignment, size, heapAddress).payload ?? noBlock,
        }
      : {}),
    reallocToNothingFrees: plan.zeroSize === "null",
  };
}
