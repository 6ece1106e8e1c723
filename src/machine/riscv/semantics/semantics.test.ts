import { expect, test } from "vitest";
import type { Expression } from "../../semantics.js";
import { decode } from "../decode/decoder.js";
import { encodings } from "../decode/encodings.js";
import { semanticsOf } from "./semantics.js";

const mask = 0xffffffffn;
const signed = (word: bigint): bigint => BigInt.asIntN(32, word);
const words = [
  0, 1, 2, 3, 5, 31, 32, 0x7f, 0x80, 0xff00, 0x8000, 0x12345678, 0x7fffffff, 0x80000000, 0xfffffffe,
  0xffffffff,
].map(BigInt);
const bitsOf = (word: bigint): readonly bigint[] =>
  Array.from({ length: 32 }, (_, bit) => (word >> BigInt(bit)) & 1n);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const rotated = (word: bigint, by: bigint): bigint => (word >> by) | (word << (32n - by));

/** What the manual says of two words, without 32 bits' limits. */
const manual: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  sll: (a, b) => a << (b & 31n),
  slt: (a, b) => (signed(a) < signed(b) ? 1n : 0n),
  sltu: (a, b) => (a < b ? 1n : 0n),
  xor: (a, b) => a ^ b,
  srl: (a, b) => a >> (b & 31n),
  sra: (a, b) => signed(a) >> (b & 31n),
  or: (a, b) => a | b,
  and: (a, b) => a & b,
  mul: (a, b) => a * b,
  mulh: (a, b) => (signed(a) * signed(b)) >> 32n,
  mulhsu: (a, b) => (signed(a) * b) >> 32n,
  mulhu: (a, b) => (a * b) >> 32n,
  div: (a, b) => (b === 0n ? -1n : signed(a) / signed(b)),
  divu: (a, b) => (b === 0n ? -1n : a / b),
  rem: (a, b) => (b === 0n ? a : signed(a) % signed(b)),
  remu: (a, b) => (b === 0n ? a : a % b),
  sh1add: (a, b) => (a << 1n) + b,
  sh2add: (a, b) => (a << 2n) + b,
  sh3add: (a, b) => (a << 3n) + b,
  andn: (a, b) => a & ~b,
  orn: (a, b) => a | ~b,
  xnor: (a, b) => ~(a ^ b),
  max: (a, b) => (signed(a) < signed(b) ? b : a),
  maxu: (a, b) => (a < b ? b : a),
  min: (a, b) => (signed(a) < signed(b) ? a : b),
  minu: least,
  rol: (a, b) => rotated(a, (32n - (b & 31n)) & 31n),
  ror: (a, b) => rotated(a, b & 31n),
  clz: (a) => BigInt(bitsOf(a).toReversed().indexOf(1n) < 0 ? 32 : bitsOf(a).toReversed().indexOf(1n)),
  ctz: (a) => BigInt(bitsOf(a).indexOf(1n) < 0 ? 32 : bitsOf(a).indexOf(1n)),
  cpop: (a) => bitsOf(a).reduce((sum, bit) => sum + bit, 0n),
  "sext.b": (a) => BigInt.asIntN(8, a),
  "sext.h": (a) => BigInt.asIntN(16, a),
  "zext.h": (a) => a & 0xffffn,
  rev8: (a) => ((a & 255n) << 24n) | (((a >> 8n) & 255n) << 16n) | (((a >> 16n) & 255n) << 8n) | (a >> 24n),
  "orc.b": (a) =>
    [0n, 8n, 16n, 24n].reduce((sum, at) => sum | (((a >> at) & 255n) === 0n ? 0n : 255n << at), 0n),
  bclr: (a, b) => a & ~(1n << (b & 31n)),
  bext: (a, b) => (a >> (b & 31n)) & 1n,
  binv: (a, b) => a ^ (1n << (b & 31n)),
  bset: (a, b) => a | (1n << (b & 31n)),
};

/** What an expression is worth, its operations those of their docstrings. */
function worth(expression: Expression, registers: readonly bigint[]): bigint {
  const of = (part: Expression): bigint => worth(part, registers) & mask;
  const places = (part: Expression): bigint => of(part) & 255n;
  switch (expression.kind) {
    case "register":
      return registers[expression.number] ?? 0n;
    case "constant":
      return BigInt(expression.value);
    case "leadingZeros":
      return BigInt(Math.clz32(Number(of(expression.of))));
    case "reversed":
      return expression.order === "bits"
        ? bitsOf(of(expression.of)).reduce((sum, bit) => (sum << 1n) | bit, 0n)
        : (manual["rev8"]?.(of(expression.of), 0n) ?? 0n);
    case "carry":
    case "lanes":
    case "saturated":
    case "addSaturated":
    case "subSaturated":
      throw new Error(`no instruction of RISC-V has ${expression.kind}`);
    case "shl":
      return of(expression.left) << places(expression.right);
    case "shr":
      return of(expression.left) >> places(expression.right);
    case "sar":
      return signed(of(expression.left)) >> places(expression.right);
    case "rotate":
      return rotated(of(expression.left), places(expression.right) & 31n);
    case "divide":
      return of(expression.right) === 0n ? 0n : of(expression.left) / of(expression.right);
    case "divideSigned":
      return of(expression.right) === 0n ? 0n : signed(of(expression.left)) / signed(of(expression.right));
    case "below":
    case "belowSigned":
    case "highProduct":
    case "highProductSigned":
    case "add":
    case "sub":
    case "and":
    case "or":
    case "xor":
    case "mul": {
      const names = { below: "sltu", belowSigned: "slt", highProduct: "mulhu", highProductSigned: "mulh" };
      const name = expression.kind in names ? names[expression.kind as keyof typeof names] : expression.kind;
      return manual[name]?.(of(expression.left), of(expression.right)) ?? 0n;
    }
  }
}

