/** RISC-V of 32 bits, in machine mode. */
import type { CodeOrData, Machine } from "../machine.js";
import { assembly } from "./assembly.js";
import { cycleModel, cycleRules } from "./cycles/model.js";
import { decode, placedInstructions } from "./decode/decoder.js";
import {
  RA,
  SP,
  architectures,
  coreArchitecture,
  hasExtension,
  hasInstruction,
  programCounter,
  riscvInstruction,
  type Instruction,
} from "./instruction.js";
import { interrupts } from "./interrupts.js";
import { lockHooks } from "./lock-hooks.js";
import { masks } from "./masks.js";
import { qemu } from "./qemu.js";
import { semanticsOf } from "./semantics/semantics.js";
import { toolchain } from "./toolchain.js";
import { unicorn } from "./unicorn.js";

/** An instruction at address 0. */
function known(first: number, second: number): Instruction {
  const found = decode(0, first, second);
  if (found.kind === "unknown") throw new Error(`0x${first.toString(16)} is no instruction`);
  return found;
}

/** RISC-V ELF psABI: $x, perhaps with the architecture behind it, or $d. */
function mapping(name: string): CodeOrData | undefined {
  if (name.startsWith("$x")) return "code";
  return /^\$d(?=\.|$)/.test(name) ? "data" : undefined;
}

export const riscv = {
  name: "riscv",
  architectures,
  cycleRules,
  registers: {
    count: 32,
    values: ~(1 << programCounter),
    aligned: 1 << programCounter,
    stackPointer: SP,
    link: RA,
    programCounter,
    codePointer: (address) => address >>> 0,
    codeAddress: (pointer) => pointer >>> 0,
  },
  masks,
  interrupts,
  elf: {
    machine: 243,
    title: "RISC-V",
    mapping,
    foreign: "code of another instruction set",
  },
  // RISC-V ELF psABI, integer calling convention.
  calls: {
    argumentRegisters: [10, 11, 12, 13, 14, 15, 16, 17],
    // ILP32E has the first six in registers; more, which would be on the stack, are not given.
    mostArguments: (architecture) => (architecture.startsWith("RV32E") ? 6 : undefined),
    result: { register: 10, name: "a0" },
    // JAL ra, 0
    call: known(0x00ef, 0x0000),
    // C.JR ra
    returnCode: Uint8Array.of(0x82, 0x80),
  },
  unicorn,
  qemu,
  assembly,
  toolchain,
  lockHooks,
  placed: placedInstructions,
  semantics: (instruction) => semanticsOf(riscvInstruction(instruction)),
  hasInstruction: (architecture, instruction) =>
    hasInstruction(coreArchitecture(architecture), riscvInstruction(instruction)),
  // RISC-V unprivileged ISA, 20191213, 8.3: only a sequence without other accesses is sure to succeed in the end.
  lacksExclusiveAccess: (architecture) =>
    hasExtension(coreArchitecture(architecture), "A")
      ? "has LR and SC, and SC need never succeed where memory is read between them"
      : "has no exclusive loads and stores",
  // Of each hart, in a register that no load reads.
  cycleCounter: () => undefined,
  cycleModel,
} as const satisfies Machine;
