import { expect, it } from "vitest";
import { arm } from "../../machine/arm/index.js";
import { LR } from "../../machine/arm/instruction.js";
import { pageBytes } from "../image-regions.js";
import { Permission, RunError } from "../core/processor.js";
import { jsProcessor } from "./processor.js";
import { loadTarget } from "../../targets/load.js";

const code = 0x1_0000;
const until = code + pageBytes - 2;
const target = loadTarget("cortex-m4");

/** What code leads to that returns to `until`. @param registers what they hold at first */
function run(halfwords: readonly number[], registers: Readonly<Record<number, number>> = {}) {
  const processor = jsProcessor(arm, target);
  const page = processor.map(code, pageBytes, Permission.read | Permission.execute);
  new Uint16Array(page.buffer, page.byteOffset).set(halfwords);
  processor.map(2 * code, pageBytes, Permission.read | Permission.write);
  for (const [number, value] of Object.entries(registers)) processor.writeRegister(Number(number), value);
  processor.writeRegister(LR, until + 1);
  const told: { address?: number; exception?: number } = {};
  processor.onInvalidAccess((address) => (told.address = address));
  processor.onException((exception) => {
    told.exception = exception;
    processor.stop();
  });
  const error = processor.run(code, until);
  return { error, pc: processor.pc, r1: processor.readRegister(1), text: processor.errorText(error), told };
}

const nop = 0xbf00;
const bxLr = 0x4770;

it("keeps an IT block together, however many instructions stand before it", () => {
  for (let before = 55; before < 70; before++) {
    // CMP r0, r0; ITTT NE; MOVNE r1, #1; MOVNE r1, #2; MOVNE r1, #3
    const halfwords = [...Array<number>(before).fill(nop), 0x4280, 0xbf1e, 0x2101, 0x2102, 0x2103, bxLr];
    expect(run(halfwords), `${before} instructions`).toMatchObject({ error: RunError.ok, pc: until, r1: 0 });
  }
});

it("ends a block in front of what no core defines, if it ends there", () => {
  // B, over an encoding that no core defines
  expect(run([0x2101, 0xe001, 0xf7ff, 0x0000, bxLr])).toMatchObject({ error: RunError.ok, r1: 1 });
});

it("refuses what masks interrupts where its block cannot end, and executes it at the end of an IT block", () => {
  // CMP r0, r0; ITT EQ; MSREQ PRIMASK, r0; MOVEQ r1, #1
  const { text } = run([0x4280, 0xbf04, 0xf380, 0x8810, 0x2101, bxLr]);
  expect(text).toContain("does not describe the instruction 0xf3808810");
  expect(run([0x4280, 0xbf08, 0xf380, 0x8810, 0x2101, bxLr])).toMatchObject({ error: RunError.ok, r1: 1 });
});

it.each([
  ["nowhere, as an address of Thumb code", 0x3000_0001, 0x3000_0000],
  ["nowhere, as an address of other code", 0x3000_0000, 0x3000_0000],
  ["to data, as an address of Thumb code", 2 * code + 1, 2 * code],
  ["to data, as an address of other code", 2 * code, 2 * code],
])("a branch %s finds no code, whatever else is wrong with it", (_name, pointer, address) => {
  // BX r0
  expect(run([0x4700], { 0: pointer })).toMatchObject({
    error: RunError.fetchUnmapped,
    pc: address,
    told: { address },
  });
});

it("a branch to code of another instruction set is an exception", () => {
  const { error, told } = run([0x4700, nop], { 0: code + 2 });
  expect({ error, told }).toEqual({ error: RunError.ok, told: { exception: arm.unicorn.invalidState } });
});
