/** What an arena promises: nothing, for memory comes back in order alone. */
import type { Unbounded } from "../../plan/fragmentation.js";
import type { BumpPlan } from "./types.js";

export const fragmentation = ({ policy }: BumpPlan): Unbounded => ({
  kind: "unbounded",
  why:
    policy.release === "all"
      ? "no free gives memory back"
      : "only the free of the newest block gives memory back",
});
