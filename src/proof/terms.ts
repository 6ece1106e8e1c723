/**
 * Values of 32 bits that are known in part: what is computed from what, and between which limits it lies. Equal terms
 * are one object, so that a condition that is tested twice is recognised.
 */
import type { BinaryOperation } from "../machine/semantics.js";

export interface Range {
  /** Unsigned, both inclusive. */
  readonly least: number;
  readonly most: number;
  /** Bits that may be 1, as an unsigned number. */
  readonly bits: number;
}

interface TermBase {
  readonly id: number;
  /** Limits that hold on every path. */
  readonly range: Range;
}

export type Term =
  | (TermBase & { readonly kind: "constant"; readonly value: number })
  | (TermBase & { readonly kind: "leaf" })
  | (TermBase & { readonly kind: "leadingZeros"; readonly of: Term })
  | (TermBase & { readonly kind: BinaryOperation; readonly left: Term; readonly right: Term });

const top = 0xffffffff;

/** 2^n - 1, the least that is not below `value`. */
const fill = (value: number): number => (value === 0 ? 0 : top >>> Math.clz32(value));

export const anything: Range = { least: 0, most: top, bits: top };

const zero: Range = { least: 0, most: 0, bits: 0 };
const one: Range = { least: 1, most: 1, bits: 1 };
const truth: Range = { least: 0, most: 1, bits: 1 };

/** Limits that agree with each other, or undefined where there is no such value. */
export function makeRange(least: number, most: number, bits = top): Range | undefined {
  const upper = Math.min(most, bits);
  if (least > upper) return undefined;
  return { least, most: upper, bits: (bits & fill(upper)) >>> 0 };
}

const rangeOr = (range: Range | undefined): Range => range ?? anything;

export function intersect(left: Range, right: Range): Range | undefined {
  return makeRange(
    Math.max(left.least, right.least),
    Math.min(left.most, right.most),
    (left.bits & right.bits) >>> 0,
  );
}

/** Makes terms; one for each exploration. */
export class Terms {
  readonly #known = new Map<string, Term>();
  #next = 0;

  constant(value: number): Term {
    const unsigned = value >>> 0;
    const range: Range = { least: unsigned, most: unsigned, bits: unsigned };
    return this.#intern(`c${unsigned}`, (id) => ({ id, kind: "constant", value: unsigned, range }));
  }

  /** A value of which nothing but its limits is known, different from every other. */
  leaf(range: Range = anything): Term {
    return { id: this.#next++, kind: "leaf", range };
  }

  leadingZeros(of: Term): Term {
    if (of.kind === "constant") return this.constant(Math.clz32(of.value));
    return this.#intern(`z${of.id}`, (id) => ({
      id,
      kind: "leadingZeros",
      of,
      range: leadingZerosRange(of.range),
    }));
  }

  operation(kind: BinaryOperation, left: Term, right: Term): Term {
    const simple = this.#simplify(kind, left, right);
    if (simple !== undefined) return simple;
    return this.#intern(`${kind} ${left.id} ${right.id}`, (id) => ({
      id,
      kind,
      left,
      right,
      range: operationRange(kind, left.range, right.range),
    }));
  }

  #simplify(kind: BinaryOperation, left: Term, right: Term): Term | undefined {
    if (left.kind === "constant" && right.kind === "constant") {
      return this.constant(compute(kind, left.value, right.value));
    }
    // Constants stand on the right; a constant that is taken away is added as its negative.
    if (left.kind === "constant" && (kind === "add" || kind === "and" || kind === "or" || kind === "xor")) {
      return this.operation(kind, right, left);
    }
    if (left === right && (kind === "sub" || kind === "below" || kind === "belowSigned")) {
      return this.constant(0);
    }
    if (right.kind !== "constant") return undefined;
    if (kind === "sub") return this.operation("add", left, this.constant(-right.value));
    if (kind === "belowSigned") return undefined;
    if (right.value === 0) {
      if (kind === "and" || kind === "mul" || kind === "below") return right;
      return left;
    }
    if (kind === "add" && left.kind === "add" && left.right.kind === "constant") {
      return this.operation("add", left.left, this.constant(left.right.value + right.value));
    }
    if (kind === "and" && (left.range.bits & ~right.value) === 0) return left;
    return undefined;
  }

  #intern(key: string, make: (id: number) => Term): Term {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make(this.#next++);
    this.#known.set(key, made);
    return made;
  }
}

