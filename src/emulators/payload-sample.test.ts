import { expect, test } from "vitest";
import { sampledBytes, sampleOf } from "./payload-sample.js";

const mebibyte = 1024 * 1024;

test("payloads are whole in heaps up to 1 MiB, and small ones in any", () => {
  expect(sampleOf(mebibyte, mebibyte)).toEqual([[0, mebibyte]]);
  expect(sampleOf(65536, 64 * mebibyte)).toEqual([[0, 65536]]);
  expect(sampledBytes(mebibyte, mebibyte)).toBe(mebibyte);
});

test.each([65537, 65540, 100_003, 40 * mebibyte + 1])("of %i bytes both ends and lines between", (size) => {
  const sample = sampleOf(size, 64 * mebibyte);
  expect(sample[0]).toEqual([0, 16384]);
  expect(sample.at(-1)?.[1]).toBe(size);
  sample.forEach(([from, to], index) => {
    expect(from % 4).toBe(0);
    expect(to).toBeGreaterThan(from);
    expect(from).toBeGreaterThanOrEqual(sample[index - 1]?.[1] ?? 0);
  });
  expect(sampledBytes(size, 64 * mebibyte)).toBeLessThan(42_000);
});
