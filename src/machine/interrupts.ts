/** When a core takes an interrupt, and what that does beside running the handler. */
import type { Instruction } from "./instruction.js";

/** A register that keeps interrupts out. */
export interface MaskRegister {
  readonly name: string;
  /** UC_*_REG_* of it. */
  readonly unicornId: number;
}

/** Values of the mask registers, in the order of `InterruptFacts.registers`. */
export type Masks = readonly number[];

/** What a function is called in: all interrupts let in, or a critical section of the caller's own. */
export interface CallerState {
  /** For people: "with interrupts let in". */
  readonly name: string;
  readonly masks: Masks;
}

export interface InterruptFacts {
  readonly registers: readonly MaskRegister[];
  /** Whether an interrupt is taken. @param priority 0 is the most urgent */
  takes(masks: Masks, priority: number): boolean;
  /**
   * The states that functions are called in: the first lets all interrupts in.
   * @param architecture one of the machine's
   * @param priority of the most urgent interrupt that the heap's lock masks; undefined: it masks all
   */
  callerStates(architecture: string, priority: number | undefined): readonly CallerState[];
  /**
   * What an instruction does with the core's reservation of an address: an interrupt clears it, so that the next
   * exclusive store fails. @returns undefined for all other instructions
   */
  exclusive(instruction: Instruction): ExclusiveAccess | undefined;
}

/** A load that reserves; or a store with the register that says whether it stored: 0 where it did, else 1. */
export type ExclusiveAccess = { readonly kind: "load" } | { readonly kind: "store"; readonly status: number };
