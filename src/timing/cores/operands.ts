/** Which operand of an instruction is which, where a rule asks. */
import type { Instruction, RegisterSet } from "../instruction.js";
import { SP, registers } from "../instruction.js";

/** Registers that a single load loads, its base left out where it is written back. */
export function loadedBy(instruction: Instruction & { readonly kind: "load" }): RegisterSet {
  const { writes, address } = instruction;
  const single = (writes & (writes - 1)) === 0;
  return single ? writes : writes & ~address;
}

/** Registers that a single load or store addresses with, SP left out; none for any other instruction. */
export function addressOf(instruction: Instruction): RegisterSet {
  const isSingle = instruction.kind === "load" || instruction.kind === "store";
  return isSingle ? instruction.address & ~registers(SP) : 0;
}

/** Registers whose contents are stored. */
export function storedBy(instruction: Instruction): RegisterSet {
  const { kind, reads } = instruction;
  return kind === "store" || kind === "storePair" ? reads & ~instruction.address : 0;
}

/** The register that goes through the shifter before it is used: Rm, in the lowest bits of every wide encoding. */
export function shiftedBy(instruction: Instruction): RegisterSet {
  return instruction.kind === "alu" && instruction.shifted ? 1 << (instruction.encoding & 15) : 0;
}
