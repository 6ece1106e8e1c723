import { describe, expect, it } from "vitest";
import { describeNumbers } from "./describe-numbers.js";

const heap = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);
const image = (...bytes: readonly number[]) => ({
  bytes: heap(...bytes),
  mask: heap(...bytes.map(() => 255)),
});

describe("a byte that differs", () => {
  it("is told as the whole number it belongs to", () => {
    const places = [{ name: "previous of the free block at 0", offset: 2, bytes: 2, mask: 0xffff } as const];
    const byte = { offset: 3, expected: image(1, 2, 0x48, 1), found: heap(1, 2, 0x48, 0) };
    expect(describeNumbers(places, byte)).toBe(
      "previous of the free block at 0 (offset 2) is 0x0148 in the reference, 0x0048 on the core",
    );
  });

  it("is told as each field of a header that is wrong, moved to its lowest bit", () => {
    const field = (name: string, mask: number) => ({ name, offset: 0, bytes: 2, mask }) as const;
    const places = [field("used", 1), field("padding", 6), field("size", 0xfff8)];
    const byte = { offset: 0, expected: image(0x11, 0x80), found: heap(0x20, 0x80) };
    expect(describeNumbers(places, byte)).toBe(
      "used (offset 0) is 0x1 in the reference, 0x0 on the core; " +
        "size (offset 0) is 0x1002 in the reference, 0x1004 on the core",
    );
  });

  it("of 32 bits is an unsigned number, and bits that nobody owes are left out", () => {
    const places = [{ name: "open", offset: 0, bytes: 4, mask: 0xffffffff } as const];
    const expected = { bytes: heap(0, 0, 0, 0xf0), mask: heap(0, 255, 255, 255) };
    expect(describeNumbers(places, { offset: 3, expected, found: heap(9, 0, 0, 0x80) })).toBe(
      "open (offset 0) is 0xf0000000 in the reference, 0x80000000 on the core",
    );
  });

  it("that belongs to no number is told by itself", () => {
    const byte = { offset: 1, expected: image(1, 2), found: heap(1, 3) };
    expect(describeNumbers([], byte)).toBe("the heap (offset 1) is 0x02 in the reference, 0x03 on the core");
  });
});
