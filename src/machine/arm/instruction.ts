/** What an Arm instruction is, as far as its cost and the flow of control depend on it. */
import {
  registers,
  type Instruction as AnyInstruction,
  type MemoryAccess,
  type RegisterSet,
} from "../instruction.js";

export { registers, type MemoryAccess, type RegisterSet };

/** A core runs an instruction when its architecture is this one or a later one. */
export const architectures = ["ARMv6-M", "ARMv7-M", "ARMv7E-M", "ARMv8-M"] as const;
export type Architecture = (typeof architectures)[number];

/** What a core implements. ARMv8-M stands for its Mainline; the Baseline is ARMv6-M with a few later instructions. */
export const coreArchitectures = [...architectures, "ARMv8-M Baseline"] as const;
export type CoreArchitecture = (typeof coreArchitectures)[number];

/** Numbers of registers that have a part of their own. */
export const SP = 13;
export const LR = 14;
export const PC = 15;

/** A condition of a Bcc or an IT block, 0 (EQ) to 13 (LE); 14 is always. */
export type Condition = number;

/** The condition that every instruction outside of IT blocks meets. */
export const always: Condition = 14;

/** How a single load or store addresses. */
export interface Addressing {
  /** Registers the address is made of; none for a literal, whose base is PC. */
  readonly address: RegisterSet;
  /** Whether the offset is a register. */
  readonly registerOffset: boolean;
}

/** A load or store of floating-point registers. */
export interface FloatTransfer {
  readonly words: number;
  readonly multiple: boolean;
  /** The base; empty for a literal. */
  readonly address: RegisterSet;
}

/** Arithmetic of the floating-point unit, by what it takes: a sum, product, comparison, conversion or copy is simple. */
export type FloatWork = "simple" | "multiplyAdd" | "divide";

/** What tells instructions of different cost apart. */
export type Operation =
  /** Data processing of one result, a compare included; `shifted` where an operand goes through the shifter first. */
  | { readonly kind: "alu"; readonly shifted: boolean }
  /** A product of 32 bits, `accumulate` where it is added to or subtracted from a register. */
  | { readonly kind: "multiply"; readonly accumulate: boolean }
  /** A product of 64 bits. */
  | { readonly kind: "multiplyLong"; readonly accumulate: boolean }
  | { readonly kind: "divide" }
  | ({ readonly kind: "load"; readonly loadsPc: boolean } & Addressing)
  | ({ readonly kind: "store" } & Addressing)
  /** LDRD, STRD. */
  | { readonly kind: "loadPair"; readonly address: RegisterSet }
  | { readonly kind: "storePair"; readonly address: RegisterSet }
  /** LDM, STM, PUSH, POP. `count` includes PC. */
  | {
      readonly kind: "loadMultiple";
      readonly count: number;
      readonly loadsPc: boolean;
      readonly base: number;
    }
  | { readonly kind: "storeMultiple"; readonly count: number; readonly base: number }
  /** LDREX, STREX, LDA, STL and their like. */
  | { readonly kind: "exclusive" }
  | { readonly kind: "branch"; readonly target: number }
  | { readonly kind: "branchConditional"; readonly target: number; readonly condition: Condition }
  /** CBZ, CBNZ. */
  | { readonly kind: "compareBranch"; readonly target: number }
  /** BL. */
  | { readonly kind: "call"; readonly target: number }
  /** BX, BLX, and MOV or ADD to PC. */
  | { readonly kind: "branchExchange"; readonly register: number; readonly link: boolean }
  /** TBB, TBH. */
  | { readonly kind: "tableBranch" }
  /** `conditions` has one entry for each instruction covered, 1 to 4. */
  | { readonly kind: "it"; readonly conditions: readonly Condition[] }
  /** MSR, MRS, CPS, barriers and secure gateway. */
  | { readonly kind: "system" }
  /** NOP, other hints and preloads. */
  | { readonly kind: "nop" }
  /** UDF, BKPT, SVC: what ends in an exception. */
  | { readonly kind: "trap" }
  /** VADD, VMUL, VCMP, VCVT, VMOV between floating-point registers, VDIV, VSQRT, ... */
  | { readonly kind: "floatArithmetic"; readonly work: FloatWork; readonly double: boolean }
  /** VMOV between core and floating-point registers (`words` of them), VMRS, VMSR. */
  | { readonly kind: "floatMove"; readonly words: 1 | 2; readonly toCore: boolean }
  /** VLDR; VLDM and VPOP where `multiple`. `words` of 32 bits. */
  | ({ readonly kind: "floatLoad" } & FloatTransfer)
  /** VSTR; VSTM and VPUSH where `multiple`. */
  | ({ readonly kind: "floatStore" } & FloatTransfer);

export type OperationKind = Operation["kind"];

export interface InstructionFacts extends AnyInstruction {
  readonly machine: "arm";
  /** First halfword, 0 to 2^32 - 2. */
  readonly at: number;
  /** Bytes. */
  readonly size: 2 | 4;
  /** The halfword, or both with the first one high. */
  readonly encoding: number;
  /** Floating-point registers read and written: bit n is Sn, so that Dn is bits 2n and 2n + 1. 0 to 2^32 - 1. */
  readonly floatReads: number;
  readonly floatWrites: number;
  /** Earliest architecture that has it, in the order of `architectures`. */
  readonly since: Architecture;
  /** Whether the Baseline of ARMv8-M has it too. */
  readonly baseline: boolean;
}

export type Instruction = Operation & InstructionFacts;

const isArm = (instruction: AnyInstruction): instruction is Instruction => instruction.machine === "arm";

/** The instruction with all that only Arm's have. @throws Error where another machine decoded it. */
export function armInstruction(instruction: AnyInstruction): Instruction {
  if (!isArm(instruction))
    throw new Error(`an instruction of ${instruction.machine} in a model of an Arm core`);
  return instruction;
}

/** The architecture of that name. @throws Error where there is none. */
export function coreArchitecture(name: string): CoreArchitecture {
  const found = coreArchitectures.find((known) => known === name);
  if (found !== undefined) return found;
  throw new Error(`no Arm core is of the architecture ${name}`);
}

/** Whether a core of `architecture` runs an instruction that `since` introduced. */
export function runsOn(architecture: Architecture, since: Architecture): boolean {
  return architectures.indexOf(since) <= architectures.indexOf(architecture);
}

/** Whether a core has the instruction; the floating-point unit is a question apart. */
export function hasInstruction(
  core: CoreArchitecture,
  { since, baseline }: Pick<InstructionFacts, "since" | "baseline">,
): boolean {
  return core === "ARMv8-M Baseline" ? baseline : runsOn(core, since);
}
