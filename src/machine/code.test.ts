import { expect, it } from "vitest";
import { arm } from "./arm/index.js";
import { Code } from "./code.js";

const code = (...halfwords: readonly number[]): Code => {
  const data = new Uint8Array(Uint16Array.from(halfwords).buffer);
  return new Code(arm, [{ address: 0x100, data }], [{ start: 0x100, end: 0x100 + data.length }]);
};

it("says which condition an IT block lays on each instruction", () => {
  // itte ne; movs, mov.w and movs; movs outside; it cs; bx lr; nop
  const placed = [
    ...code(0xbf1a, 0x2001, 0xf04f, 0x0102, 0x2203, 0x2304, 0xbf28, 0x4770, 0xbf00).instructions(),
  ];
  const notZero = { test: "zero", holds: false };
  expect(placed.map(({ condition }) => condition)).toEqual([
    undefined,
    notZero,
    notZero,
    { test: "zero", holds: true },
    undefined,
    undefined,
    { test: "below", holds: false },
    undefined,
  ]);
  expect(placed.map(({ conditional }) => conditional)).toEqual(
    placed.map(({ condition }) => condition !== undefined),
  );
});

it("does not run over the end of a range", () => {
  // The first half of a BL.
  expect(code(0xbf00, 0xf000).at(0x102)).toMatchObject({ kind: "unknown", at: 0x102 });
  expect(code(0xbf00).at(0x102)).toBeUndefined();
});
