import { expect, it } from "vitest";
import { arm } from "./arm/index.js";
import type { Instruction } from "./instruction.js";
import { architectures, interruptMask, machineOf, machineOfElf, maskLacking, maskNames } from "./registry.js";

const flash = { waitStates: 0, lineBytes: 4, prefetch: false, start: 0, end: 0 } as const;

it("finds the machine of each architecture, and of an ELF header", () => {
  for (const architecture of architectures) expect(machineOf({ architecture })).toBe(arm);
  expect(machineOfElf(40)).toBe(arm);
  // RISC-V.
  expect(machineOfElf(243)).toBeUndefined();
});

it("knows which cores lack a mask", () => {
  expect(maskNames.map((name) => interruptMask(name).kind)).toEqual(maskNames);
  expect(maskLacking("primask", { architecture: "ARMv6-M" })).toBeUndefined();
  expect(maskLacking("basepri", { architecture: "ARMv7-M" })).toBeUndefined();
  expect(maskLacking("basepri", { architecture: "ARMv6-M" })).toContain("has no BASEPRI");
});

it("prices no instruction of another machine", () => {
  const foreign: Instruction = {
    machine: "other",
    at: 0,
    size: 4,
    encoding: 0x13,
    flow: { kind: "next" },
    reads: 0,
    writes: 0,
    memory: undefined,
    saves: false,
    mask: undefined,
    floatingPoint: false,
  };
  for (const rules of arm.cycleRules) {
    const model = arm.cycleModel({ name: rules, estimate: true, rules, flash, ram: { waitStates: 0 } });
    expect(() => model.step(model.start, foreign, "executed")).toThrow("an instruction of other");
  }
  expect(() =>
    arm.cycleModel({ name: "", estimate: true, rules: "cortex-m9", flash, ram: { waitStates: 0 } }),
  ).toThrow("no rules");
});

it("says what a call leaves behind, and where it leads", () => {
  const { codePointer, codeAddress } = arm.registers;
  expect(codePointer(0x8000_0000)).toBe(0x8000_0001);
  expect(codeAddress(0x8000_0001)).toBe(0x8000_0000);
  expect(arm.calls.call.flow.kind).toBe("call");
});
