/** From a trace's operations to those of the heap's interface, by running a heap that decides which requests fail. */
import {
  OperationCode,
  type HeapOperations,
  type OptionalOperation,
  type Trace,
  type TraceOperation,
} from "./operation.js";

/** The heap that decides: the reference. Payloads are offsets, -1 for NULL; sizes bytes, 0 to 2^32 - 1. */
export interface LoweringHeap {
  /** @param operation index of this operation in the lowered sequence */
  malloc(size: number, operation: number): number;
  /** @param offset of a live payload, or -1 for NULL. */
  free(offset: number): void;
  /** Functions the interface lacks are left out: operations that ask for them become mallocs and frees. */
  calloc?(size: number, operation: number): number;
  /** @returns -1 where the old block stays, and where a size of 0 freed it. */
  realloc?(offset: number, size: number, operation: number): number;
  alignedAlloc?(alignment: number, size: number, operation: number): number;
  /** Whether a realloc to 0 bytes that gives NULL has freed the block. */
  readonly reallocToNothingFrees?: boolean;
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
 * Without functions of their own, calloc and aligned allocations are malloc (`checkTraceFits` refuses alignments beyond
 * the heap's), and realloc is malloc of the new size, then free of the old block; where malloc gives NULL the old block
 * stays. That holds for a new size of 0 as well: with `zeroSize: "null"` it leaves the block as it is. Where the old
 * block is NULL, because its own request failed, realloc is malloc alone, as in C. A free of a block whose request
 * failed is kept: it is free(NULL).
 *
 * The trace must be sound: ids are live where they are freed or reallocated, as `parseTrace` makes sure.
 */
export function lowerTrace(trace: Trace, heap: LoweringHeap): LoweredTrace {
  return new Lowering(trace, heap).run();
}

class Lowering {
  readonly #kind: Uint8Array;
  readonly #argument: Uint32Array;
  readonly #second: Uint32Array;
  readonly #outcomes: Int32Array;
  readonly #origin: Uint32Array;
  /** Of each slot's block: the lowered operation that allocated it. */
  readonly #allocator: Int32Array;
  readonly #slotOf: (id: number) => number;
  #length = 0;

  constructor(
    private readonly trace: Trace,
    private readonly heap: LoweringHeap,
  ) {
    const most = trace.operations.reduce((sum, { kind }) => sum + (kind === "realloc" ? 2 : 1), 0);
    this.#kind = new Uint8Array(most);
    this.#argument = new Uint32Array(most);
    this.#second = new Uint32Array(most);
    this.#outcomes = new Int32Array(most);
    this.#origin = new Uint32Array(most);
    const slots = slotNumbers(trace);
    this.#slotOf = (id) => slots.of(id);
    this.#allocator = new Int32Array(slots.count).fill(noBlock);
  }

  run(): LoweredTrace {
    for (const [from, operation] of this.trace.operations.entries()) this.#lower(operation, from);
    const length = this.#length;
    const second = this.#second.subarray(0, length);
    return {
      operations: {
        length,
        kind: this.#kind.subarray(0, length),
        argument: this.#argument.subarray(0, length),
        ...(second.some((value) => value !== 0) ? { second } : {}),
      },
      outcomes: this.#outcomes.subarray(0, length),
      origin: this.#origin.subarray(0, length),
    };
  }

  #lower(operation: TraceOperation, from: number): void {
    const { heap } = this;
    const slot = this.#slotOf(operation.id);
    const current = this.#allocator[slot] ?? noBlock;
    const index = this.#length;
    switch (operation.kind) {
      case "malloc":
        this.#allocator[slot] = this.#malloc(operation.size, from);
        return;
      case "calloc": {
        const { size } = operation;
        if (heap.calloc === undefined) this.#allocator[slot] = this.#malloc(size, from);
        else this.#allocator[slot] = this.#add("calloc", from, size, heap.calloc(size, index));
        return;
      }
      case "aligned": {
        const { size, alignment } = operation;
        if (heap.alignedAlloc === undefined) this.#allocator[slot] = this.#malloc(size, from);
        else {
          const outcome = heap.alignedAlloc(alignment, size, index);
          this.#allocator[slot] = this.#add("alignedAlloc", from, size, outcome, alignment);
        }
        return;
      }
      case "realloc":
        if (heap.realloc === undefined) this.#reallocByMoving(slot, current, operation.size, from);
        else {
          const outcome = heap.realloc(this.#outcomes[current] ?? noBlock, operation.size, index);
          const replacement = this.#add("realloc", from, operation.size, outcome, current);
          const freed = operation.size === 0 && heap.reallocToNothingFrees === true;
          if (outcome !== noBlock || freed) this.#allocator[slot] = replacement;
        }
        return;
      case "free":
        this.#free(current, from);
    }
  }

  #reallocByMoving(slot: number, current: number, size: number, from: number): void {
    const replacement = this.#malloc(size, from);
    if (this.#outcomes[replacement] === noBlock) return;
    if (this.#outcomes[current] !== noBlock) this.#free(current, from);
    this.#allocator[slot] = replacement;
  }

  #malloc(size: number, from: number): number {
    return this.#append(OperationCode.malloc, from, size, this.heap.malloc(size, this.#length), 0);
  }

  #free(allocatedBy: number, from: number): void {
    this.heap.free(this.#outcomes[allocatedBy] ?? noBlock);
    this.#append(OperationCode.free, from, allocatedBy, outcomeOfFree, 0);
  }

  #add(name: OptionalOperation, from: number, size: number, outcome: number, second = 0): number {
    return this.#append(OperationCode[name], from, size, outcome, second);
  }

  /** The index of the new operation. */
  #append(code: number, from: number, argument: number, outcome: number, second: number): number {
    const index = this.#length++;
    this.#kind[index] = code;
    this.#argument[index] = argument;
    this.#second[index] = second;
    this.#outcomes[index] = outcome;
    this.#origin[index] = from;
    return index;
  }
}

/** Whether its operations depend on which requests fail: it is realloc that then leaves its block, or allocates one. */
export const dependsOnFailures = ({ operations }: Trace): boolean =>
  operations.some(({ kind }) => kind === "realloc");

/** A place in an array for each id: the id itself where ids are dense, as recorders and generators number them. */
function slotNumbers(trace: Trace): { readonly count: number; of(id: number): number } {
  const largest = trace.operations.reduce((most, { id }) => Math.max(most, id), 0);
  if (largest < 4 * trace.operations.length + 1024) return { count: largest + 1, of: (id) => id };
  const numbers = new Map<number, number>();
  for (const { id } of trace.operations) if (!numbers.has(id)) numbers.set(id, numbers.size);
  return { count: numbers.size, of: (id) => numbers.get(id) ?? 0 };
}
