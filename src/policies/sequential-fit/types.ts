/** What a config and a plan say of sequential fit (Wilson et al. 1995, section 3.4). */
import type { Plan } from "../../plan/plan.js";
import type { Bytes } from "../../units.js";

export const fits = ["first", "next", "best", "worst"] as const;
export const orders = ["address", "lifo", "fifo", "in-place"] as const;
export const ties = ["list", "lowest", "highest"] as const;
export const splits = ["low", "high", "two-ended", "by-neighbour"] as const;
export const wildernessRules = ["first", "last", "none"] as const;
export const coalesceRules = ["immediate", "deferred", "list-neighbours", "never"] as const;

export type Fit = (typeof fits)[number];
export type ListOrder = (typeof orders)[number];
export type Ties = (typeof ties)[number];
export type Split = (typeof splits)[number];
export type WildernessRule = (typeof wildernessRules)[number];
export type CoalesceRule = (typeof coalesceRules)[number];

/** One list of free blocks, searched in order. */
export interface SequentialFitConfig {
  readonly kind: "sequential-fit";
  readonly fit: Fit;
  readonly ties: Ties;
  readonly order: ListOrder;
  readonly split: Split;
  /** Blocks of fewer bytes, header included, are small; read when `split` is "two-ended" or "by-neighbour". */
  readonly smallBelow: Bytes;
  readonly wilderness: WildernessRule;
  readonly coalesce: CoalesceRule;
}

export interface SequentialFitNumbers extends SequentialFitConfig {
  /**
   * What the list begins at: a member of the control data; a block of size 0 there, for lists by address; or the links of
   * no block, at the heap's first bytes, which close a doubly linked list to a ring.
   */
  readonly head: "member" | "block" | "ring";
}

export type SequentialFitPlan = Plan<SequentialFitNumbers>;
