/** What a config and a plan say of pools: simple segregated storage (Wilson et al. 1995, section 3.6). */
import type { Plan } from "../../plan/plan.js";
import type { Bytes } from "../../units.js";

/** Blocks are never split nor merged. */
export interface PoolConfig {
  readonly kind: "pool";
  /** By size, which is a multiple of the alignment. At most one class has no count: it takes what is left. */
  readonly classes: readonly { readonly blockBytes: Bytes; readonly count?: number }[];
  readonly fallback: boolean;
  readonly lazy: boolean;
  readonly atomic: boolean;
}

/** Blocks of a few sizes, each size in a stretch of its own, in the order of their sizes. */
export interface PoolNumbers {
  readonly kind: "pool";
  readonly classes: readonly PoolClass[];
  /** Whether larger classes serve what the smallest that fits has no block for. */
  readonly fallback: boolean;
  /** Whether blocks are listed when they are first freed, not by init. */
  readonly lazy: boolean;
  /** Whether lists are changed by exclusive loads and stores. */
  readonly atomic: boolean;
  /**
   * Of each block a bit that says whether it is in use: bit b % 32 of word b / 32, where the block begins
   * b * 2^shift bytes, and less than once more as many, after the first one.
   */
  readonly usedBits?: { readonly shift: number; readonly words: number };
}

/** Offsets and sizes in bytes. */
export interface PoolClass {
  readonly blockBytes: number;
  /** Of the first block. */
  readonly start: number;
  /** Where the last block ends. */
  readonly end: number;
}

export type PoolPlan = Plan<PoolNumbers>;
