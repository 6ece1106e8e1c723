/** 32-bit encodings (RISC-V unprivileged ISA, 20191213, chapter 24; Bit-Manipulation ISA-extensions, 1.0.0). */
import type { Extension, Kind } from "../instruction.js";

/** Which fields name registers: of what is read, and what is written. */
export type Operands = "rd,rs1,rs2" | "rd,rs1" | "rs1,rs2" | "rd" | "rs1" | "none";

export interface Encoding {
  readonly mnemonic: string;
  readonly extension: Extension;
  readonly kind: Kind;
  readonly operands: Operands;
  readonly mask: number;
  readonly value: number;
}

interface Group {
  readonly extension: Extension;
  readonly kind: Kind;
  readonly operands: Operands;
}

const encoding = (group: Group, mnemonic: string, mask: number, value: number): Encoding => ({
  ...group,
  mnemonic,
  mask: mask >>> 0,
  value: value >>> 0,
});

const opcodeAnd3 = 0x0000707f;
const opcode37 = 0xfe00707f;
const opcode312 = 0xfff0707f;

/** Two registers: mnemonic, the seven high bits, funct3. */
const registers = (
  extension: Extension,
  kind: Kind,
  rows: readonly (readonly [mnemonic: string, funct7: number, funct3: number])[],
): readonly Encoding[] =>
  rows.map(([mnemonic, funct7, funct3]) =>
    encoding(
      { extension, kind, operands: "rd,rs1,rs2" },
      mnemonic,
      opcode37,
      (funct7 << 25) | (funct3 << 12) | 0x33,
    ),
  );

/** A register, and five bits that say how far: mnemonic, the seven high bits, funct3. */
const shifts = (
  extension: Extension,
  rows: readonly (readonly [mnemonic: string, funct7: number, funct3: number])[],
): readonly Encoding[] =>
  rows.map(([mnemonic, funct7, funct3]) =>
    encoding(
      { extension, kind: "alu", operands: "rd,rs1" },
      mnemonic,
      opcode37,
      (funct7 << 25) | (funct3 << 12) | 0x13,
    ),
  );

/** A register alone: mnemonic, the twelve high bits, funct3, opcode. */
const unary = (
  rows: readonly (readonly [mnemonic: string, funct12: number, funct3: number, opcode: number])[],
): readonly Encoding[] =>
  rows.map(([mnemonic, funct12, funct3, opcode]) =>
    encoding(
      { extension: "Zbb", kind: "alu", operands: "rd,rs1" },
      mnemonic,
      opcode312,
      (funct12 << 20) | (funct3 << 12) | opcode,
    ),
  );

/** With an immediate, by funct3 and opcode. */
const byFunct3 = (
  group: Group,
  opcode: number,
  rows: readonly (readonly [mnemonic: string, funct3: number])[],
): readonly Encoding[] =>
  rows.map(([mnemonic, funct3]) => encoding(group, mnemonic, opcodeAnd3, (funct3 << 12) | opcode));

const atomics = (rows: readonly (readonly [mnemonic: string, funct5: number])[]): readonly Encoding[] =>
  rows.map(([mnemonic, funct5]) =>
    encoding(
      { extension: "A", kind: "atomic", operands: "rd,rs1,rs2" },
      mnemonic,
      0xf800707f,
      (funct5 << 27) | 0x202f,
    ),
  );

const base = (kind: Kind, operands: Operands): Group => ({ extension: "I", kind, operands });

