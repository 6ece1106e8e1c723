/** The least heap that a config may ask for, as a part with 2 KiB of RAM has: every policy, on the cores of such parts. */
import { expect, test } from "vitest";
import { smallestHeap } from "../src/config/resolve-heap.js";
import { generateWorkload } from "../src/traces/generate.js";
import { verifyDirected } from "../src/verify/directed.js";
import { lowered } from "../src/verify/lowered.js";
import { deriveCosts } from "../src/verify/prediction.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import {
  bitmap,
  buddy,
  bump,
  everyFunction,
  pool,
  quick,
  segregated,
  sequential,
  type TestConfig,
} from "./support/configs.js";
import { chooseSample } from "./support/sample.js";

const configs: Readonly<Record<string, TestConfig>> = {
  "sequential-fit": { policy: sequential(), api: everyFunction, alignment: 4 },
  "sequential-fit, links in slots": { policy: sequential(), links: { place: "slots", slots: 4 } },
  "segregated-fit": { policy: segregated(), api: everyFunction },
  "segregated-fit, quick lists": { policy: segregated(quick()) },
  bitmap: { policy: bitmap(), api: everyFunction },
  buddy: { policy: buddy(), api: everyFunction },
  bump: { policy: bump("lifo"), api: everyFunction },
  pool: { policy: pool([[8, 8], [24]]) },
};

const cases = Object.entries(configs).flatMap(([name, config]) =>
  ["rv32ec", "cortex-m0plus"].map((target) => ({ name, target, config })),
);

test.each(chooseSample(cases, 5, "least heaps"))("$name on $target", async ({ config, target }) => {
  const bench = await benchFor({ ...config, size: smallestHeap, target });
  const { plan } = bench;
  expect(plan.heapBytes).toBe(256);
  const costs = deriveCosts(bench);
  // No search for the worst call: what is asked of a heap of this size is whether it is right.
  const bounds = { malloc: 0, free: 0 };
  const directed = verifyDirected(bench, { seed: 1, minimumRequest: 1, bounds, costs });
  expect(directed.result.mismatch).toBeUndefined();
  expect(directed.result.wrongPrediction).toBeUndefined();
  for (const workload of ["power-law", "exhaustion"] as const) {
    const options = {
      seed: 1,
      operations: 2000,
      heapBytes: plan.heapBytes,
      maximumRequest: plan.maximumRequestBytes,
      minimumRequest: 1,
    };
    const operations = lowered(plan, generateWorkload(workload, options));
    const { result } = verifyWorkload(bench, workload, operations, { costs });
    expect(result.mismatch).toBeUndefined();
    expect(result.wrongPrediction).toBeUndefined();
    expect(result.malloc.cycles.max).toBeGreaterThan(0);
  }
});
