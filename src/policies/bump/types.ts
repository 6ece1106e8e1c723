/** What a config and a plan say of an arena (Wilson et al. 1995, section 3.1). */
import type { Plan } from "../../plan/plan.js";

/** What frees memory: init alone, or also the free of the newest block, and marks. */
export const bumpReleases = ["all", "lifo"] as const;
export type BumpRelease = (typeof bumpReleases)[number];

/** Blocks are cut from the end of what is left. */
export interface BumpConfig {
  readonly kind: "bump";
  readonly release: BumpRelease;
}

/** Nothing is computed of the config. */
export type BumpNumbers = BumpConfig;

export type BumpPlan = Plan<BumpNumbers>;
