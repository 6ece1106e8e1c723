import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AllocGenError } from "../diagnostics.js";
import { machineOf } from "../machine/registry.js";
import { listTargets, loadTarget, loadTargetOf, targetsFolder } from "./load.js";

function failure(run: () => unknown): AllocGenError {
  try {
    run();
  } catch (error) {
    if (error instanceof AllocGenError) {
      return error;
    }
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("the targets are the folders with a target.json", () => {
  expect(listTargets()).toEqual(listTargets().toSorted());
  expect(listTargets()).toEqual(expect.arrayContaining(["cortex-m0", "cortex-m4", "cortex-m7"]));
  expect(listTargets()).not.toContain("arm");
});

describe.each(listTargets())("%s", (name) => {
  const target = loadTarget(name);
  const isArm = machineOf(target).name === "arm";

  test("is selected by its own name", () => {
    expect(target.name).toBe(name);
    expect(target.folder).toBe(join(targetsFolder(), name));
    const selects = isArm ? /^-mcpu=cortex-m/ : /^-march=rv32/;
    expect(target.compilerFlags).toContainEqual(expect.stringMatching(selects));
    if (isArm) expect(target.compilerFlags).toContain("-mthumb");
  });

  test("has room for a heap of 1 MiB", () => {
    // An Armv8-M core starts in Secure state, and the board's Secure addresses are others.
    const secure = target.architecture.startsWith("ARMv8-M");
    const isItcm = target.qemu.machine === "mps3-an547";
    const [flash, ram] = !isArm
      ? [0x80000000, 0x80400000]
      : secure
        ? [0x10000000, isItcm ? 0x31000000 : 0x38000000]
        : [0, 0x20000000];
    expect(target.memory.flash).toEqual({ origin: flash, length: isItcm ? 512 << 10 : 4 << 20 });
    expect(target.memory.ram).toEqual({ origin: ram, length: 4 << 20 });
  });

  test("gives QEMU scratch memory apart from the program's", () => {
    const { scratch } = target.qemu;
    expect(scratch.length).toBe(16 << 20);
    for (const { origin, length } of [target.memory.flash, target.memory.ram]) {
      expect(scratch.origin >= origin + length || scratch.origin + scratch.length <= origin).toBe(true);
    }
  });

  test("link.ld says the same memory as target.json", () => {
    const script = readFileSync(join(target.folder, "link.ld"), "utf8");
    for (const [region, { origin, length }] of Object.entries(target.memory)) {
      const line = new RegExp(
        `^ *${region.toUpperCase()} .*ORIGIN = (0x[0-9a-f]+), LENGTH = (\\d+)([KM])$`,
        "m",
      );
      const found = line.exec(script);
      expect(Number(found?.[1])).toBe(origin);
      expect(Number(found?.[2]) * 2 ** (found?.[3] === "K" ? 10 : 20)).toBe(length);
    }
  });

  test("ARMv6-M, the Baseline and RISC-V without Zbb lack CLZ; and these and all RISC-V unaligned access", () => {
    const isSmall = target.architecture === "ARMv6-M" || target.architecture === "ARMv8-M Baseline";
    const counts = isArm ? !isSmall : target.architecture.includes("Zbb");
    expect(target.countLeadingZeros).toBe(counts);
    expect(target.unalignedAccess).toBe(isArm && !isSmall);
  });

  test("an estimate says so in its name", () => {
    expect(target.cycleModel.name.includes("estimate")).toBe(target.cycleModel.estimate);
  });
});

describe("a faulty name or file", () => {
  let folder = "";
  const file = (): string => join(folder, "cortex-m4", "target.json");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "alloc-gen-targets-"));
    cpSync(join(targetsFolder(), "cortex-m4"), join(folder, "cortex-m4"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("an unknown target names the nearest", () => {
    const error = failure(() => loadTarget("CortexM4"));
    expect(error.exitCode).toBe(2);
    expect(error.message).toBe(
      'unknown target "CortexM4"; did you mean "cortex-m4"? ' + `(allowed: ${listTargets().join(", ")})`,
    );
  });

  test("a name that is like none suggests none", () => {
    expect(failure(() => loadTargetOf(folder, "stm32f407")).message).toBe(
      'unknown target "stm32f407" (allowed: cortex-m4)',
    );
  });

  test.each(["../targets/cortex-m4", ".", "", "arm"])("%o is no target", (name) => {
    expect(failure(() => loadTarget(name)).exitCode).toBe(2);
  });

  test("text that is not JSON names the file", () => {
    writeFileSync(file(), "{");
    const error = failure(() => loadTargetOf(folder, "cortex-m4"));
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(`${file()}: malformed target: `);
  });

  test("all faults are reported, each with its key", () => {
    const text = readFileSync(file(), "utf8")
      .replace('"ARMv7E-M"', '"ARMv9"')
      .replace('"rules": "cortex-m4"', '"rules": "cortex-m9"')
      .replace('"0x20000000"', '"512M"');
    writeFileSync(file(), text);
    const error = failure(() => loadTargetOf(folder, "cortex-m4"));
    expect(error.diagnostics.map((each) => each.message.split(": ").slice(0, 2).join(": "))).toEqual([
      "malformed target: architecture",
      "malformed target: memory.ram.origin",
      "malformed target: cycleModel.rules",
    ]);
  });
});
