/**
 * The table of docs/policies.md: every policy on one trace, and what the seed's three faults come to. Prints Markdown.
 * Run: npx tsx bench/policies.ts
 */
import { join } from "node:path";
import type { Bench } from "../src/verify/compare.js";
import type { PolicyConfig } from "../src/config/config.js";
import { benchFor } from "../emulator-tests/support/bench.js";
import {
  bitmap,
  buddy,
  bump,
  pool,
  quick,
  seed,
  segregated,
  sequential,
  testConfig,
  type TestConfig,
} from "../emulator-tests/support/configs.js";
import { packageFolder } from "../src/package-folder.js";
import { planAt } from "../src/sizing/sizing.js";
import { leastSize } from "../src/sizing/least.js";
import { firstRefused } from "../src/sizing/reference-run.js";
import { loadTarget } from "../src/targets/load.js";
import { peakBytes } from "../src/traces/peak.js";
import { readTrace } from "../src/traces/read.js";
import { ReferenceRunner } from "../src/verify/compare.js";
import { lowered } from "../src/verify/lowered.js";
import { verifyWorkload } from "../src/verify/workload.js";

const trace = readTrace(join(packageFolder(), "examples", "traces", "synthetic-w1.trace.gz"));
const peak = peakBytes(trace);
const heapBytes = 65536;
const target = loadTarget("cortex-m4");

const twoEnded = { split: "two-ended" } as const;

const policies: Readonly<Record<string, PolicyConfig>> = {
  "`segregated-fit`": segregated(twoEnded),
  "… `split: low`": segregated(),
  "… `split: by-neighbour`": segregated({ split: "by-neighbour" }),
  "… `subdivisions: 8`": segregated({ ...twoEnded, subdivisions: 8 }),
  "… `quickLists: {}`": segregated({ ...twoEnded, ...quick(128, 32) }),
  "… `quickLists`, up to 256 bytes, 128 blocks": segregated({ ...twoEnded, ...quick(256, 128) }),
  "… `coalesce: deferred`": segregated({ ...twoEnded, coalesce: "deferred" }),
  "… `preset: tlsf`": segregated({ subdivisions: 32, probe: false }),
  "… `preset: half-fit`": segregated({ subdivisions: 1, probe: false }),
  "`sequential-fit`, first fit by address": sequential(),
  "… best fit, lifo": sequential({ fit: "best", order: "lifo" }),
  "… next fit, lifo": sequential({ fit: "next", order: "lifo" }),
  "… `preset: seed`": seed,
  "`buddy`": buddy(),
  "`bitmap`": bitmap(),
  "`pool`, one class of 1 KiB": pool([[1024]]),
  "`bump`": bump(),
};

const testOf = (policy: PolicyConfig): TestConfig => ({
  policy,
  size: heapBytes,
  optimize: "-O2",
  ...(policy === seed ? { links: { place: "slots" as const, slots: 256 } } : {}),
});

/** The least heap that serves the trace, over the payload live at most. */
async function leastRatio(policy: PolicyConfig): Promise<string> {
  const config = testConfig(testOf(policy));
  const least = await leastSize({
    works: (size) => {
      const plan = planAt(config, target, size);
      return !(plan instanceof Error) && firstRefused(plan, trace, false) === undefined;
    },
    from: peak,
    to: 64 * peak,
    step: 64,
    window: 0,
  });
  return least === undefined || least > 8 * peak ? "-" : (least / peak).toFixed(2);
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell)).join(" | ")} |`;
}

async function measure(name: string, policy: PolicyConfig): Promise<string> {
  const bench: Bench = await benchFor(testOf(policy));
  const { result } = verifyWorkload(bench, trace.name, lowered(bench.plan, trace));
  if (result.mismatch !== undefined) throw new Error(`${name}: ${result.mismatch.message}`);
  const cycles = (of: "malloc" | "free") =>
    `${result[of].cycles.mean.toFixed(0)} / ${result[of].cycles.max.toLocaleString("en-US")}`;
  const { plan, image } = bench;
  const failed = result.malloc.failed;
  const least = policy.kind === "pool" || policy.kind === "bump" ? "-" : await leastRatio(policy);
  return row([
    name,
    cycles("malloc"),
    cycles("free"),
    image.size.flashBytes,
    plan.header.bytes,
    plan.controlBytes,
    least,
    failed,
  ]);
}

/** What the seed was discarded for, as the reference counts it. */
function faults(name: string, policy: PolicyConfig): string {
  const config = testConfig({ ...testOf(policy), size: 32768 });
  const plan = planAt(config, target, 32768);
  if (plan instanceof Error) throw plan;
  const operations = lowered(plan, trace);
  const runner = new ReferenceRunner(plan, operations, true);
  let touching = 0;
  let free = 0;
  for (let to = 500; to <= operations.length; to += 500) {
    runner.advance(to);
    const blocks = [...runner.heap.blocks()];
    free += blocks.filter((block) => block.free).length;
    touching += blocks.filter((block, index) => block.free && blocks[index + 1]?.free === true).length;
  }
  const steps = (code: number) => {
    const walked = runner.paths
      .filter((_path, index) => operations.kind[index] === code)
      .map(({ loops }) => loops.reduce((sum, count) => sum + count, 0));
    const mean = walked.reduce((sum, count) => sum + count, 0) / walked.length;
    return `${mean.toFixed(1)} / ${walked.reduce((most, count) => Math.max(most, count), 0)}`;
  };
  return row([name, steps(1), steps(2), `${Math.round((100 * touching) / Math.max(1, free))} %`]);
}

console.log(
  row([
    "policy",
    "malloc mean / worst",
    "free mean / worst",
    "flash",
    "header",
    "control",
    "least heap",
    "refused",
  ]),
);
console.log("|---|---|---|---|---|---|---|---|");
for (const [name, policy] of Object.entries(policies)) console.log(await measure(name, policy));
console.log(
  `\n${row(["policy", "blocks walked by malloc", "by free", "free blocks that touch a free one"])}`,
);
console.log("|---|---|---|---|");
for (const [name, policy] of Object.entries({
  "`preset: seed`": seed,
  "first fit by address": sequential(),
  "best fit, lifo": sequential({ fit: "best", order: "lifo" }),
  "`segregated-fit`": segregated(),
}))
  console.log(faults(name, policy));
