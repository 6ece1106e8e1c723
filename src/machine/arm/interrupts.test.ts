import { describe, expect, it } from "vitest";
import { decode } from "./decode/decoder.js";
import { interrupts } from "./interrupts.js";
import { armInstruction } from "./instruction.js";

describe("interrupts", () => {
  it("are taken where no mask is set, or a more urgent priority than BASEPRI's", () => {
    expect(interrupts.takes([0, 0], 0xff)).toBe(true);
    expect(interrupts.takes([1, 0], 0)).toBe(false);
    expect(interrupts.takes([0, 0x40], 0x40)).toBe(false);
    expect(interrupts.takes([0, 0x40], 0x80)).toBe(false);
    expect(interrupts.takes([0, 0x40], 0x3f)).toBe(true);
    expect(interrupts.takes([1, 0x40], 0x3f)).toBe(false);
  });

  it("find a caller with the masks that its core has, around the lock's priority", () => {
    const values = (architecture: string, priority?: number) =>
      interrupts.callerStates(architecture, priority).map(({ masks }) => masks);
    expect(values("ARMv6-M")).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(values("ARMv7-M")).toEqual([
      [0, 0],
      [1, 0],
      [0, 0x40],
    ]);
    expect(values("ARMv8-M", 0x40)).toEqual([
      [0, 0],
      [1, 0],
      [0, 0x50],
      [0, 0x40],
      [0, 0x20],
    ]);
    expect(values("ARMv7-M", 1)).toEqual([
      [0, 0],
      [1, 0],
      [0, 0x11],
      [0, 1],
    ]);
  });

  it.each([
    ["ldrex r3, [r2]", 0xe852, 0x3f00, { kind: "load" }],
    ["strex r1, r3, [r2]", 0xe842, 0x3100, { kind: "store", status: 1 }],
    ["stl r3, [r2]", 0xe8c2, 0x3faf, undefined],
    ["str r3, [r2]", 0x6013, 0, undefined],
  ])("know what %s does with the reservation", (_text, first, second, expected) => {
    const decoded = decode(0, first, second);
    if (decoded.kind === "unknown") throw new Error("no instruction");
    expect(interrupts.exclusive(armInstruction(decoded))).toEqual(expected);
  });
});
