/** What a trace needs at least. */
import type { Trace } from "./operation.js";

/**
 * Most bytes live at once: no heap below this serves the trace.
 *
 * @param bothBlocks whether a realloc counts its old and its new block, as where it is malloc and free
 */
export function peakBytes(trace: Trace, bothBlocks = true): number {
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
    peak = Math.max(peak, bothBlocks ? live : live - before);
    live -= before;
    sizes.set(operation.id, operation.size);
  }
  return peak;
}
