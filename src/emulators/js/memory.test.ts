import { expect, test } from "vitest";
import { Permission } from "../core/processor.js";
import { GuestMemoryMap } from "./memory.js";

test("an access that begins in memory and ends behind it is refused for its first byte without memory", () => {
  const map = (
    ...starts: readonly number[]
  ): { readonly memory: GuestMemoryMap; readonly refused: number[] } => {
    const refused: number[] = [];
    const memory = new GuestMemoryMap(
      (_at, tell) => tell(),
      ({ address }) => {
        refused.push(address);
        throw new Error("refused");
      },
    );
    for (const start of starts) memory.map(start, 16, Permission.read | Permission.write, new Uint8Array(16));
    return { memory, refused };
  };
  const { memory, refused } = map(0x1000);
  expect(() => memory.store(0x100e, 4, 0, 0)).toThrow("refused");
  expect(() => memory.load(0x100f, 2, 0)).toThrow("refused");
  expect(() => memory.load(0x0ffe, 4, 0)).toThrow("refused");
  expect(refused).toEqual([0x1010, 0x1010, 0x0ffe]);
  // Where the next byte has memory of its own, the access itself is what cannot be.
  const beside = map(0x1000, 0x1010);
  expect(() => beside.memory.load(0x100e, 4, 0)).toThrow("refused");
  expect(beside.refused).toEqual([0x100e]);
});
