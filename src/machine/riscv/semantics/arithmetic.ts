/** What operations of registers compute (RISC-V unprivileged ISA, 20191213, 2.4 and chapter 7; Bit-Manipulation, 1.0.0). */
import { binary, constant, inverted, signExtended, type Expression } from "../../semantics.js";

type Operation = (left: Expression, right: Expression) => Expression;

/** Of a shift's right side the five low bits count. */
const places = (of: Expression): Expression =>
  of.kind === "constant" ? constant(of.value & 31) : binary("and", of, constant(31));
const negative = (of: Expression): Expression => binary("sub", constant(0), of);
const bit = (number: Expression): Expression => binary("shl", constant(1), places(number));

const shift =
  (kind: "shl" | "shr" | "sar" | "rotate"): Operation =>
  (left, right) =>
    binary(kind, left, places(right));

/** All bits where the divisor is 0, else none. */
const ofZero = (divisor: Expression): Expression => negative(binary("below", divisor, constant(1)));

/** A quotient; of a division by 0 all bits. The description's own is 0 there. */
const quotient =
  (kind: "divide" | "divideSigned"): Operation =>
  (left, right) =>
    binary("or", binary(kind, left, right), ofZero(right));

const remainder =
  (kind: "divide" | "divideSigned"): Operation =>
  (left, right) =>
    binary("sub", left, binary("mul", binary(kind, left, right), right));

/** `left` where it is below, or is not, else `right`. */
const chosen =
  (kind: "below" | "belowSigned", wantsBelow: boolean): Operation =>
  (left, right) => {
    const takesLeft = wantsBelow ? binary(kind, left, right) : binary(kind, right, left);
    return binary("xor", right, binary("and", binary("xor", left, right), negative(takesLeft)));
  };

const shiftAdd =
  (by: number): Operation =>
  (left, right) =>
    binary("add", binary("shl", left, constant(by)), right);

/** Less than as a signed number: of 0 the sign alone. */
const belowSigned: Operation = (left, right) =>
  right.kind === "constant" && right.value === 0
    ? binary("shr", left, constant(31))
    : binary("belowSigned", left, right);

/** By the name of the operation, without the i of an immediate. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["add", (left, right) => binary("add", left, right)],
  ["sub", (left, right) => binary("sub", left, right)],
  ["xor", (left, right) => binary("xor", left, right)],
  ["or", (left, right) => binary("or", left, right)],
  ["and", (left, right) => binary("and", left, right)],
  ["sll", shift("shl")],
  ["srl", shift("shr")],
  ["sra", shift("sar")],
  ["slt", belowSigned],
  ["sltu", (left, right) => binary("below", left, right)],
  ["mul", (left, right) => binary("mul", left, right)],
  ["mulh", (left, right) => binary("highProductSigned", left, right)],
  ["mulhu", (left, right) => binary("highProduct", left, right)],
  [
    "mulhsu",
    (left, right) =>
      binary(
        "sub",
        binary("highProduct", left, right),
        binary("and", binary("sar", left, constant(31)), right),
      ),
  ],
  ["div", quotient("divideSigned")],
  ["divu", quotient("divide")],
  ["rem", remainder("divideSigned")],
  ["remu", remainder("divide")],
  ["sh1add", shiftAdd(1)],
  ["sh2add", shiftAdd(2)],
  ["sh3add", shiftAdd(3)],
  ["andn", (left, right) => binary("and", left, inverted(right))],
  ["orn", (left, right) => binary("or", left, inverted(right))],
  ["xnor", (left, right) => inverted(binary("xor", left, right))],
  ["min", chosen("belowSigned", true)],
  ["minu", chosen("below", true)],
  ["max", chosen("belowSigned", false)],
  ["maxu", chosen("below", false)],
  ["ror", shift("rotate")],
  ["rol", (left, right) => binary("rotate", left, places(negative(right)))],
  ["bclr", (left, right) => binary("and", left, inverted(bit(right)))],
  ["bext", (left, right) => binary("and", binary("shr", left, places(right)), constant(1))],
  ["binv", (left, right) => binary("xor", left, bit(right))],
  ["bset", (left, right) => binary("or", left, bit(right))],
]);

/** Of one register. */
export const unaryOperations: ReadonlyMap<string, (of: Expression) => Expression> = new Map([
  ["clz", (of: Expression): Expression => ({ kind: "leadingZeros", of })],
  [
    "ctz",
    (of: Expression): Expression => ({ kind: "leadingZeros", of: { kind: "reversed", order: "bits", of } }),
  ],
  ["cpop", populationCount],
  ["sext.b", (of: Expression) => signExtended(of, 8)],
  ["sext.h", (of: Expression) => signExtended(of, 16)],
  ["zext.h", (of: Expression) => binary("and", of, constant(0xffff))],
  ["rev8", (of: Expression): Expression => ({ kind: "reversed", order: "bytes", of })],
  ["orc.b", orCombined],
]);

/** Warren, Hacker's Delight, 5-1. */
function populationCount(of: Expression): Expression {
  const masked = (value: Expression, by: number, mask: number): Expression =>
    binary("and", by === 0 ? value : binary("shr", value, constant(by)), constant(mask));
  const pairs = binary("sub", of, masked(of, 1, 0x55555555));
  const fours = binary("add", masked(pairs, 0, 0x33333333), masked(pairs, 2, 0x33333333));
  const bytes = masked(binary("add", fours, binary("shr", fours, constant(4))), 0, 0x0f0f0f0f);
  return binary("shr", binary("mul", bytes, constant(0x01010101)), constant(24));
}

/** Each byte that has a bit becomes all bits: whether it has one goes to its highest, by a sum that stays in the byte. */
function orCombined(of: Expression): Expression {
  const low = constant(0x7f7f7f7f);
  const some = binary("or", binary("add", binary("and", of, low), low), of);
  const ones = binary("shr", binary("and", some, constant(0x80808080)), constant(7));
  return binary("mul", ones, constant(0xff));
}