export const encodings: readonly Encoding[] = [
  encoding(base("alu", "rd"), "lui", 0x7f, 0x37),
  encoding(base("alu", "rd"), "auipc", 0x7f, 0x17),
  encoding(base("jump", "rd"), "jal", 0x7f, 0x6f),
  encoding(base("jumpRegister", "rd,rs1"), "jalr", opcodeAnd3, 0x67),
  ...byFunct3(base("branch", "rs1,rs2"), 0x63, [
    ["beq", 0],
    ["bne", 1],
    ["blt", 4],
    ["bge", 5],
    ["bltu", 6],
    ["bgeu", 7],
  ]),
  ...byFunct3(base("load", "rd,rs1"), 0x03, [
    ["lb", 0],
    ["lh", 1],
    ["lw", 2],
    ["lbu", 4],
    ["lhu", 5],
  ]),
  ...byFunct3(base("store", "rs1,rs2"), 0x23, [
    ["sb", 0],
    ["sh", 1],
    ["sw", 2],
  ]),
  ...byFunct3(base("alu", "rd,rs1"), 0x13, [
    ["addi", 0],
    ["slti", 2],
    ["sltiu", 3],
    ["xori", 4],
    ["ori", 6],
    ["andi", 7],
  ]),
  ...shifts("I", [
    ["slli", 0x00, 1],
    ["srli", 0x00, 5],
    ["srai", 0x20, 5],
  ]),
  ...registers("I", "alu", [
    ["add", 0x00, 0],
    ["sub", 0x20, 0],
    ["sll", 0x00, 1],
    ["slt", 0x00, 2],
    ["sltu", 0x00, 3],
    ["xor", 0x00, 4],
    ["srl", 0x00, 5],
    ["sra", 0x20, 5],
    ["or", 0x00, 6],
    ["and", 0x00, 7],
  ]),
  encoding(base("fence", "none"), "fence", 0xf00fffff, 0x0000000f),
  encoding(base("trap", "none"), "ecall", -1, 0x00000073),
  encoding(base("trap", "none"), "ebreak", -1, 0x00100073),
  ...registers("M", "multiply", [
    ["mul", 1, 0],
    ["mulh", 1, 1],
    ["mulhsu", 1, 2],
    ["mulhu", 1, 3],
  ]),
  ...registers("M", "divide", [
    ["div", 1, 4],
    ["divu", 1, 5],
    ["rem", 1, 6],
    ["remu", 1, 7],
  ]),
  encoding({ extension: "A", kind: "atomic", operands: "rd,rs1" }, "lr.w", 0xf9f0707f, 0x1000202f),
  ...atomics([
    ["sc.w", 0x03],
    ["amoswap.w", 0x01],
    ["amoadd.w", 0x00],
    ["amoxor.w", 0x04],
    ["amoand.w", 0x0c],
    ["amoor.w", 0x08],
    ["amomin.w", 0x10],
    ["amomax.w", 0x14],
    ["amominu.w", 0x18],
    ["amomaxu.w", 0x1c],
  ]),
  ...byFunct3({ extension: "Zicsr", kind: "csr", operands: "rd,rs1" }, 0x73, [
    ["csrrw", 1],
    ["csrrs", 2],
    ["csrrc", 3],
  ]),
  ...byFunct3({ extension: "Zicsr", kind: "csr", operands: "rd" }, 0x73, [
    ["csrrwi", 5],
    ["csrrsi", 6],
    ["csrrci", 7],
  ]),
  ...registers("Zba", "alu", [
    ["sh1add", 0x10, 2],
    ["sh2add", 0x10, 4],
    ["sh3add", 0x10, 6],
  ]),
  ...registers("Zbb", "alu", [
    ["andn", 0x20, 7],
    ["orn", 0x20, 6],
    ["xnor", 0x20, 4],
    ["max", 0x05, 6],
    ["maxu", 0x05, 7],
    ["min", 0x05, 4],
    ["minu", 0x05, 5],
    ["rol", 0x30, 1],
    ["ror", 0x30, 5],
  ]),
  ...shifts("Zbb", [["rori", 0x30, 5]]),
  ...unary([
    ["clz", 0x600, 1, 0x13],
    ["ctz", 0x601, 1, 0x13],
    ["cpop", 0x602, 1, 0x13],
    ["sext.b", 0x604, 1, 0x13],
    ["sext.h", 0x605, 1, 0x13],
    ["zext.h", 0x080, 4, 0x33],
    ["orc.b", 0x287, 5, 0x13],
    ["rev8", 0x698, 5, 0x13],
  ]),
  ...registers("Zbs", "alu", [
    ["bclr", 0x24, 1],
    ["bext", 0x24, 5],
    ["binv", 0x34, 1],
    ["bset", 0x14, 1],
  ]),
  ...shifts("Zbs", [
    ["bclri", 0x24, 1],
    ["bexti", 0x24, 5],
    ["binvi", 0x34, 1],
    ["bseti", 0x14, 1],
  ]),
];

const byOpcode: readonly (readonly Encoding[])[] = Array.from({ length: 128 }, (_, opcode) =>
  encodings.filter(({ value }) => (value & 0x7f) === opcode),
);

/** What an encoding is; undefined: not known. */
export const encodingOf = (word: number): Encoding | undefined =>
  byOpcode[word & 0x7f]?.find(({ mask, value }) => (word & mask) >>> 0 === value);
