/**
 * Operations a second of the reference heaps, on the trace synthetic-w1 in a heap of 32 KiB. Figures of one run compare
 * with each other; across machines and days only the ratios do. Run: npx tsx bench/reference.ts
 */
import { join } from "node:path";
import { packageFolder } from "../src/package-folder.js";
import { lowered } from "../src/verify/lowered.js";
import { readTrace } from "../src/traces/read.js";
import { ReferenceRunner } from "../src/verify/equivalence.js";
import { benchProject } from "./project.js";

const trace = readTrace(join(packageFolder(), "examples", "traces", "synthetic-w1.trace.gz"));
const repeats = 25;

const sequential = { kind: "sequential-fit" };
const policies: Readonly<Record<string, object>> = {
  "segregated-fit": { kind: "segregated-fit", split: "low" },
  "first fit, address": sequential,
  "best fit, address": { ...sequential, fit: "best" },
  "first fit, lifo": { ...sequential, order: "lifo" },
};

let base: number | undefined;
for (const [name, policy] of Object.entries(policies)) {
  const { plan } = benchProject({ policy });
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
