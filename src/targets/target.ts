/** A target: one core, as data. `targets/<name>/target.json`, with the manual each figure comes from. */

import type { FlashTiming } from "../machine/cycle-model.js";
import type { Architecture, CycleRules } from "../machine/registry.js";

export interface Target {
  readonly name: string;
  /** For people: "Arm Cortex-M4 (ARMv7E-M)". */
  readonly description: string;
  readonly architecture: Architecture;
  /** Flags that select the core for GCC and Clang alike. */
  readonly compilerFlags: readonly string[];
  /** Whether the core counts leading zeros in one instruction: without it the generated code searches bits by itself. */
  readonly countLeadingZeros: boolean;
  /** Whether the core multiplies in one instruction: without it the generated code does with shifts and sums. */
  readonly multiplies: boolean;
  /** Whether single loads and stores may be unaligned. */
  readonly unalignedAccess: boolean;
  /** UC_CPU_* number of Unicorn's model of the core. */
  readonly unicornModel: number;
  /** QEMU's machine with the core, or the nearest it has. */
  readonly qemu: {
    /** What -M takes. */
    readonly machine: string;
    /** Further words of its command line. */
    readonly options: readonly string[];
    /** RAM of the machine that is none of `memory`: for the tables and stacks of a replay. */
    readonly scratch: { readonly origin: number; readonly length: number };
  };
  /** Memory a program is linked for. */
  readonly memory: {
    readonly flash: { readonly origin: number; readonly length: number };
    readonly ram: { readonly origin: number; readonly length: number };
  };
  readonly cycleModel: {
    /** Printed with every figure. */
    readonly name: string;
    /** True where the core's timing is not published in full: said wherever a figure is printed. */
    readonly estimate: boolean;
    /** Whose rules price an instruction: one of the cores that are modelled. */
    readonly rules: CycleRules;
    readonly flash: FlashTiming;
    readonly source: string;
  };
  /** Absolute path of the folder the target was read from. */
  readonly folder: string;
}
