/** What every cycle model offers. A core's full model takes the place of the plain table by implementing this. */
import type { Cycles } from "../units.js";
import type { Block } from "./code.js";

/** Cost of an instruction under IT when it executes, beyond what the block's price charges for it. */
export interface ConditionalPrice {
  readonly at: number;
  readonly extra: Cycles;
}

/**
 * Cost of one pass through a block. An instruction under IT is charged as skipped; what it costs more when it
 * executes stands in `conditional`. The block's last instruction is none of these: whether it executed shows in
 * where control went.
 */
export interface BlockPrice {
  /** Control went on at the block's end. */
  readonly notTaken: Cycles;
  /** Control went elsewhere. */
  readonly taken: Cycles;
  readonly conditional: readonly ConditionalPrice[];
}

export interface CycleModel {
  /** Printed with every figure. */
  readonly name: string;
  /** True where the core's timing is not published in full. */
  readonly estimate: boolean;
  priceBlock(block: Block): BlockPrice;
}