const [left, right, target] = [11, 12, 13];

function resultOf(word: number, a: bigint, b: bigint): bigint {
  const found = decode(0x1000, word & 0xffff, word >>> 16);
  if (found.kind === "unknown") throw new Error("unknown");
  const semantics = semanticsOf(found);
  if (semantics.kind !== "set" || semantics.register !== target) throw new Error(`it is ${semantics.kind}`);
  const registers = Array.from({ length: 32 }, () => 0n);
  registers[left] = a;
  registers[right] = b;
  return worth(semantics.value, registers) & mask;
}

const arithmetic = encodings.filter(
  ({ operands, kind }) => operands !== "rd" && ["alu", "multiply", "divide"].includes(kind),
);

test.each(arithmetic.filter(({ mnemonic }) => mnemonic in manual))("$mnemonic", ({ mnemonic, value }) => {
  for (const a of words) {
    for (const b of words) {
      const word =
        (value | (target << 7) | (left << 15) | (manual[mnemonic]?.length === 2 ? right << 20 : 0)) >>> 0;
      expect(resultOf(word, a, b), `${a} ${b}`).toBe((manual[mnemonic]?.(a, b) ?? 0n) & mask);
    }
  }
});

const immediates = arithmetic.filter(({ mnemonic }) => !(mnemonic in manual));

test.each(immediates)("$mnemonic is the operation with the immediate", ({ mnemonic, value, mask: fixed }) => {
  const named = mnemonic === "sltiu" ? "sltu" : mnemonic.replace(/i$/, "");
  // Shifts have five bits, others twelve with a sign.
  const isShift = (fixed & 0xf0000000) !== 0;
  for (const a of words) {
    for (const immediate of isShift ? [0, 1, 17, 31] : [0, 1, 5, 2047, -1, -2048]) {
      const word = (value | (target << 7) | (left << 15) | (immediate << 20)) >>> 0;
      const other = BigInt.asUintN(32, BigInt(immediate));
      expect(resultOf(word, a, 0n), `${a} ${immediate}`).toBe((manual[named]?.(a, other) ?? 0n) & mask);
    }
  }
});

const semanticsAt = (word: number, at = 0x1000) => {
  const found = decode(at, word & 0xffff, word >>> 16);
  return found.kind === "unknown" ? undefined : semanticsOf(found);
};

test("constants, and what x0 reads and takes", () => {
  // lui a3, 0x80400; auipc a3, 1; li a3, 5; addi x0, a1, 1; sw x0, 4(a1)
  expect(semanticsAt(0x804006b7)).toEqual({
    kind: "set",
    register: 13,
    value: { kind: "constant", value: 0x80400000 },
  });
  expect(semanticsAt(0x00001697)).toEqual({
    kind: "set",
    register: 13,
    value: { kind: "constant", value: 0x2000 },
  });
  expect(semanticsAt(0x00500693)).toEqual({
    kind: "set",
    register: 13,
    value: { kind: "constant", value: 5 },
  });
  expect(semanticsAt(0x00158013)).toEqual({ kind: "nothing" });
  expect(semanticsAt(0x0005a223)).toMatchObject({
    kind: "store",
    bytes: 4,
    stored: { kind: "constant", value: 0 },
  });
});

test("mstatus is read and masked at once, and MIE restored", () => {
  // csrrci a3, mstatus, 8; csrs mstatus, a1; csrr a3, mstatus; csrr a3, mcycle
  expect(semanticsAt(0x300476f3)).toEqual({
    ...{ kind: "writeMask", mask: 0, bits: 8, how: "clears", old: 13 },
    value: { kind: "constant", value: 8 },
  });
  expect(semanticsAt(0x3005a073)).toEqual({
    ...{ kind: "writeMask", mask: 0, bits: 8, how: "sets" },
    value: { kind: "register", number: 11 },
  });
  expect(semanticsAt(0x300026f3)).toEqual({ kind: "readMask", register: 13, mask: 0 });
  expect(semanticsAt(0xb00026f3)).toEqual({ kind: "other" });
});
