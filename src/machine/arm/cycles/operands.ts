/** Which operand of an instruction is which, where a rule asks. */
import type { Instruction, RegisterSet } from "../instruction.js";
import { countRegisters } from "../decode/encoding.js";
import { formOf } from "./forms.js";
import { SP, registers } from "../instruction.js";

/** Registers that a single load loads, its base left out where it is written back. */
export function loadedBy(instruction: Instruction & { readonly kind: "load" }): RegisterSet {
  const { writes, address } = instruction;
  const single = (writes & (writes - 1)) === 0;
  return single ? writes : writes & ~address;
}

/** The base that a load or store writes back; none for any other instruction. */
export function writtenBackBy(instruction: Instruction): RegisterSet {
  const { kind, writes } = instruction;
  const behind = (base: RegisterSet, loaded: number): RegisterSet =>
    countRegisters(writes) > loaded ? base & writes : 0;
  if (kind === "load") return behind(instruction.address, 1);
  if (kind === "loadPair") return behind(instruction.address, 2);
  if (kind === "loadMultiple") return behind(1 << instruction.base, instruction.count);
  return kind === "store" || kind === "storePair" || kind === "storeMultiple" ? writes : 0;
}

/** Registers that a single load or store addresses with, SP left out; none for any other instruction. */
export function addressOf(instruction: Instruction): RegisterSet {
  const isSingle = instruction.kind === "load" || instruction.kind === "store";
  return isSingle ? instruction.address & ~registers(SP) : 0;
}

/** Registers whose contents a single store or STRD stores. */
export function storedBy(instruction: Instruction): RegisterSet {
  const { kind, reads } = instruction;
  return kind === "store" || kind === "storePair" ? reads & ~instruction.address : 0;
}

/** Registers that are stored in the cycle behind E: of STM and PUSH the first. */
export function storedFirst(instruction: Instruction): RegisterSet {
  if (instruction.kind !== "storeMultiple") return storedBy(instruction);
  const { encoding, base, size } = instruction;
  const list =
    size === 4 ? encoding & 0xffff : (encoding & 0xff) | (base === SP ? (encoding & 0x100) << 6 : 0);
  return list & -list;
}

/** The register of a second operand that goes through the shifter; a shift by itself is a move, and none. */
export function shiftedBy(instruction: Instruction): RegisterSet {
  if (instruction.kind !== "alu" || instruction.size === 2) return 0;
  const isShifted = instruction.shifted || formOf(instruction) === "shiftedOperand";
  return isShifted ? 1 << (instruction.encoding & 15) : 0;
}

/** BX LR, which cores know from any other BX and from MOV PC, LR. */
export const isReturn = ({ encoding, size }: Instruction): boolean => size === 2 && encoding === 0x4770;
