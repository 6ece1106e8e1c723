import { expect, test } from "vitest";
import { KnownState } from "./known-state.js";
import { makeRange, Terms } from "./terms.js";

const terms = new Terms();
const state = (): KnownState => new KnownState(terms, [], 0);
const zero = terms.constant(0);
const [a, b] = [terms.leaf(), terms.leaf()];

test("whether a comparison's answer is 0 is the comparison", () => {
  const isBelow = terms.operation("below", a, b);
  const known = state();
  expect(known.assume({ kind: "equal", left: isBelow, right: zero }, false)).toBe(true);
  expect(known.test({ kind: "below", left: a, right: b })).toBe(true);
  expect(known.test({ kind: "equal", left: isBelow, right: terms.constant(1) })).toBe(true);
  const not = terms.operation("xor", isBelow, terms.constant(1));
  expect(known.test({ kind: "equal", left: not, right: zero })).toBe(true);
});

test("whether a difference is 0 is equality, and below 1 is 0", () => {
  const known = state();
  const isZero = terms.operation("below", terms.operation("xor", a, b), terms.constant(1));
  expect(known.assume({ kind: "equal", left: isZero, right: zero }, false)).toBe(true);
  expect(known.test({ kind: "equal", left: a, right: b })).toBe(true);
  const some = terms.operation("below", zero, a);
  expect(known.assume({ kind: "equal", left: some, right: zero }, true)).toBe(true);
  expect(known.range(a).most).toBe(0);
});

test("signed numbers are in the unsigned order where none is negative", () => {
  const [small, large] = [terms.leaf(makeRange(0, 5)), terms.leaf(makeRange(6, 100))];
  expect(state().test({ kind: "belowSigned", left: small, right: large })).toBe(true);
  const known = state();
  expect(known.test({ kind: "belowSigned", left: a, right: b })).toBeUndefined();
  known.assume({ kind: "belowSigned", left: a, right: b }, true);
  expect(known.test({ kind: "belowSigned", left: a, right: b })).toBe(true);
  expect(known.test({ kind: "belowSigned", left: b, right: a })).toBeUndefined();
});
