/** A trace made into operations that both sides can execute. */
import type { Plan } from "../plan/plan.js";
import { calloc } from "../reference/calloc.js";
import type { Path } from "../reference/path.js";
import type { Outcome } from "../reference/reference-heap.js";
import { dependsOnFailures, lowerTrace, type LoweringHeap } from "../traces/lower.js";
import type { HeapOperations, Trace } from "../traces/operation.js";
import { tagMask } from "./equivalence.js";

const noBlock = -1;

/**
 * A trace as operations both sides execute: those of the interface that is generated. Where a realloc fails depends on
 * the plan, and for aligned allocations on where the heap begins.
 */
export function lowered(plan: Plan, trace: Trace, heapAddress = 0): HeapOperations {
  // To run the reference takes longer than all else here, and most recordings do not ask for it.
  const heap = dependsOnFailures(trace) ? loweringHeap(plan, heapAddress) : servesAll(plan);
  return lowerTrace(trace, heap).operations;
}

/** Functions of the interface, and no block that is anybody's. */
function servesAll({ api }: Plan): LoweringHeap {
  const serve = (): number => 0;
  return {
    malloc: serve,
    free: () => undefined,
    ...(api.calloc ? { calloc: serve } : {}),
    ...(api.alignedAlloc ? { alignedAlloc: serve } : {}),
  };
}

/** The same, and the path of each operation: it is the reference that decides, so it has gone them all. */
export function loweredWithPaths(
  plan: Plan,
  trace: Trace,
  heapAddress: number,
): { readonly operations: HeapOperations; readonly paths: readonly Path[] } {
  const paths: Path[] = [];
  const { operations } = lowerTrace(
    trace,
    loweringHeap(plan, heapAddress, (path) => paths.push(path)),
  );
  return { operations, paths };
}

/**
 * The plan's reference with an empty heap, as the one that decides which requests fail.
 * @param went told the path of each operation
 */
export function loweringHeap(
  plan: Plan,
  heapAddress = 0,
  went: (path: Path) => void = () => undefined,
): LoweringHeap {
  const heap = plan.rules.reference(plan);
  const mask = tagMask(plan);
  const { api } = plan;
  const payloadOf = ({ payload, path }: Outcome): number => {
    went(path);
    return payload;
  };
  const optional = (outcome: Outcome | undefined): number =>
    outcome === undefined ? noBlock : payloadOf(outcome);
  return {
    malloc: (size, operation) => payloadOf(heap.malloc(size, (operation & mask) >>> 0)),
    free: (payload) => void payloadOf(heap.free(payload)),
    ...(api.calloc ? { calloc: (size) => payloadOf(calloc(plan, heap, size)) } : {}),
    ...(api.realloc
      ? { realloc: (payload, size) => optional(heap.realloc?.(payload, size, heapAddress)) }
      : {}),
    ...(api.alignedAlloc
      ? { alignedAlloc: (alignment, size) => optional(heap.alignedAlloc?.(alignment, size, heapAddress)) }
      : {}),
    reallocToNothingFrees: plan.zeroSize === "null",
  };
}
