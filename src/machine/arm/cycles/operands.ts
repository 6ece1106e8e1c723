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

/** The register that goes through the shifter: of a second operand that is shifted, or of a shift by itself. */
export function shiftedBy(instruction: Instruction): RegisterSet {
  if (instruction.kind !== "alu") return 0;
  const { encoding, size, shifted } = instruction;
  if (size === 2) return shiftedByNarrow(encoding);
  // LSL, LSR, ASR and ROR by a register shift Rn, in bits 16 to 19; every other wide instruction shifts Rm, in bits 0 to 3.
  if ((encoding & 0xff80f0f0) >>> 0 === 0xfa00f000) return 1 << ((encoding >>> 16) & 15);
  const isMoveShifted = (encoding & 0xffcf0000) >>> 0 === 0xea4f0000 && (encoding & 0x70f0) !== 0;
  return shifted || isMoveShifted ? 1 << (encoding & 15) : 0;
}

function shiftedByNarrow(encoding: number): RegisterSet {
  // LSLS by 0 is MOVS.
  const byConstant = encoding >>> 13 === 0 && encoding >>> 11 !== 3 && encoding >>> 6 !== 0;
  if (byConstant) return 1 << ((encoding >>> 3) & 7);
  const operation = encoding >>> 6;
  const byRegister = operation === 0x102 || operation === 0x103 || operation === 0x104 || operation === 0x107;
  return byRegister ? 1 << (encoding & 7) : 0;
}

/** BX LR, which cores know from any other BX and from MOV PC, LR. */
export const isReturn = ({ encoding, size }: Instruction): boolean => size === 2 && encoding === 0x4770;
