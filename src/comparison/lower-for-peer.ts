/** A trace as mallocs and frees for an allocator that has no reference: only running it tells which requests fail. */
import { lowerTrace, type LoweredTrace } from "../traces/lower.js";
import type { Trace, TraceOperation } from "../traces/operation.js";

/** @param failing lowered operations that are known to give NULL; the others are taken to succeed. */
export function lowerForPeer(trace: Trace, failing: ReadonlySet<number>): LoweredTrace {
  let given = 0;
  return lowerTrace(trace, {
    malloc: (_size, operation) => (failing.has(operation) ? -1 : given++),
    free: () => undefined,
  });
}

/**
 * The first operation of [from, to) that failed where the lowering took it to succeed and depends on that: a realloc
 * keeps its old block then. Undefined where there is none.
 */
export function unforeseenFailure(
  lowered: LoweredTrace,
  trace: Trace,
  results: Uint32Array,
  from: number,
  to: number,
): number | undefined {
  const { outcomes, origin } = lowered;
  for (let index = from; index < to; index++) {
    if (results[index] !== 0 || (outcomes[index] ?? 0) < 0) continue;
    if (trace.operations[origin[index] ?? 0]?.kind === "realloc") return index;
  }
  return undefined;
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
