/** Paths through a function: blocks, with what is known where each begins. */

import type { MaskEffect } from "../machine/instruction.js";

/** What one way through a block costs, and the number of the node it leads to; undefined: it returns. */
export interface Edge {
  readonly cycles: number;
  /** What the block's last instruction does to the masks of interrupts. */
  readonly mask?: MaskEffect;
  readonly to: number | undefined;
}

/** A block's start, with what is known there. */
export interface Node {
  readonly at: number;
  /** None: what the path knows contradicts itself, so that nothing ever comes here. */
  readonly edges: readonly Edge[];
  /** Addresses of the block's instructions. */
  readonly instructions: readonly number[];
}
