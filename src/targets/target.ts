/** A target: one core, as data. `targets/<name>/target.json`, with the manual each figure comes from. */

/** Prices of the plain cycle table, in cycles. Sources stand beside the figures in target.json. */
export interface CycleTable {
  readonly alu: number;
  readonly multiply: number;
  readonly multiplyLong: number;
  readonly divide: number;
  readonly load: number;
  /** A load or store straight after a single load or store whose result it does not address with. */
  readonly loadPipelined: number;
  readonly store: number;
  /** LDRD and STRD. */
  readonly pair: number;
  /** LDM, STM, PUSH, POP: this, plus one for each register. */
  readonly multipleBase: number;
  /** A taken B or Bcc. */
  readonly branchTaken: number;
  readonly branchNotTaken: number;
  /** BL. */
  readonly call: number;
  /** BX, BLX, MOV PC. */
  readonly branchExchange: number;
  /** Added to LDR PC and to POP or LDM with PC. */
  readonly loadPcExtra: number;
  /** MSR, MRS, barriers. */
  readonly system: number;
}

/** Whose rules price an instruction: one of the cores that are modelled. */
export type RuleSet = "cortex-m0" | "cortex-m0plus" | "cortex-m3" | "cortex-m4";

/** What the flash adds to a fetch. */
export interface FlashTiming {
  /** Cycles that reading a line takes beyond the first. 0: as fast as the core. */
  readonly waitStates: number;
  /** Bytes that arrive together, from a multiple of themselves on. */
  readonly lineBytes: 4 | 8 | 16;
  /** Whether the next line is read while the core executes from this one. */
  readonly prefetch: boolean;
}

export interface Target {
  readonly name: string;
  /** For people: "Arm Cortex-M4 (ARMv7E-M)". */
  readonly description: string;
  readonly architecture: "ARMv6-M" | "ARMv7-M" | "ARMv7E-M" | "ARMv8-M";
  /** Flags that select the core for GCC and Clang alike: -mcpu and -mthumb. */
  readonly compilerFlags: readonly string[];
  /** Whether the core has CLZ and RBIT: without them the generated code searches bits by itself. */
  readonly countLeadingZeros: boolean;
  /** Whether single loads and stores may be unaligned. */
  readonly unalignedAccess: boolean;
  /** UC_CPU_ARM_* number of Unicorn's model of the core. */
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
    readonly rules: RuleSet;
    readonly flash: FlashTiming;
    readonly table: CycleTable;
    readonly source: string;
  };
  /** Absolute path of the folder the target was read from. */
  readonly folder: string;
}
