/** Arm's M profile, in Thumb state. */
import type { CodeOrData, Machine } from "../machine.js";
import { assembly } from "./assembly.js";
import { cycleModel, cycleRules, waitStateRules } from "./cycles/core-model.js";
import { decode } from "./decode/decoder.js";
import { placedInstructions } from "./decode/placed.js";
import {
  LR,
  PC,
  SP,
  armInstruction,
  coreArchitecture,
  coreArchitectures,
  hasInstruction,
  registers,
  type Instruction,
} from "./instruction.js";
import { interrupts } from "./interrupts.js";
import { lockHooks } from "./lock-hooks.js";
import { masks } from "./masks.js";
import { qemu } from "./qemu.js";
import { semanticsOf } from "./semantics/semantics.js";
import { toolchain } from "./toolchain.js";
import { unicorn } from "./unicorn.js";

/** Bit 0 of a pointer to code says Thumb. */
const thumbBit = 1;

const mappingNames: Readonly<Record<string, CodeOrData>> = { $t: "code", $a: "foreign", $d: "data" };

/** An instruction at address 0. */
function known(first: number, second: number): Instruction {
  const found = decode(0, first, second);
  if (found.kind === "unknown") throw new Error(`0x${first.toString(16)} is no instruction`);
  return found;
}

export const arm = {
  name: "arm",
  architectures: coreArchitectures,
  cycleRules,
  waitStateRules,
  registers: {
    count: 16,
    values: (1 << PC) - 1,
    aligned: registers(SP, PC),
    stackPointer: SP,
    link: LR,
    programCounter: PC,
    codePointer: (address) => (address | thumbBit) >>> 0,
    codeAddress: (pointer) => (pointer & ~thumbBit) >>> 0,
  },
  masks,
  interrupts,
  elf: {
    machine: 40,
    title: "Arm",
    // Arm IHI 0044, section 5.5.5: $a, $t or $d, perhaps with a suffix after a dot.
    mapping: (name) => mappingNames[/^\$[adt](?=\.|$)/.exec(name)?.[0] ?? ""],
    foreign: "A32 code, and the core executes Thumb alone (compile with -mthumb)",
  },
  // AAPCS, Arm IHI 0042, section 6.
  calls: {
    argumentRegisters: [0, 1, 2, 3],
    result: { register: 0, name: "r0" },
    call: known(0xf000, 0xf800),
    // BX LR
    returnCode: Uint8Array.of(0x70, 0x47),
  },
  unicorn,
  qemu,
  assembly,
  toolchain,
  lockHooks,
  placed: placedInstructions,
  semantics: (instruction, conditional) => semanticsOf(armInstruction(instruction), conditional),
  hasInstruction: (architecture, instruction) =>
    hasInstruction(coreArchitecture(architecture), armInstruction(instruction)),
  // LDREX and STREX are in ARMv7-M and ARMv8-M (ARMv7-M ARM, A3.4), not in ARMv6-M (ARMv6-M ARM, A4.1).
  lacksExclusiveAccess: (architecture) =>
    architecture === "ARMv6-M" ? "has no exclusive loads and stores" : undefined,
  // DWT_CYCCNT; DEMCR, which starts it, is in the system control space (ARMv7-M ARM, C1.8). ARMv6-M has none.
  cycleCounter: (architecture) =>
    architecture === "ARMv6-M" || architecture === "ARMv8-M Baseline"
      ? undefined
      : { address: 0xe000_1004, pages: [0xe000_1000, 0xe000_e000] },
  cycleModel,
} as const satisfies Machine;
