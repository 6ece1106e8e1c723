import { describe, expect, it } from "vitest";
import { writeHostCalls } from "./host-calls.js";

const address = 0x2000_0040;

describe("writeHostCalls", () => {
  it("opens each file, writes it through the handle it got, and exits", () => {
    const memory = new Uint8Array(256);
    writeHostCalls(memory, address, [
      { address: 0x20000000, bytes: 4096, file: "data0.out" },
      { address: 0x21001000, bytes: 12, file: "results.out" },
    ]);
    const words = new Uint32Array(memory.buffer);
    const at = (pointer: number): number => (pointer - address) / 4;
    const name = (pointer: number): string =>
      Buffer.from(memory.subarray(pointer - address))
        .toString("latin1")
        .replace(/\0.*$/s, "");
    const calls = [0, 1, 2, 3, 4].map((index) => [...words.slice(3 * index, 3 * index + 3)]);
    expect(calls.map(([operation]) => operation)).toEqual([1, 5, 1, 5, 0x18]);
    expect(calls[4]?.[1]).toBe(0x20026);

    for (const [index, file, start, bytes] of [
      [0, "data0.out", 0x20000000, 4096],
      [2, "results.out", 0x21001000, 12],
    ] as const) {
      const [, opened = 0, handle] = calls[index] ?? [];
      const [path = 0, mode, length] = words.slice(at(opened), at(opened) + 3);
      expect([name(path), mode, length]).toEqual([file, 5, file.length]);
      const [, written = 0, ignored = 0] = calls[index + 1] ?? [];
      expect(handle).toBe(written);
      expect([...words.slice(at(written) + 1, at(written) + 3)]).toEqual([start, bytes]);
      expect(ignored).not.toBe(written);
    }
  });

  it("does not write beyond its memory", () => {
    expect(() =>
      writeHostCalls(new Uint8Array(64), address, [{ address: 0, bytes: 1, file: "a" }]),
    ).toThrow();
  });
});
