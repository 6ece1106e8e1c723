import { expect, it } from "vitest";
import { decode } from "./decoder.js";
import { row } from "./encoding.js";
import { hasInstruction, registers, runsOn } from "../instruction.js";

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

it("says what memory an instruction touches, and what alignment it insists on", () => {
  // ldrh r0, [r1, r2]; ldrd r0, r1, [r2]; ldr r0, [pc, #8]; push {r4, lr}; ldaex r0, [r1]
  const memory = (first: number, second: number): unknown => {
    const found = decode(0, first, second);
    return found.kind === "unknown" ? found : found.memory;
  };
  const shape = { direction: "read", elements: 1, base: 1, alignment: 1 };
  expect(memory(0x5a88, 0)).toEqual({ ...shape, elementBytes: 2 });
  expect(memory(0xe9d2, 0x0100)).toEqual({
    ...shape,
    elementBytes: 4,
    elements: 2,
    base: 2,
    alignment: 4,
  });
  expect(memory(0x4802, 0)).toEqual({ ...shape, elementBytes: 4, base: 15 });
  expect(memory(0xb510, 0)).toEqual({
    direction: "write",
    elementBytes: 4,
    elements: 2,
    base: 13,
    alignment: 4,
  });
  expect(memory(0xe8d1, 0x0fef)).toEqual({ ...shape, elementBytes: 4, alignment: 4 });
  // pld [r0]
  expect(memory(0xf890, 0xf000)).toBeUndefined();
});

it("knows the floating-point unit's registers", () => {
  // vldr d1, [r0]: S2 and S3
  expect(decode(0, 0xed90, 0x1b00)).toMatchObject({
    kind: "floatLoad",
    words: 2,
    multiple: false,
    floatWrites: 0b1100,
    floatingPoint: true,
  });
  // vpush {s16-s31}
  expect(decode(0, 0xed2d, 0x8a10)).toMatchObject({
    kind: "floatStore",
    words: 16,
    multiple: true,
    floatReads: 0xffff0000,
    writes: registers(13),
  });
  // vfma.f32 s0, s1, s31
  expect(decode(0, 0xeea0, 0x0aaf)).toMatchObject({
    kind: "floatArithmetic",
    work: "multiplyAdd",
    double: false,
    floatReads: 0x80000003,
    floatWrites: 1,
  });
  // vmov r0, s1; vmrs APSR_nzcv, fpscr
  expect(decode(0, 0xee10, 0x0a90)).toMatchObject({
    kind: "floatMove",
    toCore: true,
    writes: 1,
    floatReads: 2,
  });
  expect(decode(0, 0xeef1, 0xfa10)).toMatchObject({ kind: "floatMove", toCore: true, writes: 0 });
});

it("does not guess at what it does not know", () => {
  // vadd.i32 d0, d0, d0, of the A profile
  expect(decode(0x40, 0xef20, 0x0800)).toEqual({ kind: "unknown", at: 0x40, size: 4, encoding: 0xef200800 });
  // ldrd r0, r0, [r1]: UNPREDICTABLE
  expect(decode(0, 0xe9d1, 0x0000).kind).toBe("unknown");
});

it("knows what the Baseline of ARMv8-M has", () => {
  const has = (first: number, second = 0): boolean => {
    const found = decode(0, first, second);
    return found.kind !== "unknown" && hasInstruction("ARMv8-M Baseline", found);
  };
  // cbz, movw, udiv, ldrex, bxns; not it, add.w and b<c>.w
  expect([has(0xb113), has(0xf240, 0x0001), has(0xfbb0, 0xf0f1), has(0xe850, 0x0f00), has(0x4704)]).toEqual(
    Array(5).fill(true),
  );
  expect([has(0xbf08), has(0xeb00, 0x0001), has(0xf000, 0x8000)]).toEqual(Array(3).fill(false));
  const movw = decode(0, 0xf240, 0x0001);
  expect(movw.kind !== "unknown" && hasInstruction("ARMv6-M", movw)).toBe(false);
});

it("orders the architectures", () => {
  expect(runsOn("ARMv6-M", "ARMv6-M")).toBe(true);
  expect(runsOn("ARMv6-M", "ARMv7-M")).toBe(false);
  expect(runsOn("ARMv8-M", "ARMv7E-M")).toBe(true);
});

it("refuses a pattern of the wrong length", () => {
  expect(() => row(16, "0101", "ARMv6-M", () => ({ kind: "nop" }))).toThrow('pattern "0101" has 4 places');
});
