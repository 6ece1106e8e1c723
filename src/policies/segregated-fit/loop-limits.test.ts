import { expect, test } from "vitest";
import { quick, segregated, testConfig } from "../../../emulator-tests/support/configs.js";
import { loopLimitsOf } from "../../plan/loop-limits.js";
import { emitC } from "../../outputs/c/emit.js";
import { loadTarget } from "../../targets/load.js";
import { makePlan } from "../make-plan.js";

test.each([
  ["immediate", segregated()],
  ["deferred", segregated({ coalesce: "deferred" })],
  ["quick lists", segregated(quick())],
  ["both", segregated({ coalesce: "deferred", ...quick() })],
])("every loop of the C that names a budget has a limit: %s coalescing", (_, policy) => {
  const api = { calloc: true, realloc: true, alignedAlloc: true, check: true, stats: true };
  const config = testConfig({ policy, api });
  const plan = makePlan(config, loadTarget(config.target));
  const provenance = { version: "", configName: "", configHash: "", targetName: config.target };
  const functions = emitC(plan, provenance).flatMap((file) => file.functions ?? []);
  const limited = new Set(Object.values(loopLimitsOf(plan)).flatMap((limits) => Object.keys(limits)));
  const named = functions.flatMap(({ loops }) => loops.map(({ budget }) => budget));
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((budget) => !limited.has(budget))).toEqual([]);
});
