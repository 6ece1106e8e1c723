/** What the later cores tell apart among data processing, by encoding (ARMv7-M ARM, Arm DDI 0403E, A5.2 and A5.3). */
import type { Instruction, RegisterSet } from "../instruction.js";

export type Form =
  /** Arithmetic and logic of registers and plain constants: bytes, 12 bits of ADDW and SUBW, repeated bytes. */
  | "arithmetic"
  /** MOV, MVN, MOVW and MOVT: a register or any constant. */
  | "move"
  | "shiftByConstant"
  | "shiftByRegister"
  /** A second operand that is shifted or rotated in place, RRX among them. */
  | "shiftedOperand"
  /** A byte rotated to another place, not for MOV and MVN. */
  | "rotatedConstant"
  /** UXTB and its like, rotated or not. */
  | "extend"
  /** UXTAB and its like. */
  | "extendAndAdd"
  /** UBFX, SBFX. */
  | "extract"
  /** BFI, BFC. */
  | "insert"
  | "countZeros"
  /** REV, REV16, REVSH, RBIT. */
  | "reverse"
  /** PKHBT, PKHTB. */
  | "pack"
  /** Sums of halves and bytes, saturation, SEL. */
  | "parallel";

/** Of an instruction of kind "alu". */
export function formOf({ encoding, size }: Instruction): Form {
  return size === 2 ? narrowForm(encoding) : wideForm(encoding);
}

function narrowForm(encoding: number): Form {
  const group = encoding >>> 11;
  // LSLS by 0 is MOVS.
  if (group < 3) return encoding >>> 6 === 0 ? "move" : "shiftByConstant";
  if (group === 4 || encoding >>> 8 === 0x46) return "move";
  if (encoding >>> 10 === 0x10) {
    const operation = (encoding >>> 6) & 15;
    if (operation === 2 || operation === 3 || operation === 4 || operation === 7) return "shiftByRegister";
    return operation === 15 ? "move" : "arithmetic";
  }
  if (encoding >>> 8 === 0xb2) return "extend";
  return encoding >>> 8 === 0xba ? "reverse" : "arithmetic";
}

/** Bits 25 to 31 of data processing of a register that may be shifted. */
const shiftedRegister = 0x75;

const isMove = (operation: number, n: number): boolean => (operation === 2 || operation === 3) && n === 15;

function wideForm(encoding: number): Form {
  const operation = (encoding >>> 21) & 15;
  const n = (encoding >>> 16) & 15;
  if (encoding >>> 25 === shiftedRegister) {
    if (operation === 6) return "pack";
    const isShifted = (encoding & 0x70f0) !== 0;
    if (!isShifted) return isMove(operation, n) ? "move" : "arithmetic";
    // MOV of a shifted register is the shift itself; RRX, and MVN, are not.
    const isRrx = (encoding & 0x70f0) === 0x30;
    return operation === 2 && n === 15 && !isRrx ? "shiftByConstant" : "shiftedOperand";
  }
  if (encoding >>> 24 === 0xfa) return registerForm(encoding, n);
  if ((encoding & 0x02000000) !== 0) return binaryForm((encoding >>> 20) & 31);
  if (isMove(operation, n)) return "move";
  return (encoding & 0x04004000) === 0 ? "arithmetic" : "rotatedConstant";
}

/** Operations with a plain constant, by bits 20 to 24. */
function binaryForm(operation: number): Form {
  switch (operation) {
    case 4:
    case 12:
      return "move";
    case 20:
    case 28:
      return "extract";
    case 22:
      return "insert";
    case 16:
    case 18:
    case 24:
    case 26:
      return "parallel";
    default:
      return "arithmetic";
  }
}

function registerForm(encoding: number, n: number): Form {
  const high = (encoding >>> 20) & 15;
  const isExtension = (encoding & 0x80) !== 0;
  if (high < 8) {
    if (!isExtension) return "shiftByRegister";
    return n === 15 ? "extend" : "extendAndAdd";
  }
  if (!isExtension) return "parallel";
  if (high === 9) return "reverse";
  return high === 11 ? "countZeros" : "parallel";
}

/** The register that is added to what is computed: of products with an addend, and of UXTAB and its like. */
export function addendOf(instruction: Instruction): RegisterSet {
  const { encoding, kind, writes } = instruction;
  if (kind === "multiply" && instruction.accumulate) return 1 << ((encoding >>> 12) & 15);
  if (kind === "multiplyLong" && instruction.accumulate) return writes;
  const adds = kind === "alu" && formOf(instruction) === "extendAndAdd";
  return adds ? 1 << ((encoding >>> 16) & 15) : 0;
}

/** What is multiplied or extended before an addend comes to it. */
export function factorsOf({ encoding, kind }: Instruction): RegisterSet {
  if (kind === "multiply" || kind === "multiplyLong")
    return (1 << (encoding & 15)) | (1 << ((encoding >>> 16) & 15));
  return 1 << (encoding & 15);
}

/** Whether it sets flags; 16-bit arithmetic does not under IT. */
export function setsFlags(instruction: Instruction, underIt: boolean): boolean {
  const { encoding, kind, size } = instruction;
  if (size === 2) {
    if (kind === "multiply") return !underIt;
    return kind === "alu" && narrowSetsFlags(encoding, underIt);
  }
  if (kind !== "alu") return false;
  const isBinary = encoding >>> 27 === 0x1e && (encoding & 0x02000000) !== 0;
  const isRegister = encoding >>> 24 === 0xfa;
  if (isBinary || (isRegister && (encoding & 0x00800080) !== 0)) return false;
  return (encoding & 0x00100000) !== 0;
}

function narrowSetsFlags(encoding: number, underIt: boolean): boolean {
  const isCompare =
    encoding >>> 11 === 5 || encoding >>> 8 === 0x45 || encoding >>> 6 === 0x108 || encoding >>> 7 === 0x85;
  return isCompare || (encoding >>> 14 === 0 && !underIt) || (encoding >>> 10 === 0x10 && !underIt);
}

/** Whether data processing reads flags: ADC, SBC, RRX and SEL. */
export function readsFlags({ encoding, kind, size }: Instruction): boolean {
  if (kind !== "alu") return false;
  if (size === 2) return encoding >>> 6 === 0x105 || encoding >>> 6 === 0x106;
  const operation = (encoding >>> 21) & 15;
  const isConstant = encoding >>> 27 === 0x1e && (encoding & 0x02000000) === 0;
  const isShifted = encoding >>> 25 === shiftedRegister;
  if (isConstant || isShifted) {
    return operation === 10 || operation === 11 || (isShifted && (encoding & 0x70f0) === 0x30);
  }
  return (encoding & 0xfff0f0f0) >>> 0 === 0xfaa0f080;
}
