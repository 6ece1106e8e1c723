/** What a bound needs of a cycle model: the price of one instruction after another, in the state the ones before left. */
import type { Instruction } from "../machine/instruction.js";

export interface Pricing {
  /** The state in which a function is entered. */
  readonly start: number;
  step(
    state: number,
    instruction: Instruction,
    outcome: Outcome,
  ): { readonly cycles: number; readonly next: number };
}

/** Skipped for its condition; executed, and control went on behind it; executed, and control went elsewhere. */
export type Outcome = "skipped" | "executed" | "taken";
