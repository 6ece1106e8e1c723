/**
 * Operations a second of the reference heaps, on the trace synthetic-w1 in a heap of 32 KiB. Figures of one run compare
 * with each other; across machines and days only the ratios do. Run: npx tsx bench/reference.ts
 */
import { join } from "node:path";
import type { PolicyConfig } from "../src/config/config.js";
import { packageFolder } from "../src/package-folder.js";
import { makePlan } from "../src/plan/make-plan.js";
import { lowered } from "../src/verify/lowered.js";
import { loadTarget } from "../src/targets/load.js";
import { readTrace } from "../src/traces/read.js";
import { ReferenceRunner } from "../src/verify/compare.js";
import { segregated, sequential, testConfig } from "../emulator-tests/support/configs.js";

const trace = readTrace(join(packageFolder(), "examples", "traces", "synthetic-w1.trace.gz"));
const repeats = 25;

const policies: Readonly<Record<string, PolicyConfig>> = {
  "segregated-fit": segregated(),
  "first fit, address": sequential(),
  "best fit, address": sequential({ fit: "best" }),
  "first fit, lifo": sequential({ order: "lifo" }),
};

let base: number | undefined;
for (const [name, policy] of Object.entries(policies)) {
  const plan = makePlan(testConfig({ policy }), loadTarget("cortex-m4"));
  const operations = lowered(plan, trace);
  const times = Array.from({ length: repeats }, () => {
    const runner = new ReferenceRunner(plan, operations);
    const start = performance.now();
    runner.advance(operations.length);
    return performance.now() - start;
  }).sort((left, right) => left - right);
  const median = times[Math.floor(repeats / 2)] ?? 0;
  const rate = (1000 * operations.length) / median;
  base ??= rate;
  console.log(
    `${name.padEnd(20)} ${Math.round(rate).toLocaleString("en").padStart(12)} operations/s  ${(rate / base).toFixed(2)}`,
  );
}
