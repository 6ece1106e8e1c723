/** A trace as mallocs and frees for an allocator that has no reference: only running it tells which requests fail. */
import { lowerTrace, type LoweredTrace } from "../traces/lower.js";
import { OperationCode, secondArgument, type Trace, type TraceOperation } from "../traces/operation.js";

/**
 * @param ownRealloc whether reallocs are the allocator's own; otherwise they are mallocs and frees
 * @param failing operations of the trace that are known to give NULL; the others are taken to succeed
 */
export function lowerForPeer(
  trace: Trace,
  ownRealloc: boolean,
  failing: ReadonlySet<number> = new Set(),
): LoweredTrace {
  let given = 0;
  let from = 0;
  const { operations } = trace;
  // Each operation but a free asks for one block, and none but a free asks for nothing.
  const next = (): number => {
    while (operations[from]?.kind === "free") from++;
    return from++;
  };
  const ask = (): number => (failing.has(next()) ? -1 : given++);
  return lowerTrace(trace, { malloc: ask, free: () => undefined, ...(ownRealloc ? { realloc: ask } : {}) });
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

/** Whether a lowered operation asks for the new block of a realloc. */
function isRealloc({ operations, origin }: LoweredTrace, trace: Trace, index: number): boolean {
  const isFree = operations.kind[index] === OperationCode.free;
  return !isFree && trace.operations[origin[index] ?? 0]?.kind === "realloc";
}

/** The operation that allocated the old block of the realloc whose request is lowered operation `index`. */
export function oldBlock({ operations, origin }: LoweredTrace, index: number): number | undefined {
  if (operations.kind[index] === OperationCode.realloc) return secondArgument(operations, index);
  return origin[index + 1] === origin[index] ? operations.argument[index + 1] : undefined;
}

/** Ends of batches such that each request of a realloc is the last operation of its batch. */
export function batchesByRealloc(lowered: LoweredTrace, trace: Trace): readonly number[] {
  const { length } = lowered.operations;
  const ends: number[] = [];
  for (let index = 0; index < length; index++) if (isRealloc(lowered, trace, index)) ends.push(index + 1);
  return ends.at(-1) === length ? ends : [...ends, length];
}

/** Whether an allocator's own realloc can be replayed: what it does with a size of 0 is its own business. */
export const canUseRealloc = ({ operations }: Trace): boolean =>
  !operations.some((operation) => operation.kind === "realloc" && operation.size === 0);

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
