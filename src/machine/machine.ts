/**
 * What an architecture is: everything that the rest of the tool asks of a processor's registers, instructions and
 * conventions. One folder of `src/machine/` answers for each.
 */
import type { CycleModel, CycleModelOptions } from "./cycle-model.js";
import type { InterruptMask } from "./interrupt-mask.js";
import type { InterruptFacts } from "./interrupts.js";
import type { AddressRange, Instruction, Placed, RegisterSet } from "./instruction.js";
import type { Semantics } from "./semantics.js";

export interface Machine {
  /** Of the folder: "arm". */
  readonly name: string;
  /** Names of its architectures, as `target.json` has them; an earlier one's instructions are in the later ones. */
  readonly architectures: readonly string[];
  /** Rules of its cycle models, as `target.json` names them. */
  readonly cycleRules: readonly string[];
  /** Those of them whose models price the wait states of memory. */
  readonly waitStateRules: readonly string[];
  readonly registers: Registers;
  /** Masks of interrupts, as a config's `lock` may name them. */
  readonly masks: readonly InterruptMask[];
  readonly interrupts: InterruptFacts;
  readonly elf: ElfFacts;
  readonly calls: CallingConvention;
  readonly unicorn: UnicornFacts;
  readonly qemu: QemuFacts;
  readonly assembly: Assembly;
  readonly toolchain: ToolchainFacts;

  /**
   * Every instruction of a stretch of code, by its address.
   * @param halfword reads two bytes of the range, little-endian
   */
  placed(
    range: AddressRange,
    halfword: (at: number) => number,
  ): Iterable<readonly [at: number, placed: Placed]>;
  /** What an instruction computes. @param conditional as its `PlacedInstruction` says */
  semantics(instruction: Instruction, conditional: boolean): Semantics;
  /**
   * Whether a core has the instruction; the floating-point unit is a question apart.
   * @param architecture one of `architectures`, or a part of one that the machine knows
   * @throws Error where there is no such architecture
   */
  hasInstruction(architecture: string, instruction: Instruction): boolean;
  /**
   * Text of a header whose hooks keep interrupts out, to stand in for the user's own.
   * @param prefix the heap's name in capitals
   */
  lockHooks(prefix: string): string;
  /**
   * Why lists cannot be changed by exclusive loads and stores, as the rest of a sentence; undefined: they can.
   * @param architecture one of `architectures`
   */
  lacksExclusiveAccess(architecture: string): string | undefined;
  /** Undefined where a core has none. @param architecture one of `architectures` */
  cycleCounter(architecture: string): CycleCounterFacts | undefined;
  /** @throws Error where there are no such rules. */
  cycleModel(options: CycleModelOptions): CycleModel;
}

/** Where a core counts its cycles itself. */
export interface CycleCounterFacts {
  /** Of the word that counts. */
  readonly address: number;
  /** Pages that hold it and the registers that start it. */
  readonly pages: readonly number[];
}

/** Registers by their numbers. */
export interface Registers {
  /** How many a state of the core has, the program counter included: numbers are less than it. */
  readonly count: number;
  /** Those that hold values: all but the program counter. */
  readonly values: RegisterSet;
  /** Those that a core keeps aligned whatever is written to them. */
  readonly aligned: RegisterSet;
  readonly stackPointer: number;
  /** Where a call leaves its return address. */
  readonly link: number;
  readonly programCounter: number;
  /** What a pointer to code at an address is: what a call leaves in `link`. */
  readonly codePointer: (address: number) => number;
  /** The address that such a pointer leads to. */
  readonly codeAddress: (pointer: number) => number;
}

/** What an ELF file of the machine's says in a way of its own. */
export interface ElfFacts {
  /** In e_machine of the header. */
  readonly machine: number;
  /** For people: "Arm". */
  readonly title: string;
  /**
   * What begins where a mapping symbol of that name stands: code of this machine, of another instruction set, or data.
   * Undefined: it is no mapping symbol.
   */
  mapping(name: string): CodeOrData | undefined;
  /** Why foreign code cannot be called, and what to do, behind "it is". */
  readonly foreign: string;
}

export type CodeOrData = "code" | "foreign" | "data";

/** How C calls a function. */
export interface CallingConvention {
  /** Registers of the first arguments, a word each; the others are on the stack, from the stack pointer up. */
  readonly argumentRegisters: readonly number[];
  /** Of a core with fewer registers: how many arguments a call may have here. Undefined: any number. */
  readonly mostArguments?: (architecture: string) => number | undefined;
  readonly result: { readonly register: number; /** For people. */ readonly name: string };
  /** A call of a function, at address 0. */
  readonly call: Instruction;
  /** Code of a function that only returns. */
  readonly returnCode: Uint8Array;
}

