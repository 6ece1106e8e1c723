/** Operations on the bytes or halfwords of a word (ARMv7E-M's DSP extension: Arm DDI 0403E, A5.3.13 and A5.3.14). */
import { binary, constant, inverted, signExtended, type Expression } from "../../semantics.js";

const mask = (bits: number): number => 2 ** bits - 1;

/** Bits [place, place + bits) of a word as a number. */
export function laneOf(of: Expression, place: number, bits: number, isUnsigned: boolean): Expression {
  const down = place === 0 ? of : binary("shr", of, constant(place));
  return isUnsigned ? binary("and", down, constant(mask(bits))) : signExtended(down, bits);
}

/** The low and the high halfword as signed numbers. */
export const halfParts = (of: Expression): readonly Expression[] => [
  laneOf(of, 0, 16, false),
  binary("sar", of, constant(16)),
];

/** A word of parts of so many bits, the lowest first; of each the lowest bits. */
export function joined(parts: readonly Expression[], bits: number): Expression {
  const placed = parts.map((part, index) => {
    const kept = binary("and", part, constant(mask(bits)));
    return index === 0 ? kept : binary("shl", kept, constant(index * bits));
  });
  return placed.reduce((all, part) => binary("or", all, part));
}

/** The low half of one and the high half of the other. */
export const packed = (low: Expression, high: Expression): Expression =>
  binary("or", binary("and", low, constant(0xffff)), binary("and", high, constant(0xffff0000)));

export const saturatedParts = (halves: readonly Expression[], bits: number, isSigned: boolean): Expression =>
  joined(
    halves.map((of) => ({ kind: "saturated", of, bits, isSigned })),
    16,
  );

/** What each part of the result is made of. */
interface Pair {
  readonly by: "add" | "sub";
  readonly left: Expression;
  readonly right: Expression;
}

/**
 * SADD16, SASX, SSAX, SSUB16, SADD8, SSUB8, and the same saturating, halving and unsigned.
 * @param operation bits 20 to 22 @param form bits 4 to 6
 */
export function parallel(
  left: Expression,
  right: Expression,
  operation: number,
  form: number,
): { readonly value: Expression; readonly lanes: Expression | undefined } {
  const isUnsigned = (form & 4) !== 0;
  const bits = (operation & 3) === 0 ? 8 : 16;
  const results = pairs(left, right, operation, bits, isUnsigned).map(({ by, left, right }) => ({
    by,
    result: binary(by, left, right),
  }));
  const plain = results.map(({ result }) => result);
  switch (form & 3) {
    case 0: {
      const told = results.map(({ by, result }) =>
        isUnsigned && by === "add"
          ? binary("sub", constant(0), binary("shr", result, constant(bits)))
          : inverted(binary("sar", result, constant(31))),
      );
      return { value: joined(plain, bits), lanes: joined(told, bits) };
    }
    case 1: {
      const saturated = plain.map((of): Expression => ({
        kind: "saturated",
        of,
        bits,
        isSigned: !isUnsigned,
      }));
      return { value: joined(saturated, bits), lanes: undefined };
    }
    default: {
      const halved = plain.map((part) => binary("sar", part, constant(1)));
      return { value: joined(halved, bits), lanes: undefined };
    }
  }
}

function pairs(
  left: Expression,
  right: Expression,
  operation: number,
  bits: number,
  isUnsigned: boolean,
): readonly Pair[] {
  const exchanges = (operation & 3) === 2;
  const lowestSubtracts = operation >= 4 !== exchanges;
  return Array.from({ length: 32 / bits }, (_, index) => ({
    by: lowestSubtracts !== (exchanges && index === 1) ? "sub" : "add",
    left: laneOf(left, index * bits, bits, isUnsigned),
    right: laneOf(right, (exchanges ? 1 - index : index) * bits, bits, isUnsigned),
  }));
}

/** The sum of the distances between the bytes of two words. */
export function byteDistances(left: Expression, right: Expression): Expression {
  const positive = (of: Expression): Expression => ({ kind: "saturated", of, bits: 8, isSigned: false });
  const distances = [0, 8, 16, 24].map((place) => {
    const [a, b] = [laneOf(left, place, 8, true), laneOf(right, place, 8, true)];
    return binary("add", positive(binary("sub", a, b)), positive(binary("sub", b, a)));
  });
  return distances.reduce((all, distance) => binary("add", all, distance));
}
