/** Blocks of policies that keep no chain of them. */
import type { Plan } from "../plan/plan.js";
import type { Block } from "./block.js";

export function headerlessBlock(start: number, size: number, free: boolean): Block {
  return {
    start,
    size,
    free,
    requestBytes: 0,
    tag: 0,
    left: undefined,
    right: undefined,
    slot: 0,
    quick: false,
  };
}

/** Whether a request is one the heap answers at all. */
export function servesRequest(plan: Plan, size: number): boolean {
  return size <= plan.maximumRequestBytes && (size > 0 || plan.zeroSize === "unique");
}
