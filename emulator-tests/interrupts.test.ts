/** Interrupts at every boundary between the instructions of every function: the lock protects, and is needed. */
import { describe, expect, test } from "vitest";
import { allocatorNames, uncalledNames } from "../src/outputs/c/names.js";
import { makePlan } from "../src/policies/make-plan.js";
import { loadTarget } from "../src/targets/load.js";
import { isSound, type LockProof } from "../src/verify/interrupts/lock-proof.js";
import { proveLock } from "../src/verify/interrupts/prove-lock.js";
import { benchFor, type Edit } from "./support/bench.js";
import { testConfig, type TestConfig } from "./support/configs.js";
import { lockCases, lockFaults, withoutLock } from "./support/lock-faults.js";
import { generatedFiles } from "./support/generated-program.js";
import { chooseSample } from "./support/sample.js";

async function prove(config: TestConfig, edit?: Edit): Promise<LockProof> {
  const resolved = testConfig(config);
  const plan = makePlan(resolved, loadTarget(resolved.target));
  const files = generatedFiles(config);
  const bench = await benchFor(config, edit, uncalledNames(files, allocatorNames(plan)));
  const c = files.find(({ name }) => name.endsWith(".c"));
  if (c === undefined) throw new Error("no C was generated");
  const { name, text } = c;
  const { caller } = bench.engine;
  if (caller === undefined) throw new Error("the engine cannot call functions");
  return proveLock({ ...bench, caller, source: { name, text: edit === undefined ? text : edit(text) } });
}

describe.each(chooseSample(lockCases, 8, "locks"))("$name", ({ config }) => {
  test("is sound wherever an interrupt comes", async () => {
    const proof = await prove(config);
    expect(proof.unmasked).toEqual([]);
    expect(proof.broken).toEqual([]);
    for (const { name, open, boundaries } of proof.functions) {
      expect(open, name).toBeGreaterThan(0);
      expect(boundaries, name).toBeGreaterThanOrEqual(open);
    }
    const called = new Set(proof.functions.map(({ name }) => name));
    expect([...called]).toEqual(expect.arrayContaining(["malloc", "free"]));
    expect(proof.maskedAccesses === undefined).toBe(testConfig(config).lock.kind === "none");
  });

  test("breaks without what keeps interrupts out", async () => {
    const { lock } = testConfig(config);
    const { unmasked, brokenBoundaries } = await prove(config, withoutLock(lock));
    expect(brokenBoundaries).toBeGreaterThan(0);
    expect(unmasked.length > 0).toBe(lock.kind !== "none");
  });
});

describe("a lock in which", () => {
  test.each(lockFaults)("$name is not sound", async ({ config, edit }) => {
    expect(isSound(await prove(config, edit))).toBe(false);
  });
});
