/** Blocks of a few fixed sizes, each size with a list of its free blocks. */
import type { PoolConfig } from "../../config/config.js";
import type { Policy } from "../policy.js";
import { layout, ownBlocks } from "./blocks.js";
import { planPart } from "./plan.js";
import { headerNeeds, refuse } from "./refuse.js";
import { PoolReference } from "./reference.js";
import { asserts, constants, view } from "./view.js";

export const pool: Policy<PoolConfig> = {
  headerNeeds,
  refuse,
  plan: planPart,
  constants,
  asserts,
  view,
  ownBlocks,
  layout,
  wordLimits: () => [],
  loopLimits: ({ policy }) => {
    if (policy.kind !== "pool") throw new Error("not a plan of a pool");
    // An exclusive store fails only where an interrupt came between: the bound is that of one that came once.
    const limits = { class: policy.classes.length, try: 1 };
    return { malloc: limits, free: limits };
  },
  reference: (plan) => new PoolReference(plan),
};
