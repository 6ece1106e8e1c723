import { expect, it } from "vitest";
import { decode } from "./decoder.js";
import { row } from "./encoding.js";
import { registers, runsOn } from "./instruction.js";

it("gives registers, targets and the architecture", () => {
  // add.w r1, r2, r3, lsl #2
  expect(decode(0, 0xeb02, 0x0183)).toMatchObject({
    kind: "alu",
    size: 4,
    shifted: true,
    reads: registers(2, 3),
    writes: registers(1),
    since: "ARMv7-M",
  });
  // ldr r0, [r1], #4: the base is written too
  expect(decode(0, 0xf851, 0x0b04)).toMatchObject({
    kind: "load",
    address: registers(1),
    reads: registers(1),
    writes: registers(0, 1),
    loadsPc: false,
  });
  // cbz r3, forward; b.n backward; bl backward
  expect(decode(0x100, 0xb113, 0)).toMatchObject({
    kind: "compareBranch",
    target: 0x108,
    reads: registers(3),
  });
  expect(decode(0x100, 0xe7fe, 0)).toMatchObject({ kind: "branch", target: 0x100 });
  expect(decode(0x100, 0xf7ff, 0xff80)).toMatchObject({ kind: "call", target: 0x4, since: "ARMv6-M" });
});

it("spells out the conditions of an IT block", () => {
  // ittee eq
  expect(decode(0, 0xbf07, 0)).toMatchObject({ kind: "it", conditions: [0, 0, 1, 1] });
  // it ne
  expect(decode(0, 0xbf18, 0)).toMatchObject({ kind: "it", conditions: [1] });
});

it("does not guess at what it does not know", () => {
  // vldr s0, [r0]
  expect(decode(0x40, 0xed90, 0x0a00)).toEqual({ kind: "unknown", at: 0x40, size: 4, encoding: 0xed900a00 });
});

it("orders the architectures", () => {
  expect(runsOn("ARMv6-M", "ARMv6-M")).toBe(true);
  expect(runsOn("ARMv6-M", "ARMv7-M")).toBe(false);
  expect(runsOn("ARMv8-M", "ARMv7E-M")).toBe(true);
});

it("refuses a pattern of the wrong length", () => {
  expect(() => row(16, "0101", "ARMv6-M", () => ({ kind: "nop" }))).toThrow('pattern "0101" has 4 places');
});
