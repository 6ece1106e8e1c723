import { expect, it } from "vitest";
import { inverseOf } from "./hardening.js";

it("inverts odd numbers modulo 2^32", () => {
  for (const odd of [1, 3, 5, 7, 25, 1021, 0x7fffffff]) expect(Math.imul(odd, inverseOf(odd))).toBe(1);
});
