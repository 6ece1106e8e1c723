/** What a RISC-V instruction is, as far as its cost and the flow of control depend on it. */
import type { Instruction as AnyInstruction } from "../instruction.js";

/** What a core implements; each has the control and status registers of machine mode (Zicsr). */
export const architectures = ["RV32EC_Xw", "RV32IMC", "RV32IMAC", "RV32IMAC_Zba_Zbb_Zbs"] as const;
export type Architecture = (typeof architectures)[number];

export type Extension = "I" | "M" | "A" | "C" | "Zba" | "Zbb" | "Zbs" | "Zicsr" | "Xw";

/** Numbers of registers that have a part of their own (RISC-V ELF psABI, register convention). */
export const RA = 1;
export const SP = 2;
/**
 * x0 is no register that holds anything: reads of it are the constant 0, and what is written to it is nothing. Its number
 * is that of the program counter.
 */
export const programCounter = 0;

/** What tells instructions of different cost apart. */
export type Kind =
  | "alu"
  | "multiply"
  | "divide"
  | "load"
  | "store"
  /** LR, SC and AMO. */
  | "atomic"
  | "jump"
  | "jumpRegister"
  | "branch"
  | "csr"
  | "fence"
  | "trap";

export interface Instruction extends AnyInstruction {
  readonly machine: "riscv";
  readonly size: 2 | 4;
  /** As the manual names it; of a 16-bit one the instruction that it stands for. */
  readonly mnemonic: string;
  readonly kind: Kind;
  readonly extension: Extension;
  /** The 32-bit encoding: of a 16-bit one that of the instruction that it stands for. */
  readonly expanded: number;
  /** Whether it names a register from x16 on, which RV32E lacks. */
  readonly namesHighRegister: boolean;
}

const isRiscv = (instruction: AnyInstruction): instruction is Instruction => instruction.machine === "riscv";

/** The instruction with all that only RISC-V's have. @throws Error where another machine decoded it. */
export function riscvInstruction(instruction: AnyInstruction): Instruction {
  if (!isRiscv(instruction))
    throw new Error(`an instruction of ${instruction.machine} in a model of a RISC-V core`);
  return instruction;
}

const extensionsOf: Readonly<Record<Architecture, ReadonlySet<Extension>>> = {
  RV32EC_Xw: new Set<Extension>(["I", "C", "Zicsr", "Xw"]),
  RV32IMC: new Set<Extension>(["I", "M", "C", "Zicsr"]),
  RV32IMAC: new Set<Extension>(["I", "M", "A", "C", "Zicsr"]),
  RV32IMAC_Zba_Zbb_Zbs: new Set<Extension>(["I", "M", "A", "C", "Zicsr", "Zba", "Zbb", "Zbs"]),
};

const isArchitecture = (name: string): name is Architecture => architectures.some((known) => known === name);

/** The architecture of that name. @throws Error where there is none. */
export function coreArchitecture(name: string): Architecture {
  if (isArchitecture(name)) return name;
  throw new Error(`no RISC-V core is of the architecture ${name}`);
}

/** Whether a core of `architecture` has the extension. */
export const hasExtension = (architecture: Architecture, extension: Extension): boolean =>
  extensionsOf[architecture].has(extension);

/** Whether a core has the instruction. */
export function hasInstruction(
  architecture: Architecture,
  { extension, size, namesHighRegister }: Instruction,
): boolean {
  if (namesHighRegister && architecture.startsWith("RV32E")) return false;
  return hasExtension(architecture, extension) && (size === 4 || hasExtension(architecture, "C"));
}
