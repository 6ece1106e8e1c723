/** A dump of a heap's memory to what stands in it, and what is wrong with it. */
import type { Plan } from "../plan/plan.js";
import type { Inspection, OperationUnderWay } from "./inspection.js";

/**
 * Reads the heap of a plan. Never throws on any content: what cannot be is damage.
 *
 * @param memory the heap's bytes, `plan.heapBytes` of them
 */
export const inspect = (plan: Plan, memory: Uint8Array): Inspection =>
  plan.rules.inspect(plan, viewOf(plan, memory));

const viewOf = ({ heapBytes }: Plan, memory: Uint8Array): DataView =>
  new DataView(memory.buffer, memory.byteOffset, heapBytes);

/**
 * The operation that may have been under way when the memory was read, where one leaves all that is wrong with it.
 * Undefined where nothing is wrong, or something that no operation leaves.
 */
export function operationUnderWay(
  plan: Plan,
  memory: Uint8Array,
  inspection: Inspection,
): OperationUnderWay | undefined {
  if (inspection.damage.length === 0) return undefined;
  const found = plan.rules.unfinished?.(plan, viewOf(plan, memory), inspection);
  if (found === undefined) return undefined;
  const { window, cuts, evidence } = found;
  const { realloc, alignedAlloc } = plan.api;
  const isSure = evidence === "memory";
  const shrinks = evidence === "shrinks";
  if (shrinks && !realloc && !alignedAlloc) return undefined;
  const operations = [
    ...(!shrinks || alignedAlloc ? (["malloc"] as const) : []),
    ...(realloc ? (["realloc"] as const) : []),
    ...(cuts ? [] : (["free"] as const)),
  ];
  return {
    operations,
    isSure,
    ...(window === undefined ? {} : { from: window.offset, to: window.offset + window.size }),
  };
}
