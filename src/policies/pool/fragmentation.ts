/** What pools promise: blocks of one size never fragment. */
import type { Slots } from "../../plan/fragmentation.js";
import type { PoolPlan } from "./types.js";

export const fragmentation = ({ policy }: PoolPlan): Slots => ({
  kind: "slots",
  classes: policy.classes.map(({ blockBytes, start, end }) => ({
    blockBytes,
    count: (end - start) / blockBytes,
  })),
});
