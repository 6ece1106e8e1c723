import { expect, it } from "vitest";
import { arm } from "./arm/index.js";
import type { Instruction } from "./instruction.js";
import { riscv } from "./riscv/index.js";
import {
  architectures,
  interruptMask,
  machineOf,
  machineOfElf,
  machines,
  maskLacking,
  maskNames,
  maskOfAll,
} from "./registry.js";

const flash = { waitStates: 0, lineBytes: 4, prefetch: false, start: 0, end: 0 } as const;

it("finds the machine of each architecture, and of an ELF header", () => {
  for (const architecture of architectures)
    expect(machineOf({ architecture })).toBe(architecture.startsWith("RV32") ? riscv : arm);
  expect(machineOfElf(40)).toBe(arm);
  expect(machineOfElf(243)).toBe(riscv);
  // x86.
  expect(machineOfElf(3)).toBeUndefined();
});

it("knows which cores lack a mask", () => {
  expect(maskNames.map((name) => interruptMask(name).kind)).toEqual(maskNames);
  expect(maskLacking("primask", { architecture: "ARMv6-M" })).toBeUndefined();
  expect(maskLacking("basepri", { architecture: "ARMv7-M" })).toBeUndefined();
  for (const architecture of ["ARMv6-M", "ARMv8-M Baseline"] as const)
    expect(maskLacking("basepri", { architecture })).toContain(`${architecture} has no BASEPRI`);
  expect(maskLacking("mie", { architecture: "RV32IMAC" })).toBeUndefined();
  expect(maskLacking("mie", { architecture: "ARMv7-M" })).toBe("ARMv7-M has no such mask");
  expect(maskLacking("primask", { architecture: "RV32IMAC" })).toBe("RV32IMAC has no such mask");
  expect(maskOfAll({ architecture: "ARMv7-M" })).toBe("primask");
  expect(maskOfAll({ architecture: "RV32EC_Xw" })).toBe("mie");
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
  const ram = { waitStates: 0 };
  for (const machine of machines) {
    for (const rules of machine.cycleRules) {
      const model = machine.cycleModel({ name: rules, estimate: true, rules, flash, ram });
      expect(() => model.step(model.start, foreign, "executed")).toThrow("an instruction of other");
    }
    const other = { name: "", estimate: true, rules: "cortex-m9", flash, ram };
    expect(() => machine.cycleModel(other)).toThrow("no rules");
  }
});

it("says what a call leaves behind, and where it leads", () => {
  const { codePointer, codeAddress } = arm.registers;
  expect(codePointer(0x8000_0000)).toBe(0x8000_0001);
  expect(codeAddress(0x8000_0001)).toBe(0x8000_0000);
  expect(riscv.registers.codePointer(0x8000_0000)).toBe(0x8000_0000);
  for (const { calls } of machines) expect(calls.call.flow.kind).toBe("call");
});
