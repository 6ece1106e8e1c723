import { describe, expect, it } from "vitest";
import type { Budgets } from "../config/config.js";
import { bytes } from "../units.js";
import { exampleMismatch, exampleResult, figures, workload, predicted } from "./run.fixture.js";
import { printJson } from "./json.js";
import { checkBudgets } from "./budgets.js";
import { makeReport } from "./report.js";

const none: Budgets = { cycles: {} };

describe("makeReport", () => {
  it("has the keys that scripts depend on", () => {
    const distribution = { mean: 31.25, p50: 31.25, p99: 60, max: 60 };
    const report = makeReport(exampleResult(), none);
    expect(report).toMatchObject({
      version: 1,
      ok: true,
      target: "cortex-m4",
      toolchain: "arm-none-eabi-gcc 12.2.1 -O2",
      engine: "unicorn 2.0.1",
      cycleModel: "cortex-m4 plain table (estimate)",
      plan: {
        heapBytes: 32768,
        alignmentBytes: 8,
        granuleBytes: 8,
        headerBytes: 4,
        controlBytes: 120,
        minimumBlockBytes: 16,
        maximumRequestBytes: 32636,
      },
      size: {
        flashBytes: 612,
        ramBytes: 32768,
        functions: { malloc: 300, free: 200, init: 112 },
        stackBytes: { malloc: 48, free: 32 },
      },
      bounds: {},
      coverage: {
        branches: 40,
        covered: 38,
        left: [{ address: 0x1a0, never: "taken", source: "app_heap.c:210" }],
      },
      budgets: [],
    });
    expect(report.workloads[0]).toMatchObject({ name: "uniform", operations: 20000, mismatches: 0 });
    expect(report.workloads[0]?.malloc).toEqual({
      calls: 12000,
      failed: 3,
      instructions: distribution,
      cycles: { mean: 45.5, p50: 45.5, p99: 101, max: 101 },
      predicted,
    });
  });

  it("has no other keys", () => {
    const report = makeReport(exampleResult(), none);
    expect(Object.keys(report)).toEqual(
      "version ok target toolchain engine cycleModel plan size workloads bounds coverage budgets".split(" "),
    );
    expect(Object.keys(report.workloads[0] ?? {})).toEqual(
      "name operations mismatches malloc free".split(" "),
    );
  });

  it("is not ok when one workload of several differs, and carries the difference", () => {
    const result = exampleResult([workload("uniform"), workload("holes", { mismatch: exampleMismatch })]);
    const report = makeReport(result, none);
    expect(report.ok).toBe(false);
    expect(report.workloads.map(({ mismatches }) => mismatches)).toEqual([0, 1]);
    expect(report.workloads[1]?.mismatch).toEqual(exampleMismatch);
  });

  it("names a model without (estimate) where the timing is published", () => {
    const result = exampleResult();
    const { target } = result.project;
    const cycleModel = { ...target.cycleModel, estimate: false };
    const project = { ...result.project, target: { ...target, cycleModel } };
    expect(makeReport({ ...result, project }, none).cycleModel).toBe("cortex-m4 plain table");
  });

  it("survives a trip through JSON", () => {
    const report = makeReport(exampleResult(), none);
    expect(JSON.parse(printJson(report))).toEqual(report);
    expect(printJson(report).endsWith("}\n")).toBe(true);
  });
});

describe("budgets", () => {
  const slow = workload("holes", {
    malloc: { calls: 1, failed: 0, instructions: figures(1, 1), cycles: figures(80, 90), predicted },
  });
  const result = exampleResult([workload("uniform"), slow]);

  it("take the worst call of any workload and the highest mean, which may be another workload's", () => {
    const report = makeReport(result, { cycles: { malloc: { worst: 101, mean: 79 } } });
    expect(report.budgets).toEqual([
      { what: "malloc worst cycles", limit: 101, actual: 101, ok: true },
      { what: "malloc mean cycles", limit: 79, actual: 80, ok: false },
    ]);
    expect(report.ok).toBe(false);
  });

  it("hold free, flash, RAM and the deeper of the two stacks too", () => {
    const report = makeReport(result, {
      cycles: { free: { worst: 70 } },
      flash: bytes(612),
      ram: bytes(32767),
      stack: bytes(47),
    });
    expect(report.budgets).toEqual([
      { what: "free worst cycles", limit: 70, actual: 71, ok: false },
      { what: "flash bytes", limit: 612, actual: 612, ok: true },
      { what: "RAM bytes", limit: 32767, actual: 32768, ok: false },
      { what: "stack bytes", limit: 47, actual: 48, ok: false },
    ]);
  });

  it("hold a proven bound where one is asked for", () => {
    const { image, verification } = result;
    const bounds = { malloc: { cycles: 104, observed: 101 } };
    const measured = { size: image.size, verification, bounds, interruptLatency: undefined };
    const limits = { malloc: { bound: 104 }, free: { bound: 80 } };
    expect(checkBudgets({ cycles: limits }, measured)).toEqual([
      { what: "malloc bound cycles", limit: 104, actual: 104, ok: true },
      { what: "free bound cycles", limit: 80, actual: Infinity, ok: false },
    ]);
  });

  it("allow a limit of 0", () => {
    expect(makeReport(result, { cycles: {}, flash: bytes(0) }).budgets).toEqual([
      { what: "flash bytes", limit: 0, actual: 612, ok: false },
    ]);
  });
});
