import { placeControl } from "../../../src/plan/place-control.js";
import type { Plan } from "../../../src/plan/plan.js";
import type { PlanBasis, PolicyPart } from "../../../src/policies/policy.js";
import { roundUp } from "../../../src/units.js";

export interface ToyConfig {
  readonly kind: "toy";
  readonly blocks: number;
}

/** Nothing is computed of the config. */
export type ToyNumbers = ToyConfig;
export type ToyPlan = Plan<ToyNumbers>;

/** Blocks as large as the heap has room for. */
export function planPart(policy: ToyConfig, { heapBytes, granuleBytes }: PlanBasis): PolicyPart<ToyNumbers> {
  const used = { name: "used", bytes: 1, count: policy.blocks, meaning: "1: the block is in use" } as const;
  const firstBlock = roundUp(placeControl([used]).end, granuleBytes);
  const room = Math.floor((heapBytes - firstBlock) / policy.blocks);
  const blockBytes = Math.max(granuleBytes, room - (room % granuleBytes));
  const endOfBlocks = firstBlock + policy.blocks * blockBytes;
  return {
    policy,
    control: [used],
    endHeader: "none",
    coalescing: "none",
    largestServedBytes: () => blockBytes,
    space: { minimumBlockBytes: blockBytes, firstBlock, endOfBlocks, needed: endOfBlocks },
  };
}
