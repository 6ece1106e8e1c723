import { expect, it } from "vitest";
import { placedInstructions } from "./placed.js";

/** Of each instruction, whether it is known in its place. */
function areKnown(...halfwords: readonly number[]): readonly boolean[] {
  const range = { start: 0x100, end: 0x100 + 2 * halfwords.length };
  const all = placedInstructions(range, (at) => halfwords[(at - range.start) / 2] ?? 0);
  return Array.from(all, ([, placed]) => "instruction" in placed);
}

const itne = 0xbf18;
const ittne = 0xbf1c;
const nop = 0xbf00;

it.each([
  ["BEQ", [0xd004]],
  ["BEQ.W", [0xf000, 0x8006]],
  ["CBZ", [0xb120]],
  ["IT", [itne]],
  ["CPSID i", [0xb672]],
  ["MOVS r0, r1", [0x0008]],
])("does not know %s in an IT block, where it is unpredictable", (_name, halfwords) => {
  expect(areKnown(...halfwords)).toEqual([true]);
  expect(areKnown(itne, ...halfwords)).toEqual([true, false]);
});

it.each([
  ["B", [0xe004]],
  ["B.W", [0xf000, 0xb806]],
  ["BL", [0xf000, 0xf806]],
  ["BX lr", [0x4770]],
  ["MOV pc, lr", [0x46f7]],
  ["POP {pc}", [0xbd00]],
  ["LDR pc, [sp], #4", [0xf85d, 0xfb04]],
  ["TBB", [0xe8df, 0xf000]],
])("knows %s at the end of an IT block alone", (_name, halfwords) => {
  expect(areKnown(itne, ...halfwords)).toEqual([true, true]);
  expect(areKnown(ittne, ...halfwords, nop)).toEqual([true, false, true]);
});

it("knows what traps, MSR, shifts and moves of any registers anywhere in an IT block", () => {
  // ITTTE ne: BKPT; MSR PRIMASK, r0; LSLS r0, r1, #1; MOV r0, r1
  expect(areKnown(0xbf15, 0xbe00, 0xf380, 0x8810, 0x0048, 0x4608)).toEqual([true, true, true, true, true]);
});
