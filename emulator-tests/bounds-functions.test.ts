/** Bounds of the functions beside malloc and free, of the policies without headers: above every call. */
import { describe, expect, test } from "vitest";
import { proveBounds } from "../src/bounds/bounds.js";
import { emitC } from "../src/emit/emit.js";
import { loopLimitsOf } from "../src/policies/loop-limits.js";
import { policyFor } from "../src/policies/registry.js";
import { coreModel } from "../src/timing/cores/core-model.js";
import { generateWorkload } from "../src/traces/generate.js";
import { namesOf } from "../src/traces/operation.js";
import { lowered } from "../src/verify/lowered.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { headerlessFunctions } from "./support/headerless.js";
import { chooseSample } from "./support/sample.js";

const sampleSeed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);
const targets = ["cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4"] as const;
const all = Object.entries(headerlessFunctions)
  .flatMap(([name, config]) =>
    targets.flatMap((target) =>
      (["-Os", "-O2", "-O3"] as const).map((optimize) => ({ name, config, target, optimize })),
    ),
  )
  // At -O3 functions of more than 2 KiB jump by BL on ARMv6-M: nothing is bounded then.
  .filter(({ target, optimize }) => !(optimize === "-O3" && target.startsWith("cortex-m0")))
  .filter(({ name, target }) => !(name.includes("atomic") && target.startsWith("cortex-m0")));

describe("no call takes more than its bound", () => {
  test.each(chooseSample(all, 10, "bounds of functions"))(
    "$name, $target $optimize",
    async ({ config, target, optimize }) => {
      const bench = await benchFor({ ...config, target, optimize });
      const { plan, image } = bench;
      const provenance = { version: "test", configName: "", configHash: "", targetName: target };
      const source = emitC(plan, provenance).find(({ name }) => name.endsWith(".c")) ?? expect.fail("no C");
      const proven = proveBounds({
        image,
        pricing: coreModel(bench.target),
        source,
        loopLimits: loopLimitsOf(plan),
        wordLimits: policyFor(plan.policy).wordLimits(plan),
      });
      const { heapBytes, maximumRequestBytes: maximumRequest } = plan;
      const options = { seed: sampleSeed, operations: 2500, heapBytes, maximumRequest, minimumRequest: 1 };
      const operations = lowered(plan, generateWorkload("mixed", options), image.heapAddress);
      const { result, stackBytes } = verifyWorkload(bench, "mixed", operations);
      expect(result.mismatch).toBeUndefined();
      for (const name of namesOf(image.entries)) {
        const { cycles, stack } = proven[name] ?? expect.fail(`no bounds of ${name}`);
        if (!("cycles" in cycles)) expect.fail(`${name}: ${cycles.unprovable}`);
        if (!("bytes" in stack)) expect.fail(`${name}: ${stack.unprovable}`);
        expect(result[name]?.cycles.max).toBeLessThanOrEqual(cycles.cycles);
        expect(stackBytes[name]).toBeLessThanOrEqual(stack.bytes);
      }
    },
  );
});
