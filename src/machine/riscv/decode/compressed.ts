/** 16-bit encodings as the 32-bit instructions that they stand for (RISC-V unprivileged ISA, 20191213, chapter 16). */
import { field, signed } from "./fields.js";

const opcode = {
  load: 0x03,
  immediate: 0x13,
  store: 0x23,
  register: 0x33,
  lui: 0x37,
  branch: 0x63,
  jalr: 0x67,
  jal: 0x6f,
};

const typeR = (funct7: number, b: number, a: number, funct3: number, d: number): number =>
  ((funct7 << 25) | (b << 20) | (a << 15) | (funct3 << 12) | (d << 7) | opcode.register) >>> 0;
const typeI = (immediate: number, a: number, funct3: number, d: number, code: number): number =>
  ((immediate << 20) | (a << 15) | (funct3 << 12) | (d << 7) | code) >>> 0;
const typeS = (immediate: number, b: number, a: number, funct3 = 2): number =>
  ((field(immediate, 5, 7) << 25) |
    (b << 20) |
    (a << 15) |
    (funct3 << 12) |
    (field(immediate, 0, 5) << 7) |
    opcode.store) >>>
  0;
const typeB = (offset: number, a: number, funct3: number): number =>
  ((field(offset, 12, 1) << 31) |
    (field(offset, 5, 6) << 25) |
    (a << 15) |
    (funct3 << 12) |
    (field(offset, 1, 4) << 8) |
    (field(offset, 11, 1) << 7) |
    opcode.branch) >>>
  0;
const typeJ = (offset: number, d: number): number =>
  ((field(offset, 20, 1) << 31) |
    (field(offset, 1, 10) << 21) |
    (field(offset, 11, 1) << 20) |
    (field(offset, 12, 8) << 12) |
    (d << 7) |
    opcode.jal) >>>
  0;

const addImmediate = (immediate: number, a: number, d: number): number =>
  typeI(immediate, a, 0, d, opcode.immediate);
const loadWord = (offset: number, a: number, d: number): number => typeI(offset, a, 2, d, opcode.load);

/** Registers x8 to x15, by three bits. */
const near = (encoding: number, low: number): number => 8 + field(encoding, low, 3);
const full = (encoding: number): number => field(encoding, 7, 5);
const second = (encoding: number): number => field(encoding, 2, 5);
/** Six bits, extended by their sign. */
const immediate6 = (encoding: number): number => signed((field(encoding, 12, 1) << 5) | second(encoding), 6);

const stackPointer = 2;

/** Undefined: reserved, or of an extension that is not known (floating point, Zcb). */
export function expand(encoding: number): number | undefined {
  const funct3 = field(encoding, 13, 3);
  if (isNarrowMemory(encoding)) return narrowMemory(encoding, funct3);
  switch (encoding & 3) {
    case 0:
      return nearMemory(encoding, funct3);
    case 1:
      return immediates(encoding, funct3);
    case 2:
      return registersAndStack(encoding, funct3);
    default:
      return undefined;
  }
}

/**
 * Loads and stores of bytes and halfwords, which WCH's cores have where others have those of floating point (Xw; WCH does
 * not document them, jnk0le/random does).
 */
export const isNarrowMemory = (encoding: number): boolean =>
  (encoding & 1) === 0 && (field(encoding, 13, 3) & 3) === 1;

function narrowMemory(encoding: number, funct3: number): number {
  const isHalfword = (encoding & 2) !== 0;
  const offset = isHalfword
    ? (field(encoding, 5, 2) << 1) | (field(encoding, 10, 3) << 3)
    : field(encoding, 12, 1) | (field(encoding, 5, 2) << 1) | (field(encoding, 10, 2) << 3);
  const [register, base, width] = [near(encoding, 2), near(encoding, 7), isHalfword ? 1 : 0];
  return funct3 === 1
    ? typeI(offset, base, 4 | width, register, opcode.load)
    : typeS(offset, register, base, width);
}

function nearMemory(encoding: number, funct3: number): number | undefined {
  const offset = (field(encoding, 10, 3) << 3) | (field(encoding, 6, 1) << 2) | (field(encoding, 5, 1) << 6);
  const [low, base] = [near(encoding, 2), near(encoding, 7)];
  switch (funct3) {
    case 0: {
      const distance =
        (field(encoding, 11, 2) << 4) |
        (field(encoding, 7, 4) << 6) |
        (field(encoding, 6, 1) << 2) |
        (field(encoding, 5, 1) << 3);
      return distance === 0 ? undefined : addImmediate(distance, stackPointer, low);
    }
    case 2:
      return loadWord(offset, base, low);
    case 6:
      return typeS(offset, low, base);
    default:
      return undefined;
  }
}

