/** From a trace's five operations to the two both heaps know, by running a heap that decides which requests fail. */
import { OperationCode, type HeapOperations, type Trace } from "./operation.js";

/** The heap that decides: the reference. */
export interface LoweringHeap {
  /**
   * @param size bytes, 0 to 2^32 - 1
   * @param operation index of this operation in the lowered sequence
   * @returns offset of the payload, -1 for NULL
   */
  malloc(size: number, operation: number): number;
  /** @param offset of a live payload, or -1 for NULL. */
  free(offset: number): void;
}

export interface LoweredTrace {
  readonly operations: HeapOperations;
  /** Of each operation: the payload's offset, -1 for NULL; -2 for a free. */
  readonly outcomes: Int32Array;
  /** Of each operation: the index of the trace's operation it comes from. */
  readonly origin: Uint32Array;
}

/** `outcomes` of a free. */
export const outcomeOfFree = -2;
const noBlock = -1;

/**
 * calloc is malloc. An aligned allocation is malloc too: `checkTraceFits` refuses alignments beyond the heap's.
 * realloc is malloc of the new size, then free of the old block; where malloc gives NULL the old block stays. That
 * holds for a new size of 0 as well: with `zeroSize: "null"` it leaves the block as it is. Where the old block is
 * NULL, because its own request failed, realloc is malloc alone, as in C. A free of a block whose request failed is
 * kept: it is free(NULL).
 *
 * The trace must be sound: ids are live where they are freed or reallocated, as `parseTrace` makes sure.
 */
export function lowerTrace(trace: Trace, heap: LoweringHeap): LoweredTrace {
  const { operations } = trace;
  const slots = slotNumbers(trace);
  const most = operations.reduce((sum, { kind }) => sum + (kind === "realloc" ? 2 : 1), 0);
  const kind = new Uint8Array(most);
  const argument = new Uint32Array(most);
  const outcomes = new Int32Array(most);
  const origin = new Uint32Array(most);
  /** Of each slot's block: the lowered operation that allocated it. */
  const allocator = new Int32Array(slots.count).fill(noBlock);
  let length = 0;

  const malloc = (size: number, from: number): number => {
    const index = length++;
    const offset = heap.malloc(size, index);
    kind[index] = OperationCode.malloc;
    argument[index] = size;
    outcomes[index] = offset;
    origin[index] = from;
    return index;
  };
  const free = (allocatedBy: number, from: number): void => {
    const index = length++;
    heap.free(outcomes[allocatedBy] ?? noBlock);
    kind[index] = OperationCode.free;
    argument[index] = allocatedBy;
    outcomes[index] = outcomeOfFree;
    origin[index] = from;
  };

  for (let from = 0; from < operations.length; from++) {
    const operation = operations[from];
    if (operation === undefined) break;
    const slot = slots.of(operation.id);
    const current = allocator[slot] ?? noBlock;
    switch (operation.kind) {
      case "malloc":
      case "calloc":
      case "aligned":
        allocator[slot] = malloc(operation.size, from);
        break;
      case "realloc": {
        const replacement = malloc(operation.size, from);
        if (outcomes[replacement] === noBlock) break;
        if (outcomes[current] !== noBlock) free(current, from);
        allocator[slot] = replacement;
        break;
      }
      case "free":
        free(current, from);
        break;
    }
  }
  return {
    operations: { length, kind: kind.subarray(0, length), argument: argument.subarray(0, length) },
    outcomes: outcomes.subarray(0, length),
    origin: origin.subarray(0, length),
  };
}

/** A place in an array for each id: the id itself where ids are dense, as recorders and generators number them. */
function slotNumbers(trace: Trace): { readonly count: number; of(id: number): number } {
  const largest = trace.operations.reduce((most, { id }) => Math.max(most, id), 0);
  if (largest < 4 * trace.operations.length + 1024) return { count: largest + 1, of: (id) => id };
  const numbers = new Map<number, number>();
  for (const { id } of trace.operations) if (!numbers.has(id)) numbers.set(id, numbers.size);
  return { count: numbers.size, of: (id) => numbers.get(id) ?? 0 };
}
