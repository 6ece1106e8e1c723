/** Blocks of a few fixed sizes, each size with a list of its free blocks. */
import { definePolicy } from "../policy.js";
import { choices, headerlessBlocks } from "./blocks.js";
import { blocks, freeBlocks } from "./decode.js";
import { unfinishedMark } from "../../inspect/unfinished-mark.js";
import { hardening } from "./hardening.js";
import { inspect } from "./inspect.js";
import { layout } from "./layout.js";
import { planPart } from "./plan.js";
import { loopLimits } from "./loop-limits.js";
import { headerNeeds, refuse, refusedFunctions } from "./refuse.js";
import { PoolReference } from "./reference.js";
import { resolve } from "./resolve.js";
import { schema, type PoolInput } from "./schema.js";
import { starters } from "./starters.js";
import { fragmentation } from "./fragmentation.js";
import type { PoolConfig, PoolNumbers } from "./types.js";
import { source } from "./source.js";
import { asserts, constants, view } from "./view.js";

export const pool = definePolicy<PoolInput, PoolConfig, PoolNumbers>({
  name: "pool",
  schema,
  isBlockAligned: true,
  starters,
  inFront: (classes) => ({
    kind: "pool",
    classes: classes.map(({ blockBytes, count }) => ({ size: blockBytes, count })),
  }),
  resolve,
  headerNeeds,
  hardening,
  refusedFunctions,
  refuse,
  plan: planPart,
  rules: {
    constants,
    asserts,
    source,
    view,
    headerlessBlocks,
    isLockFree: ({ policy }) => policy.atomic,
    choices,
    layout,
    read: (plan, heap) => ({
      blocks: blocks(layout(plan), heap),
      end: plan.endOfBlocks,
      freeList: freeBlocks(layout(plan), heap),
    }),
    inspect: (plan, heap) => inspect(layout(plan), heap),
    unfinished: (_plan, _heap, inspection) => unfinishedMark(inspection),
    fragmentation,
    wordLimits: () => [],
    loopLimits,
    reference: (plan) => new PoolReference(plan),
  },
});
