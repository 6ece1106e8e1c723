/** What a config and a plan say of binary buddies (Knowlton 1965; Wilson et al. 1995, section 3.5). */
import type { Plan } from "../../plan/plan.js";
import type { Bytes } from "../../units.js";

export interface BuddyConfig {
  readonly kind: "buddy";
  /** The smallest block: a power of two, the alignment or more. */
  readonly smallest: Bytes;
}

/** Blocks of 2^k granules, at multiples of their size after the first block; a granule is the smallest block. */
export interface BuddyNumbers {
  readonly kind: "buddy";
  readonly granules: number;
  /** One more than the largest block's k. */
  readonly orders: number;
}

export type BuddyPlan = Plan<BuddyNumbers>;
