/** A trace's blocks: each from its allocation to its free has a number of its own, where ids are used again. */
import type { Trace, TraceOperation } from "../operation.js";

export interface Blocks {
  /** The same operations; `id` is the block's number, in the order of allocation from 0 on. */
  readonly operations: readonly TraceOperation[];
  /** Of each block, the most bytes it ever has. */
  readonly largest: readonly number[];
}

/** The trace must be sound, as `parseTrace` makes sure. */
export function blocksOf(trace: Trace): Blocks {
  const current = new Map<number, number>();
  const largest: number[] = [];
  const operations = trace.operations.map((operation): TraceOperation => {
    const isNew = operation.kind !== "free" && operation.kind !== "realloc";
    const id = isNew ? largest.push(0) - 1 : (current.get(operation.id) ?? 0);
    current.set(operation.id, id);
    if (operation.kind !== "free") largest[id] = Math.max(largest[id] ?? 0, operation.size);
    return { ...operation, id };
  });
  return { operations, largest };
}
