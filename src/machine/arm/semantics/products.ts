/** Products and quotients (ARMv7-M ARM, Arm DDI 0403E, A5.3.16 and A5.3.17). */
import { field } from "../decode/encoding.js";
import { PC } from "../instruction.js";
import { byteDistances, halfParts } from "./lanes.js";
import { binary, constant, register, type Expression, type Semantics } from "../../semantics.js";

const other: Semantics = { kind: "other" };

/** What the fields of an encoding name. */
interface Fields {
  readonly left: Expression;
  readonly right: Expression;
  /** Undefined: nothing is added. */
  readonly addend: Expression | undefined;
  /** Bits 4 to 7. */
  readonly form: number;
}

export function productOrQuotient(encoding: number): Semantics {
  const number = field(encoding, 12, 4);
  const fields: Fields = {
    left: register(field(encoding, 16, 4)),
    right: register(field(encoding, 0, 4)),
    addend: number === PC ? undefined : register(number),
    form: field(encoding, 4, 4),
  };
  const operation = field(encoding, 20, 4);
  const target = field(encoding, 8, 4);
  if (operation === 9 || operation === 11) {
    const kind = operation === 9 ? "divideSigned" : "divide";
    return { kind: "set", register: target, value: binary(kind, fields.left, fields.right) };
  }
  if (operation < 8) {
    const value = wordProduct(operation, fields);
    return value === undefined ? other : { kind: "set", register: target, value };
  }
  const own = { low: register(number), high: register(target) };
  const { low, high } = longProduct(operation, fields, own);
  return {
    kind: "setPair",
    low: { register: number, value: low },
    high: { register: target, value: high },
  };
}

const half = (of: Expression, isHigh: boolean): Expression => halfParts(of)[isHigh ? 1 : 0] ?? of;
const product = (left: Expression, right: Expression): Expression => binary("mul", left, right);

/** Products of the low halves and of the high ones; those of the right side may be exchanged. */
function twoProducts(left: Expression, right: Expression, exchanged: boolean) {
  return {
    low: product(half(left, false), half(right, exchanged)),
    high: product(half(left, true), half(right, !exchanged)),
  };
}

function wordProduct(operation: number, { left, right, addend, form }: Fields): Expression | undefined {
  const bit = (form & 1) !== 0;
  const added = (value: Expression): Expression =>
    addend === undefined ? value : binary("add", addend, value);
  switch (operation) {
    case 0: // MUL, MLA, MLS
      if (bit) return addend === undefined ? undefined : binary("sub", addend, product(left, right));
      return added(product(left, right));
    case 1: // SMULxy, SMLAxy
      return added(product(half(left, (form & 2) !== 0), half(right, bit)));
    case 2: {
      // SMUAD, SMLAD
      const { low, high } = twoProducts(left, right, bit);
      return added(binary("add", low, high));
    }
    case 3: // SMULWy, SMLAWy: the highest 32 of 48 bits
      return added(binary("highProductSigned", left, binary("shl", half(right, bit), constant(16))));
    case 4: {
      // SMUSD, SMLSD
      const { low, high } = twoProducts(left, right, bit);
      return added(binary("sub", low, high));
    }
    case 5: {
      // SMMUL, SMMLA: rounded, half of the low word's range is added
      const high = binary("highProductSigned", left, right);
      return added(bit ? binary("add", high, binary("shr", product(left, right), constant(31))) : high);
    }
    case 6: {
      // SMMLS: the low word is taken from 0, or from half of its range
      if (addend === undefined) return undefined;
      const borrow = binary("below", constant(bit ? 0x80000000 : 0), product(left, right));
      return binary("sub", binary("sub", addend, binary("highProductSigned", left, right)), borrow);
    }
    default: // USAD8, USADA8
      return added(byteDistances(left, right));
  }
}

/** Two words, as one number. */
interface Long {
  readonly low: Expression;
  readonly high: Expression;
}

const sign = (of: Expression): Expression => binary("sar", of, constant(31));

function sum(left: Long, right: Long): Long {
  const low = binary("add", left.low, right.low);
  const high = binary("add", left.high, right.high);
  return { low, high: binary("add", high, binary("below", low, right.low)) };
}

/** @param right a signed number */
function difference(left: Long, right: Expression): Long {
  const high = binary("sub", left.high, sign(right));
  return {
    low: binary("sub", left.low, right),
    high: binary("sub", high, binary("below", left.low, right)),
  };
}

const extended = (low: Expression): Long => ({ low, high: sign(low) });
const unsigned = (low: Expression): Long => ({ low, high: constant(0) });

function longProduct(operation: number, { left, right, form }: Fields, own: Long): Long {
  const whole = (kind: "highProduct" | "highProductSigned"): Long => ({
    low: product(left, right),
    high: binary(kind, left, right),
  });
  const bit = (form & 1) !== 0;
  switch (operation) {
    case 8: // SMULL
      return whole("highProductSigned");
    case 10: // UMULL
      return whole("highProduct");
    case 12: {
      if (form === 0) return sum(own, whole("highProductSigned")); // SMLAL
      // SMLALxy
      if (form < 12) return sum(own, extended(product(half(left, (form & 2) !== 0), half(right, bit))));
      const { low, high } = twoProducts(left, right, bit); // SMLALD
      return sum(sum(own, extended(low)), extended(high));
    }
    case 13: {
      const { low, high } = twoProducts(left, right, bit); // SMLSLD
      return difference(sum(own, extended(low)), high);
    }
    default: // UMLAL, UMAAL
      if (form === 0) return sum(own, whole("highProduct"));
      return sum(sum(whole("highProduct"), unsigned(own.low)), unsigned(own.high));
  }
}
