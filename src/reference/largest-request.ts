/** The largest request that a block serves. */
import { overheadBytes, type Plan } from "../plan/plan.js";
import type { Block } from "./block.js";

/** @param blockBytes of the largest block that a request gets; 0 where there is none. @returns bytes, 0: no request */
export function largestServedBy(plan: Plan, blockBytes: number): number {
  if (blockBytes < plan.minimumBlockBytes) return 0;
  return Math.min(blockBytes - overheadBytes(plan), plan.maximumRequestBytes);
}

/** Size of the largest free block. @param untouched bytes that are in no block */
export function largestFree(blocks: Iterable<Block>, untouched = 0): number {
  const sizes = [...blocks].filter(({ free }) => free).map(({ size }) => size);
  return Math.max(untouched, ...sizes);
}
