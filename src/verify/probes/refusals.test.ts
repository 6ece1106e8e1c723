import { describe, expect, it } from "vitest";
import { callocPairs } from "./refusals.js";

describe("counts and sizes of calloc", () => {
  const pairs = callocPairs(32702);
  const has = (count: number, size: number) => pairs.some(([one, other]) => one === count && other === size);

  it("have products that leave small numbers in a word, in both orders", () => {
    for (const [count, size] of [
      [65536, 65536],
      [16, 0x1000_0000],
      [16, 0x1000_0001],
      [3, 0x5555_5556],
      [2, 0x8000_0000],
    ] as const) {
      expect(count * size).toBeGreaterThanOrEqual(2 ** 32);
      expect([has(count, size), has(size, count)]).toEqual([true, true]);
    }
  });

  it("have zeros, ones and the largest request", () => {
    expect(has(0, 0) && has(0, 2 ** 32 - 1) && has(2 ** 32 - 1, 2 ** 32 - 1)).toBe(true);
    expect(has(1, 32702) && has(32702, 1) && has(32703, 1)).toBe(true);
  });

  it("are words, and few enough to be called in every run", () => {
    expect(pairs.flat().every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)).toBe(true);
    expect(pairs.length).toBeLessThan(700);
  });
});
