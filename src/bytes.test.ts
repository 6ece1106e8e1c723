import { expect, it } from "vitest";
import { firstDifference } from "./bytes.js";

it.each([0, 1, 4, 7, 9])("finds a byte that differs at %i, at any alignment", (at) => {
  for (const offset of [0, 1]) {
    const one = new Uint8Array(new ArrayBuffer(16), offset, 10);
    const other = new Uint8Array(new ArrayBuffer(16), 0, 10);
    expect(firstDifference(one, other)).toBeUndefined();
    other[at] = 1;
    expect(firstDifference(one, other)).toBe(at);
  }
});
