/** A trace over several heaps: their reference decides which requests fail. */
import { lowerTrace, type LoweringHeap } from "../../traces/lower.js";
import type { Trace } from "../../traces/operation.js";
import type { MultiHeapPlan } from "./plan.js";
import { ReferenceMultiHeap, type MultiHeapOutcome, type Placed } from "./reference.js";
import type { MultiHeapOperations } from "./run.js";

const noBlock = -1;

/**
 * The reference of all heaps, empty, as one: the heaps' offsets follow each other.
 * @param addresses where each heap begins; aligned allocations depend on it
 */
export function loweringFront(
  multiHeap: MultiHeapPlan,
  addresses: readonly number[] = multiHeap.heaps.map(() => 0),
): LoweringHeap {
  const reference = new ReferenceMultiHeap(multiHeap);
  const ends: number[] = [];
  for (const { plan } of multiHeap.heaps) ends.push((ends.at(-1) ?? 0) + plan.heapBytes);
  const startOf = (heap: number): number => ends[heap - 1] ?? 0;
  const offsetOf = (outcome: MultiHeapOutcome): number =>
    outcome.kind === "served" ? startOf(outcome.placed.heap) + outcome.placed.payload : noBlock;
  const placedAt = (offset: number): Placed | undefined => {
    if (offset === noBlock) return undefined;
    const heap = ends.findIndex((end) => offset < end);
    return { heap, payload: offset - startOf(heap) };
  };
  const { api, heaps } = multiHeap;
  return {
    malloc: (size) => offsetOf(reference.malloc(size, 0)),
    free: (offset) => reference.free(placedAt(offset)),
    ...(api.calloc ? { calloc: (size) => offsetOf(reference.calloc(size, 0)) } : {}),
    ...(api.realloc
      ? { realloc: (offset, size) => offsetOf(reference.realloc(placedAt(offset), size, 0, addresses)) }
      : {}),
    ...(api.alignedAlloc
      ? {
          alignedAlloc: (alignment, size) => offsetOf(reference.alignedAlloc(alignment, size, 0, addresses)),
        }
      : {}),
    reallocToNothingFrees: heaps.every(({ plan }) => plan.zeroSize === "null"),
  };
}

/** The operations of a trace, of the functions that the front has. @param addresses as for `loweringFront` */
export function lowerOverAll(
  multiHeap: MultiHeapPlan,
  trace: Trace,
  addresses: readonly number[],
): MultiHeapOperations {
  const { operations } = lowerTrace(trace, loweringFront(multiHeap, addresses));
  const { second = new Uint32Array(operations.length) } = operations;
  return { ...operations, second, capabilities: [0] };
}
