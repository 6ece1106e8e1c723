/** What every cycle model offers: the price of one instruction in the state the pipeline is in, and the state after it. */
import type { Cycles } from "../units.js";
import { mayLeave } from "./arm/instruction.js";
import type { Instruction } from "./arm/instruction.js";

/**
 * What earlier instructions left in the pipeline, as far as it can change a later price: a number that the model gave.
 * Equal numbers are equal states, so that prices can be kept by state.
 */
export type PipelineState = number;

/** What became of an instruction. */
export type Outcome =
  /** IT skipped it. */
  | "skipped"
  /** It executed, and control went on behind it. */
  | "executed"
  /** It executed, and control went elsewhere. */
  | "taken";

export interface Step {
  /** From the end of the instruction before it to its own end; what it waits for is its own. */
  readonly cycles: Cycles;
  readonly next: PipelineState;
}

export interface CycleModel {
  /** Printed with every figure. */
  readonly name: string;
  /** True where the core's timing is not published in full. */
  readonly estimate: boolean;
  /** The state behind a branch that was taken, which is also the one a function is entered with. */
  readonly start: PipelineState;
  /** An instruction that always leaves is taken whatever the outcome says. */
  step(state: PipelineState, instruction: Instruction, outcome: Outcome): Step;
  /**
   * Whether being executed rather than skipped by IT can change the cost of `instruction` or of what comes behind it.
   * `following` is the instruction at the next address.
   */
  feelsExecution(instruction: Instruction, following: Instruction | undefined): boolean;
}

/** Whether control never goes on behind an instruction that executes. */
export const alwaysLeaves = (instruction: Instruction): boolean =>
  mayLeave(instruction) && instruction.kind !== "branchConditional" && instruction.kind !== "compareBranch";

/** A figure of a core, and where it comes from. */
export interface Rule {
  /** Cycles, unless the rule's name says what else. */
  readonly value: number;
  /** Manual and section; or, where no manual says it, what it was inferred from. */
  readonly source: string;
  /** True where no manual says it. */
  readonly inferred: boolean;
}

/** A rule that a manual states. */
export const stated = (value: number, source: string): Rule => ({ value, source, inferred: false });

/** A rule that was inferred from measured code. */
export const inferred = (value: number, source: string): Rule => ({ value, source, inferred: true });
