/** What a trace needs at least. */
import type { Trace } from "./operation.js";

/** Most bytes live at once: no heap below this serves the trace. A realloc counts its old and its new block. */
export function peakBytes(trace: Trace): number {
  const sizes = new Map<number, number>();
  let live = 0;
  let peak = 0;
  for (const operation of trace.operations) {
    const before = sizes.get(operation.id) ?? 0;
    if (operation.kind === "free") {
      live -= before;
      sizes.delete(operation.id);
      continue;
    }
    live += operation.size;
    peak = Math.max(peak, live);
    live -= before;
    sizes.set(operation.id, operation.size);
  }
  return peak;
}
