import { expect, test } from "vitest";
import { bytes } from "../../units.js";
import { callocBytes } from "./changes.js";

const largest = 0xffff_ffff;

test.each([
  // A small heap: each factor is looked at.
  [60_000, 0, largest, 0],
  [60_000, 4095, 60_000, 4095 * 60_000],
  [60_000, 4096, 4096, largest],
  [60_000, 2, 60_001, largest],
  // A large one: the upper half of the larger factor too.
  [2_000_000, 0, largest, 0],
  [2_000_000, 300, 65_536, largest],
  [2_000_000, 30, 65_536, 30 * 65_536],
  [2_000_000, 300, 65_535, 300 * 65_535],
  [2_000_000, 8192, 8192, largest],
  [2_000_000, 1, 2_000_001, largest],
])("in a heap for requests up to %i, a calloc of %i times %i is told as %i", (most, count, size, told) => {
  expect(callocBytes({ maximumRequestBytes: bytes(most) }, count, size)).toBe(told);
  expect(callocBytes({ maximumRequestBytes: bytes(most) }, size, count)).toBe(told);
});