function compute(kind: BinaryOperation, left: number, right: number): number {
  const amount = right & 0xff;
  switch (kind) {
    case "add":
      return left + right;
    case "sub":
      return left - right;
    case "and":
      return left & right;
    case "or":
      return left | right;
    case "xor":
      return left ^ right;
    case "shl":
      return amount >= 32 ? 0 : left << amount;
    case "shr":
      return amount >= 32 ? 0 : left >>> amount;
    case "sar":
      return (left | 0) >> Math.min(amount, 31);
    case "mul":
      return Math.imul(left, right);
    case "below":
      return left >>> 0 < right >>> 0 ? 1 : 0;
    case "belowSigned":
      return (left | 0) < (right | 0) ? 1 : 0;
  }
}

export function leadingZerosRange(of: Range): Range {
  return rangeOr(makeRange(Math.clz32(of.most), Math.clz32(of.least)));
}

/** Limits of an operation's result. @param noBorrow whether a difference is known not to wrap. */
export function operationRange(kind: BinaryOperation, left: Range, right: Range, noBorrow = false): Range {
  switch (kind) {
    case "add":
      return sum(left, right);
    case "sub":
      if (left.least >= right.most)
        return rangeOr(makeRange(left.least - right.most, left.most - right.least));
      return noBorrow ? rangeOr(makeRange(0, left.most - right.least)) : anything;
    case "and": {
      const bits = (left.bits & right.bits) >>> 0;
      return rangeOr(makeRange(maskedLeast(left, right), Math.min(left.most, right.most), bits));
    }
    case "or":
    case "xor": {
      const bits = (left.bits | right.bits) >>> 0;
      return rangeOr(makeRange(kind === "or" ? Math.max(left.least, right.least) : 0, fill(bits), bits));
    }
    case "shl":
      return shiftLeft(left, right);
    case "shr":
      return shiftRight(left, right);
    case "sar":
      return left.most <= 0x7fffffff ? shiftRight(left, right) : anything;
    case "mul": {
      const most = left.most * right.most;
      return most <= top ? rangeOr(makeRange(left.least * right.least, most)) : anything;
    }
    case "below":
      if (left.most < right.least) return one;
      return left.least >= right.most ? zero : truth;
    case "belowSigned":
      return truth;
  }
}

function sum(left: Range, right: Range): Range {
  const least = left.least + right.least;
  const most = left.most + right.most;
  if (most <= top) {
    const lowZeros = Math.min(trailingZeros(left.bits), trailingZeros(right.bits));
    return rangeOr(makeRange(least, most, lowZeros >= 32 ? 0 : (fill(most) & (top << lowZeros)) >>> 0));
  }
  // All sums wrap, or none did above: a part that wraps leaves nothing known.
  return least > top ? rangeOr(makeRange(least - top - 1, most - top - 1)) : anything;
}

const trailingZeros = (bits: number): number => (bits === 0 ? 32 : 31 - Math.clz32(bits & -bits));

/** AND with a constant mask clears at most the bits outside it. */
function maskedLeast(left: Range, right: Range): number {
  if (right.least !== right.most) return 0;
  return Math.max(0, left.least - ((left.bits & ~right.least) >>> 0));
}

function shiftLeft(left: Range, right: Range): Range {
  if (right.least === right.most) {
    const amount = right.least & 0xff;
    if (amount >= 32) return { least: 0, most: 0, bits: 0 };
    const bits = (left.bits << amount) >>> 0;
    const most = left.most * 2 ** amount;
    return rangeOr(most <= top ? makeRange(left.least * 2 ** amount, most, bits) : makeRange(0, top, bits));
  }
  const zeros = Math.min(trailingZeros(left.bits) + right.least, 32);
  const bits = zeros === 32 ? 0 : (top << zeros) >>> 0;
  const most = right.most < 32 ? left.most * 2 ** right.most : top + 1;
  return rangeOr(
    most <= top ? makeRange(left.least * 2 ** right.least, most, bits) : makeRange(0, top, bits),
  );
}

function shiftRight(left: Range, right: Range): Range {
  if (right.most > 31) {
    const amount = right.least & 0xff;
    if (right.least === right.most && amount >= 32) return { least: 0, most: 0, bits: 0 };
    return rangeOr(makeRange(0, left.most));
  }
  const bits = right.least === right.most ? left.bits >>> right.least : top;
  return rangeOr(makeRange(left.least >>> right.most, left.most >>> right.least, bits));
}
