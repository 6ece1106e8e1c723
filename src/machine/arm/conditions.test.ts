import { describe, expect, it } from "vitest";
import { flagCondition, holds } from "./conditions.js";

describe("holds", () => {
  const [negative, zero, carry, overflow] = [2 ** 31, 2 ** 30, 2 ** 29, 2 ** 28] as const;
  it.each([
    ["EQ", 0, [zero], [0, carry]],
    ["NE", 1, [0, carry], [zero]],
    ["CS", 2, [carry], [0]],
    ["CC", 3, [0], [carry]],
    ["MI", 4, [negative], [0]],
    ["PL", 5, [0], [negative]],
    ["VS", 6, [overflow], [0]],
    ["VC", 7, [0], [overflow]],
    ["HI", 8, [carry], [0, zero, carry + zero]],
    ["LS", 9, [0, zero, carry + zero], [carry]],
    ["GE", 10, [0, negative + overflow], [negative, overflow]],
    ["LT", 11, [negative, overflow], [0, negative + overflow]],
    ["GT", 12, [0, negative + overflow], [zero, negative, zero + negative + overflow]],
    ["LE", 13, [zero, negative, overflow], [0, negative + overflow]],
    ["AL", 14, [0, zero, negative], []],
  ])("%s", (_name, condition, yes, no) => {
    for (const xpsr of yes) expect(holds(condition, xpsr)).toBe(true);
    for (const xpsr of no) expect(holds(condition, xpsr)).toBe(false);
  });
});

it("puts conditions as questions to the flags, the odd ones denied", () => {
  expect(flagCondition(0)).toEqual({ test: "zero", holds: true });
  expect(flagCondition(1)).toEqual({ test: "zero", holds: false });
  // HS is "not below", LO "below".
  expect(flagCondition(2)).toEqual({ test: "below", holds: false });
  expect(flagCondition(3)).toEqual({ test: "below", holds: true });
  expect(flagCondition(10)).toEqual({ test: "belowSigned", holds: false });
  expect(flagCondition(13)).toEqual({ test: "aboveSigned", holds: false });
  expect(flagCondition(14)).toBeUndefined();
});
