/** What every machine tells of an instruction: where control goes, which registers and memory it touches. */
import type { BranchTest, Condition } from "./semantics.js";

/** A set of registers: bit n is register n, as the machine numbers them. */
export type RegisterSet = number;

/** The set of these registers. */
export const registers = (...numbers: readonly number[]): RegisterSet =>
  numbers.reduce((set, number) => set | (1 << number), 0);

/** Addresses [start, end). */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** Where control goes behind an instruction that executes. */
export type ControlFlow =
  | { readonly kind: "next" }
  | { readonly kind: "jump"; readonly target: number }
  /** To the target where the test holds, else on. */
  | { readonly kind: "branch"; readonly target: number; readonly test: BranchTest }
  | { readonly kind: "call"; readonly target: number }
  /** To the address in a register; `link` where it is a call. */
  | { readonly kind: "register"; readonly register: number; readonly link: boolean }
  /** To an address read from memory: what it loads into the program counter. */
  | { readonly kind: "loaded" }
  /** To an entry of a table of distances. */
  | { readonly kind: "table" }
  /** Into an exception. */
  | { readonly kind: "trap" };

/** An access to data, of `elements` neighbours of `elementBytes` each. */
export interface MemoryAccess {
  readonly direction: "read" | "write";
  readonly elementBytes: 1 | 2 | 4;
  readonly elements: number;
  /** Register the address starts from; the program counter for a constant beside the code. */
  readonly base: number;
  /**
   * Bytes the address, and so the base register, is a multiple of, on a core that takes unaligned accesses where it
   * can: else the access faults. 1 where nothing is asked.
   */
  readonly alignment: 1 | 2 | 4;
}

/** "set": interrupts wait from here on. "restored": what was before is so again, or all interrupts are let in. */
export type MaskEffect = "set" | "restored";

export interface Instruction {
  /** Name of the machine that decoded it. */
  readonly machine: string;
  /** Address of its first byte. */
  readonly at: number;
  /** Bytes. */
  readonly size: number;
  readonly encoding: number;
  readonly flow: ControlFlow;
  /** Registers read, those of the address included; flags are not kept. */
  readonly reads: RegisterSet;
  /** Registers written, write-back included. */
  readonly writes: RegisterSet;
  /** Undefined for what touches no memory, preloads included. */
  readonly memory: MemoryAccess | undefined;
  /** Whether it saves registers on the stack, which is no use of what is in them. */
  readonly saves: boolean;
  /** Undefined: interrupts are kept out, or not, as before. */
  readonly mask: MaskEffect | undefined;
  /** Whether it needs the floating-point unit. */
  readonly floatingPoint: boolean;
}

/** An encoding that the machine's tables do not know. */
export interface UnknownInstruction {
  readonly kind: "unknown";
  readonly at: number;
  readonly size: number;
  readonly encoding: number;
}

/** An instruction in its place. */
export interface PlacedInstruction {
  readonly instruction: Instruction;
  /** Whether an instruction before it makes its execution depend on a condition: it may be skipped. */
  readonly conditional: boolean;
  /** That condition; undefined where there is none, or it always holds. A branch's own stands with the branch. */
  readonly condition: Condition | undefined;
}

export type Placed = PlacedInstruction | UnknownInstruction;

/** Whether control can go elsewhere than to the next instruction. */
export const mayLeave = ({ flow }: Pick<Instruction, "flow">): boolean => flow.kind !== "next";

/** Whether control never goes on behind an instruction that executes. */
export const alwaysLeaves = ({ flow }: Pick<Instruction, "flow">): boolean =>
  flow.kind !== "next" && flow.kind !== "branch";
