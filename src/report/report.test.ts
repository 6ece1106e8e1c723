import { describe, expect, it, vi } from "vitest";
import type { ConfigPath } from "../diagnostics.js";
import { bytes } from "../units.js";
import { exampleMismatch, exampleResult, figures, workload, predicted } from "./run.fixture.js";
import { checkBudgets } from "./budgets.js";
import type { HeapReport } from "./report.js";
import { json } from "./formats/json.js";
import { checksOfHeap } from "./checks.js";
import { makeReport, reportHeap } from "./make-report.js";

vi.mock("../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

describe("reportHeap", () => {
  it("has the keys that scripts depend on", () => {
    const distribution = { mean: 31.25, p50: 31.25, p99: 60, max: 60 };
    const report = reportHeap(exampleResult());
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

  it("adds keys to those that scripts depend on, and takes none away", () => {
    const keys = "version ok target toolchain engine cycleModel plan size workloads bounds coverage budgets";
    const added =
      "name targetDescription config strict policy lock memoryMap checked interface proofs seconds";
    const report = reportHeap(exampleResult());
    expect(Object.keys(report).toSorted()).toEqual(`${keys} ${added}`.split(" ").toSorted());
    expect(Object.keys(report.workloads[0] ?? {})).toEqual(
      "name operations mismatches malloc free place".split(" "),
    );
  });

  it("is not ok when one workload of several differs, and carries the difference", () => {
    const result = exampleResult([workload("uniform"), workload("holes", { mismatch: exampleMismatch })]);
    const report = reportHeap(result);
    expect(report.ok).toBe(false);
    expect(report.workloads.map(({ mismatches }) => mismatches)).toEqual([0, 1]);
    expect(report.workloads[1]?.mismatch).toEqual(exampleMismatch);
  });

  it("fails for a wrong prediction where it is told to, and else warns", () => {
    const wrongPrediction = {
      function: "free",
      path: "1f",
      operation: 7,
      predicted: 40,
      measured: 41,
    } as const;
    const result = exampleResult([workload("holes", { wrongPrediction })]);
    const message = "holes, operation 7: free takes 41 cycles, 40 were predicted for its path (1f)";
    const [free, strict] = [reportHeap(result), reportHeap(result, { strict: true })];
    const prediction = (heap: HeapReport) => checksOfHeap(heap).find(({ group }) => group === "prediction");
    expect([free.ok, strict.ok]).toEqual([true, false]);
    expect(free.workloads[0]?.wrongPrediction).toEqual(wrongPrediction);
    expect(prediction(free)).toMatchObject({ failures: [], warnings: [{ message }] });
    expect(prediction(strict)).toMatchObject({ failures: [{ message }] });
  });

  it("is strict where the config is", () => {
    const result = exampleResult();
    const { config } = result.project.loaded;
    const loaded = {
      ...result.project.loaded,
      config: { ...config, verify: { ...config.verify, strict: true } },
    };
    expect(reportHeap({ ...result, project: { ...result.project, loaded } }).strict).toBe(true);
  });

  it("names a model without (estimate) where the timing is published", () => {
    const result = exampleResult();
    const { target } = result.project;
    const cycleModel = { ...target.cycleModel, estimate: false };
    const project = { ...result.project, target: { ...target, cycleModel } };
    expect(reportHeap({ ...result, project }).cycleModel).toBe("cortex-m4 plain table");
  });
});

describe("places", () => {
  it("are the lines of the config, and its file where the command line sets the value", () => {
    const result = exampleResult([workload("uniform"), workload("holes"), workload("a"), workload("b")]);
    const { loaded } = result.project;
    const paths: unknown[] = [];
    const locate = (path: ConfigPath) => {
      paths.push(path);
      return path[0] === "budgets" ? { file: "--set budgets.flash=1" } : loaded.locate(path);
    };
    const project = { ...result.project, loaded: { ...loaded, locate } };
    const budgets = { cycles: {}, flash: bytes(1) };
    const report = reportHeap({ ...result, project }, { budgets });
    expect(report.budgets[0]?.place).toEqual({ file: "alloc-gen.json" });
    expect(report.workloads[0]?.place).toEqual({ file: "alloc-gen.json", line: 10, column: 5 });
    expect(paths).toEqual([
      ["verify", "workloads", 0],
      ["verify", "workloads", 1],
      ["verify", "traces", 0],
      ["verify"],
      ["budgets", "flash"],
    ]);
  });
});

describe("the JSON", () => {
  const report = makeReport([reportHeap(exampleResult())]);

  it("is the report of the only heap, but for what is drawn and for times", () => {
    const { memoryMap: _drawing, seconds: _times, ...data } = report.heaps[0] ?? {};
    expect(JSON.parse(json.print(report))).toEqual(data);
    expect(json.print(report).endsWith("}\n")).toBe(true);
  });

  it("lists the heaps of a config of several, and has what outputs proved", () => {
    const proof = {
      key: "front",
      subject: "app",
      title: "app",
      tried: "3 operations",
      failure: "no",
      lines: [],
    };
    const front = { name: "app", served: [] };
    const several = makeReport([...report.heaps, ...report.heaps], [{ ...proof, report: front }]);
    expect(JSON.parse(json.print(several))).toMatchObject({
      ...{ version: 1, ok: false, front },
      heaps: [{ name: "app_heap" }, { name: "app_heap" }],
    });
  });
});

describe("budgets", () => {
  const slow = workload("holes", {
    malloc: { calls: 1, failed: 0, instructions: figures(1, 1), cycles: figures(80, 90), predicted },
  });
  const result = exampleResult([workload("uniform"), slow]);

  it("take the worst call of any workload and the highest mean, which may be another workload's", () => {
    const report = reportHeap(result, { budgets: { cycles: { malloc: { worst: 101, mean: 79 } } } });
    expect(report.budgets).toMatchObject([
      { what: "malloc worst cycles", limit: 101, actual: 101, ok: true },
      { what: "malloc mean cycles", limit: 79, actual: 80, ok: false },
    ]);
    expect(report.ok).toBe(false);
  });

  it("hold free, flash, RAM and the deeper of the two stacks too", () => {
    const report = reportHeap(result, {
      budgets: {
        cycles: { free: { worst: 70 } },
        flash: bytes(612),
        ram: bytes(32767),
        stack: bytes(47),
      },
    });
    expect(report.budgets).toMatchObject([
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
    const locate = () => ({ file: "alloc-gen.json" });
    const limits = { malloc: { bound: 104 }, free: { bound: 80 } };
    expect(checkBudgets({ cycles: limits }, measured, locate)).toMatchObject([
      { what: "malloc bound cycles", limit: 104, actual: 104, ok: true },
      { what: "free bound cycles", limit: 80, actual: Infinity, ok: false },
    ]);
  });

  it("allow a limit of 0", () => {
    expect(reportHeap(result, { budgets: { cycles: {}, flash: bytes(0) } }).budgets).toMatchObject([
      { what: "flash bytes", limit: 0, actual: 612, ok: false },
    ]);
  });
});
