/** `alloc-gen tune`: what it says of a config is what the built config does. */
import { describe, expect, test } from "vitest";
import { join } from "node:path";
import { writeRow } from "../src/cli/commands/tune.js";
import { generate, prepare } from "../src/pipeline.js";
import { loadPeer } from "../src/peers/load.js";
import { packageFolder } from "../src/package-folder.js";
import { bitmap } from "../src/policies/bitmap/index.js";
import { segregatedFit } from "../src/policies/segregated-fit/index.js";
import { makeTuneReport } from "../src/report/tune-report.js";
import { tuneText } from "../src/report/tune-text.js";
import { temporaryFolder } from "../src/toolchain/kept-folder.js";
import { readTrace } from "../src/traces/read.js";
import type { Trace } from "../src/traces/operation.js";
import { candidatesOf, variedCandidate } from "../src/tune/candidates.js";
import { buildCandidate, emulate, predictedMean } from "../src/tune/cycles.js";
import { Need } from "../src/tune/need.js";
import { tune, type TuneRequest } from "../src/tune/tune.js";
import { drawnEngine } from "./support/core-engines.js";

const recorded = readTrace(join(packageFolder(), "examples/traces/coap-server.trace.gz"));
const trace: Trace = { ...recorded, operations: recorded.operations.slice(0, 1500) };
const base = {
  name: "app_heap",
  target: "cortex-m4",
  heap: { size: "64KiB", alignment: 8 },
  policy: { kind: "segregated-fit" },
};
const request = (): TuneRequest => ({
  base,
  file: "alloc-gen.json",
  traces: [trace],
  confidence: { copies: 4, confidence: 0.95, seed: 3 },
  levels: ["-Os", "-O2"],
  budgets: [],
  minimise: "ram",
  peers: [],
  engine: drawnEngine(),
  policies: [bitmap, { ...segregatedFit, variants: segregatedFit.variants.slice(0, 4) }],
});

describe("the front", () => {
  test("has sizes that serve, and figures that the binary has", async () => {
    const peers = [loadPeer("newlib-nano", packageFolder())];
    const result = await tune({ ...request(), peers });
    expect(result.rows.length).toBeGreaterThan(1);
    for (const row of result.rows) {
      expect(row.difference).toBeUndefined();
      expect(row.heapBytes).toBeGreaterThanOrEqual(row.leastHeapBytes);
      expect(new Need(row.candidate, [trace]).serves(row.heapBytes)).toBe(true);
      expect(row.candidate.project.plan.heapBytes).toBe(row.heapBytes);
      const built = await buildCandidate(row.candidate.project, request().engine);
      expect(row).toMatchObject({
        flashBytes: built.flashBytes,
        ramBytes: built.ramBytes,
        worst: built.worst,
      });
      expect(row.meanCycles).toBeLessThanOrEqual(Math.max(built.worst.malloc, built.worst.free));
    }
    const folder = temporaryFolder();
    try {
      // Each row's config is written whole, and means what was proven.
      for (const [index, row] of result.rows.entries()) {
        const path = join(folder.path, `${index}.json`);
        writeRow(row, { value: base }, path);
        const { loaded, plan } = prepare(path, {});
        expect(plan.heapBytes).toBe(row.heapBytes);
        const { optimize } = row.candidate.project.loaded.config.toolchain;
        expect(loaded.config.toolchain.optimize).toBe(optimize);
        expect(generate({ ...row.candidate.project, plan })).toEqual(generate(row.candidate.project));
      }
    } finally {
      folder.remove();
    }
    const report = makeTuneReport(result);
    expect(report).toMatchObject({ ok: true, seed: 3, copies: 4, minimise: "ram" });
    expect(report.peers).toMatchObject([{ name: "newlib-nano" }]);
    const text = tuneText.print(report);
    for (const { ramBytes } of result.rows) expect(text).toContain(ramBytes.toLocaleString("en-US"));
    expect(text).toMatch(/^OK: on each row's heap/m);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(128);
  });

  test("is empty where no config keeps the budgets", async () => {
    const result = await tune({ ...request(), policies: [bitmap], budgets: [{ name: "flash", most: 10 }] });
    expect(result.rows).toEqual([]);
    const report = makeTuneReport(result);
    expect(report.ok).toBe(false);
    expect(tuneText.print(report)).toContain("NOTHING FOUND: no config keeps the budgets");
  });
});

test("mean cycles that are predicted are those of the emulated core", async () => {
  const { own, others } = candidatesOf({ base, file: "alloc-gen.json", withRealloc: false });
  const quick = others.find(({ family }) => family.includes("quick"));
  for (const candidate of [own, ...(quick === undefined ? [] : [quick])]) {
    const { project } = variedCandidate(candidate, { optimize: "-O2", heapBytes: 16384 });
    const built = await buildCandidate(project, request().engine);
    const { meanCycles, difference } = emulate(built, [trace]);
    expect(difference).toBeUndefined();
    const predicted = predictedMean(built.bench, [trace]) ?? 0;
    expect(Math.abs(predicted / meanCycles - 1)).toBeLessThan(candidate === own ? 0.002 : 0.1);
  }
});