/** What Unicorn calls the machine. */
export interface UnicornFacts {
  /** UC_ARCH_* and UC_MODE_* of unicorn.h. */
  readonly architecture: number;
  readonly mode: number;
  /** UC_*_REG_* of a register. @throws Error where there is no such register. */
  registerId(register: number): number;
  /** Numbers of the exceptions that an undefined instruction raises. */
  readonly undefinedInstructions: ReadonlySet<number>;
  /** UC_*_REG_* of the register that has N, Z, C and V in its highest bits; undefined: the machine has no flags. */
  readonly flagsId: number | undefined;
  /** Number of the exception that an instruction raises whose flow is a trap; undefined: it is undefined for ever. */
  trap(encoding: number, size: number): number | undefined;
  /** Numbers of the exceptions that a core raises where no code may be, whatever memory is there. */
  readonly fetchAborts: ReadonlySet<number>;
  /** Number of the exception that code raises which a pointer leads to that is none to this machine's code. */
  readonly invalidState: number;
  /**
   * What an instruction needs that no core has here, and what to do: for one that Unicorn takes for undefined.
   * @param encoding with the first halfword above the second
   */
  lacks(encoding: number): string | undefined;
  /** For people, by the number of the exception: "a breakpoint". */
  readonly exceptions: ReadonlyMap<number, string>;
  /** Bytes from an instruction that raises an exception to where the program counter then is. */
  readonly exceptionOffset: number;
  /**
   * Whether a target may have an instruction that Unicorn's core lacks: the host executes it there, from its semantics, which
   * set a register. Undefined: it has them all.
   */
  readonly lacksInstruction?: (instruction: Instruction) => boolean;
}

/** What QEMU calls the machine, and what it must be given to boot. */
export interface QemuFacts {
  /** The emulator's name as a program, and the package of Debian and Ubuntu that has it. */
  readonly program: string;
  readonly debianPackage: string;
  /** How the log's line begins that has the status register, which says whether an instruction is skipped. */
  readonly statusRegister: string;
  /** Whether an instruction that may be skipped executes. @param status the register before it */
  executes(status: number): boolean;
  /**
   * The words at the start of flash with which the replay driver boots.
   * @param entries address of the control block, and pointers to the code that boots and that takes faults
   */
  vectors(entries: { readonly control: number; readonly boot: number; readonly fault: number }): Uint32Array;
  /** What the driver's record of a fault says. @param status as the driver saved it */
  takenFault(status: number): TakenFault;
}

/** Why a core took a fault, as far as it says. */
export interface TakenFault {
  readonly kind: "undefined" | "unaligned" | "fetch" | "data" | "other";
  /** Whether the address that was saved is that of the access. */
  readonly hasAddress: boolean;
}

/** Assembly of the machine's, as lines. */
export interface Assembly {
  /** What a file begins with. */
  readonly prologue: readonly string[];
  /** What stands in front of a function's label. */
  readonly functionMark: readonly string[];
  /** Calls init with the heap's address and its bytes, and returns to the caller. */
  callInit(call: {
    readonly called: string;
    readonly heap: string;
    readonly heapBytes: number;
  }): readonly string[];
  /** Calls a function with the heap's address first, and up to three arguments behind it that were given. */
  callWithHeap(call: { readonly called: string; readonly heap: string }): readonly string[];
}

/** The machine's compilers. */
export interface ToolchainFacts {
  /** What the names of its tools begin with: "arm-none-eabi-". */
  readonly prefix: string;
  /** What compilers for many machines call it: "arm-none-eabi". */
  readonly triple: string;
  /**
   * What of a target's flags GCC is told where it links: those by which it chooses its libraries.
   * @param flags of the target
   */
  linkFlags(flags: readonly string[]): readonly string[];
  /** By which a compiler makes no unaligned access of aligned ones, whatever the core allows. */
  readonly alignedAccess: string;
  /** Families of compilers that its code was never tried with; undefined: none. */
  readonly refused?: readonly string[];
  /** For the link of a whole program, where it is not what the family of compilers has: a small C library. */
  readonly smallLibrary?: readonly string[];
  /** Commands that install it, one a line, by the family of compilers. */
  readonly install: Readonly<Record<string, readonly string[]>>;
}
