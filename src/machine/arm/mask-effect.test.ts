import { expect, test } from "vitest";
import { decode } from "./decode/decoder.js";
import { maskEffect } from "./mask-effect.js";

/** Encodings as the assembler gives them: ARMv7-M ARM, Arm DDI 0403E, B5.2. */
test.each([
  ["cpsid i", [0xb672], "set"],
  ["cpsie i", [0xb662], "restored"],
  ["cpsid if", [0xb673], "set"],
  ["cpsid f", [0xb671], undefined],
  ["msr primask, r0", [0xf380, 0x8810], "restored"],
  ["msr primask, r7", [0xf387, 0x8810], "restored"],
  ["msr basepri, r0", [0xf380, 0x8811], "restored"],
  ["msr basepri_max, r3", [0xf383, 0x8812], "set"],
  ["msr control, r0", [0xf380, 0x8814], undefined],
  ["mrs r0, primask", [0xf3ef, 0x8010], undefined],
  ["nop", [0xbf00], undefined],
  ["dmb", [0xf3bf, 0x8f5f], undefined],
] as const)("%s", (_text, [first, second = 0], effect) => {
  const instruction = decode(0x1000, first, second);
  if (instruction.kind === "unknown") throw new Error("not decoded");
  expect(maskEffect(instruction)).toBe(effect);
});
