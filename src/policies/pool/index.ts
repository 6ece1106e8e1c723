/** Blocks of a few fixed sizes, each size with a list of its free blocks. */
import type { PoolConfig } from "../../config/config.js";
import type { Policy } from "../policy.js";
import { layout, ownBlocks } from "./blocks.js";
import { planPart } from "./plan.js";
import { loopLimits } from "./loop-limits.js";
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
  loopLimits,
  reference: (plan) => new PoolReference(plan),
};