function immediates(encoding: number, funct3: number): number | undefined {
  const register = full(encoding);
  switch (funct3) {
    case 0:
      return addImmediate(immediate6(encoding), register, register);
    case 1:
      return typeJ(jumpOffset(encoding), 1);
    case 2:
      return addImmediate(immediate6(encoding), 0, register);
    case 3: {
      if (register === stackPointer) return addToStack(encoding);
      const value = immediate6(encoding);
      return value === 0 ? undefined : ((value << 12) | (register << 7) | opcode.lui) >>> 0;
    }
    case 4:
      return arithmetic(encoding);
    case 5:
      return typeJ(jumpOffset(encoding), 0);
    default:
      return typeB(branchOffset(encoding), near(encoding, 7), funct3 === 6 ? 0 : 1);
  }
}

function addToStack(encoding: number): number | undefined {
  const distance =
    (field(encoding, 12, 1) << 9) |
    (field(encoding, 6, 1) << 4) |
    (field(encoding, 5, 1) << 6) |
    (field(encoding, 3, 2) << 7) |
    (field(encoding, 2, 1) << 5);
  return distance === 0 ? undefined : addImmediate(signed(distance, 10), stackPointer, stackPointer);
}

function arithmetic(encoding: number): number | undefined {
  const register = near(encoding, 7);
  const isLarge = field(encoding, 12, 1) === 1;
  switch (field(encoding, 10, 2)) {
    case 0:
      return isLarge ? undefined : typeI(second(encoding), register, 5, register, opcode.immediate);
    case 1:
      return isLarge ? undefined : typeI(0x400 | second(encoding), register, 5, register, opcode.immediate);
    case 2:
      return typeI(immediate6(encoding), register, 7, register, opcode.immediate);
    default: {
      if (isLarge) return undefined;
      const operation = field(encoding, 5, 2);
      const funct3 = [0, 4, 6, 7][operation] ?? 0;
      return typeR(operation === 0 ? 0x20 : 0, near(encoding, 2), register, funct3, register);
    }
  }
}

function registersAndStack(encoding: number, funct3: number): number | undefined {
  const [register, other] = [full(encoding), second(encoding)];
  switch (funct3) {
    case 0:
      return field(encoding, 12, 1) === 1 ? undefined : typeI(other, register, 1, register, opcode.immediate);
    case 2: {
      const offset =
        (field(encoding, 12, 1) << 5) | (field(encoding, 4, 3) << 2) | (field(encoding, 2, 2) << 6);
      return register === 0 ? undefined : loadWord(offset, stackPointer, register);
    }
    case 4:
      return jumpOrMove(encoding, register, other);
    case 6: {
      const offset = (field(encoding, 9, 4) << 2) | (field(encoding, 7, 2) << 6);
      return typeS(offset, other, stackPointer);
    }
    default:
      return undefined;
  }
}

function jumpOrMove(encoding: number, register: number, other: number): number | undefined {
  const isSecond = field(encoding, 12, 1) === 1;
  if (other !== 0) return typeR(0, other, isSecond ? register : 0, 0, register);
  if (register !== 0) return typeI(0, register, 0, isSecond ? 1 : 0, opcode.jalr);
  // C.EBREAK
  return isSecond ? 0x00100073 : undefined;
}

const jumpOffset = (encoding: number): number =>
  signed(
    (field(encoding, 12, 1) << 11) |
      (field(encoding, 11, 1) << 4) |
      (field(encoding, 9, 2) << 8) |
      (field(encoding, 8, 1) << 10) |
      (field(encoding, 7, 1) << 6) |
      (field(encoding, 6, 1) << 7) |
      (field(encoding, 3, 3) << 1) |
      (field(encoding, 2, 1) << 5),
    12,
  );

const branchOffset = (encoding: number): number =>
  signed(
    (field(encoding, 12, 1) << 8) |
      (field(encoding, 10, 2) << 3) |
      (field(encoding, 5, 2) << 6) |
      (field(encoding, 3, 2) << 1) |
      (field(encoding, 2, 1) << 5),
    9,
  );
