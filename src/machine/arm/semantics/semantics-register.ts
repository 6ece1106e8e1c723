/** Semantics of 32-bit operations of registers: ARMv7-M ARM (Arm DDI 0403E), A5.3.12 to A5.3.17. */
import { field } from "../decode/encoding.js";
import { PC } from "../instruction.js";
import {
  binary,
  constant,
  register,
  signExtended,
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

/** Shifts by a register, extension, reversal, CLZ, products and quotients. */
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
  if (operation === 11 && form === 8) return set({ kind: "leadingZeros", of: right });
  return operation >= 16 ? productOrQuotient(encoding, set) : other;
}

/** SXTH, UXTH, SXTB, UXTB, rotated by bytes first, and added to a register where there is one. */
function extension(encoding: number, set: (value: Expression) => Semantics): Semantics {
  const amount = 8 * field(encoding, 4, 2);
  const source = register(second(encoding));
  const rotated = amount === 0 ? source : binary("rotate", source, constant(amount));
  const bits = { 0: 16, 1: 16, 4: 8, 5: 8 }[field(encoding, 20, 3)];
  if (bits === undefined) return other;
  const value =
    (encoding & (1 << 20)) !== 0
      ? binary("and", rotated, constant(2 ** bits - 1))
      : signExtended(rotated, bits);
  return set(base(encoding) === PC ? value : binary("add", register(base(encoding)), value));
}

/** MUL, MLA, MLS, SMULL, UMULL, SDIV and UDIV. */
function productOrQuotient(encoding: number, set: (value: Expression) => Semantics): Semantics {
  const left = register(base(encoding));
  const right = register(second(encoding));
  const addend = field(encoding, 12, 4);
  const product = binary("mul", left, right);
  switch (field(encoding, 20, 4)) {
    case 0:
      if (field(encoding, 4, 4) === 1) return set(binary("sub", register(addend), product));
      if (field(encoding, 4, 4) !== 0) return other;
      return set(addend === PC ? product : binary("add", register(addend), product));
    case 8:
    case 10: {
      const isSigned = field(encoding, 20, 4) === 8;
      const high = binary(isSigned ? "highProductSigned" : "highProduct", left, right);
      return {
        kind: "setPair",
        low: { register: addend, value: product },
        high: { register: target(encoding), value: high },
      };
    }
    case 9:
      return set(binary("divideSigned", left, right));
    case 11:
      return set(binary("divide", left, right));
    default: // SMLAL, UMLAL, and the products of the DSP extension
      return other;
  }
}
