/** `alloc-gen tune` with pools in front of a general heap: what it says of them is what their binary does. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeRow } from "../src/cli/commands/tune.js";
import { generateHeaps, prepareHeaps } from "../src/pipeline.js";
import { packageFolder } from "../src/package-folder.js";
import { pool } from "../src/policies/pool/index.js";
import { segregatedFit } from "../src/policies/segregated-fit/index.js";
import { makeTuneReport } from "../src/report/tune-report.js";
import { temporaryFolder } from "../src/toolchain/kept-folder.js";
import { readTrace } from "../src/traces/read.js";
import type { Trace } from "../src/traces/operation.js";
import { buildAny } from "../src/tune/build-any.js";
import { Need } from "../src/tune/need.js";
import { tune, type TuneRequest } from "../src/tune/tune.js";
import { drawnEngine } from "./support/core-engines.js";

const recorded = readTrace(join(packageFolder(), "examples/traces/cjson-docs.trace.gz"));
const trace: Trace = { ...recorded, operations: recorded.operations.slice(0, 3000) };
const base = {
  name: "app_heap",
  target: "cortex-m4",
  lock: "primask",
  heap: { size: "64KiB", alignment: 8 },
  policy: { kind: "segregated-fit" },
};
const request = (): TuneRequest => ({
  base,
  file: "alloc-gen.json",
  traces: [trace],
  confidence: { copies: 4, confidence: 0.95, seed: 3 },
  levels: ["-O2"],
  budgets: [],
  minimise: "ram",
  peers: [],
  engine: drawnEngine(),
  policies: [pool, { ...segregatedFit, variants: segregatedFit.variants.slice(0, 1) }],
});

test("pools are in the front where they save memory and cycles, and are written as a config of several heaps", async () => {
  const result = await tune(request());
  const row = result.rows.find(({ candidate }) => candidate.front !== undefined);
  if (row === undefined || result.own === undefined) throw new Error("no row with pools");
  expect(row.difference).toBeUndefined();
  expect(row.ramBytes).toBeLessThan(result.own.ramBytes);
  expect(row.meanCycles).toBeLessThan(result.own.meanCycles);
  expect(new Need(row.candidate, [trace]).serves(row.heapBytes)).toBe(true);
  expect(new Need(row.candidate, [trace]).serves(row.leastHeapBytes - 512)).toBe(false);
  const built = await buildAny(row.candidate, request().engine);
  const { ramBytes, flashBytes, worst } = row;
  expect(built.figures).toMatchObject({ ramBytes, flashBytes, worst });
  expect(worst.malloc).toBeLessThan(500);
  expect(ramBytes).toBe(row.heapBytes);
  const [said] = makeTuneReport(result).front.filter(({ family }) => family.startsWith("pools"));
  expect(said?.settings["pools"]).toMatch(/^\d+ x \d+/);
  const folder = temporaryFolder();
  try {
    const path = join(folder.path, "alloc-gen.json");
    writeRow(row, { value: base }, path);
    const heaps = prepareHeaps(path, {});
    const bytes = heaps.projects.reduce((sum, { plan }) => sum + plan.heapBytes, 0);
    expect(bytes).toBe(row.heapBytes);
    const names = (await generateHeaps(heaps)).map(({ name }) => name);
    expect(names).toContain("app_heap.c");
  } finally {
    folder.remove();
  }
});
