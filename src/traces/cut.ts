/** A part of a trace. */
import { notesAt, TraceBuilder } from "./build.js";
import type { Trace, TraceOperation } from "./operation.js";

export interface CutOptions {
  /** First operation that is kept, from 1. */
  readonly from: number;
  /** Last one, not before the first. */
  readonly to: number;
  /**
   * What becomes of blocks that are live before the first: "allocate" has them allocated at the start, the oldest first,
   * with the sizes that they have by then; "drop" leaves out whatever is done to them.
   */
  readonly live: "allocate" | "drop";
}

type Allocation = Extract<TraceOperation, { readonly kind: "malloc" | "calloc" | "aligned" }>;

export function cutTrace(trace: Trace, { from, to, live }: CutOptions): Trace {
  const builder = new TraceBuilder();
  const at = notesAt(trace);
  const before = liveAfter(trace.operations.slice(0, from - 1));
  const dropped = new Set(live === "drop" ? before.keys() : []);
  if (live === "allocate") {
    for (const { operation, index } of before.values()) builder.add(operation, { tag: at(index).tag });
  }
  const end = Math.min(to, trace.operations.length);
  for (let index = from - 1; index < end; index++) {
    const operation = trace.operations[index];
    if (operation === undefined) break;
    const { time, tag, failed } = at(index);
    for (const request of failed) builder.fail(request);
    if (dropped.has(operation.id)) {
      if (operation.kind === "free") dropped.delete(operation.id);
    } else builder.add(operation, { time, tag });
  }
  const known = [...trace.header].filter(([key]) => !counted.has(key));
  const cut = [
    ["cut", `operations ${from} to ${end} of ${trace.operations.length}`],
    ...(live === "allocate" && before.size > 0
      ? [["live_before_cut", `${before.size} blocks, allocated first`]]
      : []),
  ] as const;
  return builder.build(
    trace.name,
    new Map([...known, ...cut.map(([key = "", text = ""]) => [key, text] as const)]),
  );
}

/** Header lines of a recording that count what is in it. */
const counted: ReadonlySet<string> = new Set([
  "op_counts",
  "peak_live_bytes",
  "live_blocks_at_peak",
  "max_live_blocks",
  "largest_request",
  "ids",
  "events",
]);

/** How each block that is live was allocated, and with which size it would be now; the oldest first. */
function liveAfter(
  operations: readonly TraceOperation[],
): ReadonlyMap<number, { readonly operation: Allocation; readonly index: number }> {
  const live = new Map<number, { operation: Allocation; index: number }>();
  for (const [index, operation] of operations.entries()) {
    switch (operation.kind) {
      case "malloc":
      case "calloc":
      case "aligned":
        live.set(operation.id, { operation, index });
        break;
      case "realloc": {
        const block = live.get(operation.id);
        if (block !== undefined) block.operation = { ...block.operation, size: operation.size };
        break;
      }
      case "free":
        live.delete(operation.id);
    }
  }
  return live;
}
