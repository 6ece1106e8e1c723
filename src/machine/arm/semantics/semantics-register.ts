/** Semantics of 32-bit operations of registers: ARMv7-M ARM (Arm DDI 0403E), A5.3.12 to A5.3.17. */
import { field } from "../decode/encoding.js";
import { PC } from "../instruction.js";
import { halfParts, joined, laneOf, parallel } from "./lanes.js";
import { productOrQuotient } from "./products.js";
import {
  binary,
  constant,
  inverted,
  lanes,
  register,
  type Expression,
  type FlagEffect,
  type Reversal,
  type Semantics,
} from "../../semantics.js";

const other: Semantics = { kind: "other" };

const target = (encoding: number): number => field(encoding, 8, 4);
const base = (encoding: number): number => field(encoding, 16, 4);
const second = (encoding: number): number => field(encoding, 0, 4);

const reversals: readonly Reversal[] = ["bytes", "halves", "bits", "lowHalf"];

/** Shifts by a register, extension, reversal, CLZ, SEL, sums of parts, products and quotients. */
export function registerSemantics(encoding: number): Semantics {
  const set = (value: Expression, flags?: FlagEffect): Semantics => ({
    kind: "set",
    register: target(encoding),
    value,
    ...(flags === undefined ? {} : { flags }),
  });
  const left = register(base(encoding));
  const right = register(second(encoding));
  const operation = field(encoding, 20, 5);
  const form = field(encoding, 4, 4);
  if (operation < 8 && form === 0) {
    const by = (["shl", "shr", "sar", "rotate"] as const)[operation >>> 1];
    if (by === undefined) return other;
    const value = binary(by, left, right);
    const carryOut = { kind: "shift", by, of: left, amount: right } as const;
    return set(value, (operation & 1) !== 0 ? { result: value, carry: carryOut } : undefined);
  }
  if (operation < 6 && form >= 8) return extension(encoding, set);
  if (operation === 9 && form >= 8) {
    const order = reversals[form & 3];
    return order === undefined ? other : set({ kind: "reversed", order, of: right });
  }
  if (operation === 10 && form === 8) {
    return set(binary("or", binary("and", left, lanes), binary("and", right, inverted(lanes))));
  }
  if (operation === 8 && form >= 8) return set(saturatedSum(right, left, form));
  if (operation >= 8 && operation < 16 && form < 8) {
    const { value, lanes: told } = parallel(left, right, operation & 7, form);
    return { kind: "set", register: target(encoding), value, ...(told === undefined ? {} : { lanes: told }) };
  }
  if (operation === 11 && form === 8) return set({ kind: "leadingZeros", of: right });
  return operation >= 16 ? productOrQuotient(encoding) : other;
}

/** QADD, QDADD, QSUB and QDSUB. */
function saturatedSum(left: Expression, right: Expression, form: number): Expression {
  const doubled = (form & 1) !== 0 ? binary("addSaturated", right, right) : right;
  return binary((form & 2) !== 0 ? "subSaturated" : "addSaturated", left, doubled);
}

/** SXTH, UXTH, SXTB, UXTB, SXTB16 and UXTB16, rotated by bytes first, and added to a register where there is one. */
function extension(encoding: number, set: (value: Expression) => Semantics): Semantics {
  const amount = 8 * field(encoding, 4, 2);
  const source = register(second(encoding));
  const rotated = amount === 0 ? source : binary("rotate", source, constant(amount));
  const isUnsigned = (encoding & (1 << 20)) !== 0;
  const addend = base(encoding) === PC ? undefined : register(base(encoding));
  if (field(encoding, 21, 2) === 1) {
    const bytes = [0, 16].map((place) => laneOf(rotated, place, 8, isUnsigned));
    const sums = halfParts(addend ?? constant(0)).map((half, index) =>
      binary("add", half, bytes[index] ?? constant(0)),
    );
    return set(joined(sums, 16));
  }
  const bits = field(encoding, 22, 1) === 0 ? 16 : 8;
  const value = laneOf(rotated, 0, bits, isUnsigned);
  return set(addend === undefined ? value : binary("add", addend, value));
}
