/** What every cycle model offers: the price of one instruction in the state the pipeline is in, and the state after it. */
import type { Cycles } from "../units.js";
import type { Instruction } from "./instruction.js";

/**
 * What earlier instructions left in the pipeline, as far as it can change a later price: a number that the model gave.
 * Equal numbers are equal states, so that prices can be kept by state.
 */
export type PipelineState = number;

/** What became of an instruction. */
export type Outcome =
  /** Its condition did not hold. */
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
   * Whether being executed rather than skipped can change the cost of `instruction` or of what comes behind it.
   * `following` is the instruction at the next address.
   */
  feelsExecution(instruction: Instruction, following: Instruction | undefined): boolean;
  /**
   * What the core can take where that is not for its instructions alone to say: with every branch mispredicted, of one
   * that predicts them. Bounds are proven with it; this model then has branches go as predicted.
   */
  readonly worst?: CycleModel;
  /** This model with the rules that nothing published decides all at one end of their ranges. */
  readonly range?: ModelRange;
}

export interface ModelRange {
  readonly cheapest: CycleModel;
  readonly dearest: CycleModel;
}

/** What the flash adds to a fetch. */
export interface FlashTiming {
  /** Cycles that reading a line takes beyond the first. 0: as fast as the core. */
  readonly waitStates: number;
  /** Bytes that arrive together, from a multiple of themselves on. */
  readonly lineBytes: 4 | 8 | 16;
  /** Whether the next line is read while the core executes from this one. */
  readonly prefetch: boolean;
}

/** What the RAM adds to each word that is read or written. */
export interface RamTiming {
  /** Cycles beyond the first. 0: as fast as the core. */
  readonly waitStates: number;
}

/** Where code is fetched from with wait states: [start, end) and their number. */
export interface SlowMemory extends FlashTiming {
  readonly start: number;
  readonly end: number;
}

/** What a machine makes the model of a core from. */
export interface CycleModelOptions {
  readonly name: string;
  readonly estimate: boolean;
  /** One of the machine's `cycleRules`. */
  readonly rules: string;
  readonly flash: SlowMemory;
  readonly ram: RamTiming;
}

/** A figure of a core, and where it comes from. */
export interface Rule {
  /** Cycles, unless the rule's name says what else. */
  readonly value: number;
  /** Manual and section; or, where no manual says it, what it was inferred from. */
  readonly source: string;
  /** True where no manual says it. */
  readonly inferred: boolean;
  /** What it may be instead where nothing published decides: for the cheapest code, and for the dearest. */
  readonly range?: { readonly cheapest: number; readonly dearest: number };
}

/** A rule that a manual states. */
export const stated = (value: number, source: string): Rule => ({ value, source, inferred: false });

/** A rule that was inferred from measured code. */
export const inferred = (value: number, source: string): Rule => ({ value, source, inferred: true });

/** A rule that was inferred, and that no published figure decides. */
export const ranged = (value: number, range: NonNullable<Rule["range"]>, source: string): Rule => ({
  value,
  source,
  inferred: true,
  range,
});

/** The rules with every one that nothing decides at one end of its range. */
export function atEnd<Rules extends Readonly<Record<keyof Rules, Rule>>>(
  rules: Rules,
  end: "cheapest" | "dearest",
): Rules {
  const moved = { ...rules };
  for (const name of Object.keys(rules) as (keyof Rules)[]) {
    const { range } = rules[name];
    if (range !== undefined) moved[name] = { ...rules[name], value: range[end] };
  }
  return moved;
}
