/** Operations over several heaps, executed by their reference one after the other. */
import { operationName, secondArgument, type HeapOperations } from "../../traces/operation.js";
import type { MultiHeapOutcome, Placed, ReferenceMultiHeap } from "./reference.js";

export interface MultiHeapOperations extends HeapOperations {
  /** What operation i asks for stands at i modulo the length, which is a power of two. */
  readonly capabilities: readonly number[];
  /** As of any heap's operations. */
  readonly second: Uint32Array;
}

export class MultiHeapRun {
  /** Reallocations that took a block to another heap. */
  moved = 0;
  /** The block of each operation that got one and was not asked for another since. */
  readonly #blocks = new Map<number, Placed>();

  /** @param addresses where the heaps begin, in the order in which they are tried */
  constructor(
    readonly reference: ReferenceMultiHeap,
    private readonly operations: MultiHeapOperations,
    private readonly addresses: readonly number[],
  ) {}

  /** What operation `index` gets; undefined for a free. Operations are executed in their order. */
  execute(index: number): MultiHeapOutcome | undefined {
    const { operations, reference } = this;
    const argument = operations.argument[index] ?? 0;
    const wanted = operations.capabilities[index % operations.capabilities.length] ?? 0;
    const second = secondArgument(operations, index);
    switch (operationName(operations.kind[index] ?? 0)) {
      case "malloc":
        return this.#keep(index, reference.malloc(argument, wanted));
      case "calloc":
        return this.#keep(index, reference.calloc(argument, wanted));
      case "alignedAlloc":
        return this.#keep(index, reference.alignedAlloc(second, argument, wanted, this.addresses));
      case "realloc": {
        const before = this.#blocks.get(second);
        const outcome = reference.realloc(before, argument, wanted, this.addresses);
        if (outcome.kind === "served" || outcome.kind === "freed") this.#blocks.delete(second);
        if (outcome.kind === "served" && before !== undefined && before.heap !== outcome.placed.heap) {
          this.moved += 1;
        }
        return this.#keep(index, outcome);
      }
      case "free":
        reference.free(this.#blocks.get(argument));
        this.#blocks.delete(argument);
        return undefined;
    }
  }

  /** Blocks that nobody has given back. */
  live(): Iterable<Placed> {
    return this.#blocks.values();
  }

  #keep(index: number, outcome: MultiHeapOutcome): MultiHeapOutcome {
    if (outcome.kind === "served") this.#blocks.set(index, outcome.placed);
    return outcome;
  }
}
