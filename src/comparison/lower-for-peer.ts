/** A trace as mallocs and frees for an allocator that has no reference: only running it tells which requests fail. */
import { lowerTrace, type LoweredTrace } from "../traces/lower.js";
import { OperationCode, type Trace, type TraceOperation } from "../traces/operation.js";

/** @param failing operations of the trace that are known to give NULL; the others are taken to succeed. */
export function lowerForPeer(trace: Trace, failing: ReadonlySet<number>): LoweredTrace {
  let given = 0;
  let from = 0;
  const { operations } = trace;
  // Each operation but a free asks for one block, and none but a free asks for nothing.
  const next = (): number => {
    while (operations[from]?.kind === "free") from++;
    return from++;
  };
  return lowerTrace(trace, {
    malloc: () => (failing.has(next()) ? -1 : given++),
    free: () => undefined,
  });
}

/** Lowered mallocs of [from, to) that failed where the lowering took them to succeed. */
export function unforeseenFailures(
  { outcomes }: LoweredTrace,
  results: Uint32Array,
  from: number,
  to: number,
): readonly number[] {
  const failed: number[] = [];
  for (let index = from; index < to; index++) {
    if (results[index] === 0 && (outcomes[index] ?? 0) >= 0) failed.push(index);
  }
  return failed;
}

/** Whether it matters which requests of a trace fail: a realloc that fails keeps its block, one of NULL frees none. */
export const dependsOnFailures = ({ operations }: Trace): boolean =>
  operations.some(({ kind }) => kind === "realloc");

/** Whether a lowered operation is the malloc of a realloc. */
function isRealloc({ operations, origin }: LoweredTrace, trace: Trace, index: number): boolean {
  const isMalloc = operations.kind[index] === OperationCode.malloc;
  return isMalloc && trace.operations[origin[index] ?? 0]?.kind === "realloc";
}

/** Ends of batches such that each malloc of a realloc is the last operation of its batch. */
export function batchesByRealloc(lowered: LoweredTrace, trace: Trace): readonly number[] {
  const { length } = lowered.operations;
  const ends: number[] = [];
  for (let index = 0; index < length; index++) if (isRealloc(lowered, trace, index)) ends.push(index + 1);
  return ends.at(-1) === length ? ends : [...ends, length];
}

/** The trace, and behind it a free of every block it leaves: checks that are made at a free are then made of all. */
export function withFrees(trace: Trace): Trace {
  const live = new Set<number>();
  for (const { kind, id } of trace.operations) {
    if (kind === "free") live.delete(id);
    else live.add(id);
  }
  const frees = [...live].map((id): TraceOperation => ({ kind: "free", id }));
  return { ...trace, operations: [...trace.operations, ...frees] };
}
