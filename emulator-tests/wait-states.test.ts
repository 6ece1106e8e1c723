/** Slower memory: bounds hold and predictions are exact with it as without, and each wait state costs. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { prepare, run } from "../src/pipeline.js";
import { reportHeap } from "../src/report/make-report.js";
import type { MemoryTiming } from "../src/targets/memory-timing.js";
import { drawnEngine } from "./support/core-engines.js";

const folder = mkdtempSync(join(tmpdir(), "alloc-gen-wait-states-"));
afterAll(() => rmSync(folder, { recursive: true }));

const config = join(folder, "alloc-gen.json");
writeFileSync(
  config,
  JSON.stringify({
    name: "slow",
    target: "cortex-m4",
    heap: { size: 4096, alignment: 8 },
    policy: { kind: "segregated-fit" },
    verify: { operations: 3000, workloads: ["uniform"] },
  }),
);

const memories: readonly MemoryTiming[] = [
  { flash: { waitStates: 7, lineBytes: 16, prefetch: true }, ram: { waitStates: 0 } },
  { flash: { waitStates: 1, lineBytes: 8, prefetch: false }, ram: { waitStates: 2 } },
];

test.each(["cortex-m0plus", "cortex-m3", "cortex-m4"])("on %s", async (target) => {
  for (const memory of memories) {
    const project = prepare(config, { target, memory });
    const result = await run(project, { engine: drawnEngine(), triesWaitStates: true });
    const report = reportHeap(result, { strict: true });
    expect(report.ok).toBe(true);
    expect(report.cycleModel).toMatch(/wait states?.* \(estimate\)$/);
    const { waitStates, ramWaitStates } = { ...memory.flash, ramWaitStates: memory.ram.waitStates };
    expect(report.waitStates?.workload).toBe("uniform");
    const rows = report.waitStates?.rows ?? [];
    expect(rows.map((row) => row.waitStates)).toEqual(
      Array.from({ length: Math.max(5, waitStates) + 1 }, (_, index) => index),
    );
    for (const name of ["malloc", "free"] as const) {
      const bounds = rows.map(({ functions }) => functions[name].bound ?? NaN);
      expect(bounds[waitStates]).toBe(report.bounds[name]?.cycles);
      for (const [index, { functions }] of rows.entries()) {
        const { bound = NaN, mean, max } = functions[name];
        expect(max).toBeLessThanOrEqual(bound);
        expect(mean).toBeGreaterThan(rows[index - 1]?.functions[name].mean ?? 0);
      }
    }
    const fast = await run(prepare(config, { target }), { engine: drawnEngine() });
    const { bounds } = reportHeap(fast);
    expect(fast.waitStates).toBeUndefined();
    const first = rows[0]?.functions.malloc.bound ?? NaN;
    if (ramWaitStates === 0) expect(first).toBe(bounds["malloc"]?.cycles);
    else expect(first).toBeGreaterThan(bounds["malloc"]?.cycles ?? NaN);
  }
});
