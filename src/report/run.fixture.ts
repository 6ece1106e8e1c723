/** A made-up run for the tests of the report and of the command line. */
import type { Budgets } from "../config/config.js";
import type { Source } from "../config/resolve-document.js";
import type { ConfigPath } from "../diagnostics.js";
import type { RunResult } from "../pipeline.js";
import { address, bytes } from "../units.js";
import type { InterfaceProof } from "../verify/interface.js";
import type { Distribution, Mismatch, WorkloadResult } from "../verify/verification.js";
import { measureBaseline } from "./measure-baseline.js";
import { makeReport, reportHeap, withBaseline } from "./make-report.js";
import type { Report } from "./report.js";

export const figures = (mean: number, max: number): Distribution => ({ mean, p50: mean, p99: max, max });

export const predicted = { exact: 100, wrong: 0 };

export const exampleMismatch: Mismatch = {
  kind: "address",
  operation: 41,
  message: "malloc(24): the reference says offset 128, the C returned offset 136",
  minimal: ["a 1 24", "f 1", "a 2 24"],
  minimalMessage: "malloc(24): the reference says offset 128, the C returned offset 136",
  referenceDrawing: "[ref]",
  emulatedDrawing: "[emu]",
};

export function workload(name: string, change: Partial<WorkloadResult> = {}): WorkloadResult {
  return {
    name,
    operations: 20000,
    malloc: {
      calls: 12000,
      failed: 3,
      instructions: figures(31.25, 60),
      cycles: figures(45.5, 101),
      predicted,
    },
    free: { calls: 8000, failed: 0, instructions: figures(21, 44), cycles: figures(30.5, 71), predicted },
    ...change,
  };
}

export function exampleResult(workloads: readonly WorkloadResult[] = [workload("uniform")]): RunResult {
  return {
    project: {
      loaded: { config, file: "alloc-gen.json", sha256, locate },
      target,
      plan,
    } as unknown as RunResult["project"],
    image,
    verification: {
      engine: "unicorn",
      workloads,
      checked: { operations: 20000, addresses: 12000, metadata: 79, payloadBytes: 1234567 },
      interface: { functions: 3, calls: 417, states: 12, notRun: [] },
      stackBytes: { malloc: 48, free: 32 },
      coverage: {
        branches: 40,
        covered: 38,
        left: [{ address: 0x1a0, never: "taken", source: "app_heap.c:210" }],
      },
    },
    bounds: {
      proven: { init: noBounds, malloc: noBounds, free: noBounds },
      observed: {
        malloc: { cycles: 101, stackBytes: 48, maskingCycles: 0 },
        free: { cycles: 71, stackBytes: 32, maskingCycles: 0 },
      },
      uncalled: {},
    },
    engineVersion: "2.0.1",
    seconds: { load: 0.01, generate: 0.02, build: 0.5, reference: 0.1, emulate: 1.5, compare: 0.2 },
  };
}

/** Its report as the only heap. */
export const exampleReport = (result = exampleResult(), budgets: Partial<Budgets> = {}): Report =>
  makeReport([reportHeap(result, { budgets: { cycles: {}, ...budgets }, sourceFolder: "generated" })]);

const term = { each: "listed block", most: 10, cycles: 7 };
const bound = (cycles: number, terms: readonly (typeof term)[] = []) => ({
  cycles,
  formula: { base: 20, terms },
});

const failingInterface: InterfaceProof = {
  functions: 4,
  calls: 57,
  states: 2,
  mismatch: {
    function: "app_heap_usable_size",
    call: "usable_size(offset 124)",
    expected: "28",
    found: "24",
    before: ["init", "malloc(24)"],
  },
  notRun: [{ what: "app_heap_capacity", reason: "no probe calls it" }],
};
/** A good run, but for a prediction. */
export const warningReport = (): Report =>
  exampleReport(
    exampleResult([
      workload("uniform", {
        wrongPrediction: { function: "free", path: "1f", operation: 7, predicted: 40, measured: 41 },
      }),
    ]),
  );

/** A run in which everything fails that can, of a heap with a lock and of a workload with an odd name. */
export function failingReport(): Report {
  const stopped: Mismatch = {
    ...exampleMismatch,
    kind: "fault",
    message: "write-unmapped: writes 4 bytes at 0x0 (app_heap.c:120)",
    source: "app_heap.c:120",
  };
  const run = exampleResult([
    workload("uniform", { mismatch: exampleMismatch }),
    workload('odd <&"|`:,%\u0001', {
      mismatch: stopped,
      wrongPrediction: {
        function: "free",
        path: "1f with loops 0: 3",
        operation: 7,
        predicted: 40,
        measured: 41,
      },
    }),
  ]);
  const proven = {
    init: noBounds,
    malloc: { cycles: bound(100, [term]), stack: { bytes: 40 }, interruptMasking: bound(30) },
    free: { ...noBounds, interruptMasking: { unprovable } },
  };
  const { observed } = run.bounds;
  const result: RunResult = {
    ...run,
    verification: { ...run.verification, interface: failingInterface },
    project: { ...run.project, plan: { ...run.project.plan, lock: { kind: "primask" } } },
    bounds: {
      proven,
      observed: { ...observed, malloc: { ...observed.malloc, maskingCycles: 31 } },
      uncalled: { check: { cycles: bound(500), stack: { bytes: 8 } } },
    },
  };
  const heap = reportHeap(result, {
    budgets: { cycles: { malloc: { mean: 45 }, free: { bound: 80 } }, flash: bytes(612) },
    sourceFolder: "out/c",
    strict: true,
  });
  const now = measureBaseline(heap);
  const before = new Map([...now.figures, ["flash bytes", 600], ["RAM bytes", 40000]]);
  const baseline = { conditions: { ...now.conditions, toolchain: "gcc 11" }, figures: before };
  const judged = withBaseline(heap, { file: "alloc-gen.baseline.json", baseline, failOnRegression: 1 });
  const failure = "operation 12: malloc_caps(8) returns NULL in the reference, 0x8 on the core";
  const proof = { key: "front", subject: "app", title: "app over all heaps", tried: "3,000 operations" };
  return makeReport([judged], [{ ...proof, report: {}, failure, lines: [`FAILED: ${failure}.`] }]);
}

const unprovable = "the number of iterations of the loop at 0x140 is not known";

/** Of a function of which nothing is proven. */
export const noBounds = { cycles: { unprovable }, stack: { unprovable } };

const config = {
  name: "app_heap",
  budgets: { cycles: {} },
  verify: { operations: 20000, seed: 7, workloads: ["uniform", "holes"], traces: ["a.trace"], strict: false },
};
/** Budgets stand on line 20, whatever asks for a workload on line 10. */
const locate = ([key]: ConfigPath): Source => ({
  file: "alloc-gen.json",
  line: key === "budgets" ? 20 : 10,
  column: 5,
});
const sha256 = "0123456789abcdef".repeat(4);

const target = {
  name: "cortex-m4",
  description: "Arm Cortex-M4 (ARMv7E-M)",
  cycleModel: { name: "cortex-m4 plain table", estimate: true },
};

const plan = {
  lock: { kind: "none" },
  name: "app_heap",
  heapBytes: bytes(32768),
  alignment: bytes(8),
  granuleBytes: bytes(8),
  header: { bytes: bytes(4) },
  controlBytes: bytes(120),
  minimumBlockBytes: bytes(16),
  maximumRequestBytes: bytes(32636),
  policy: { kind: "segregated-fit" },
};

const image: RunResult["image"] = {
  elf: new Uint8Array(),
  segments: [],
  symbols: new Map(),
  heapAddress: address(0x20000000),
  heapBytes: bytes(32768),
  code: { start: address(0), end: address(0) },
  entries: { init: address(0), malloc: address(0), free: address(0) },
  size: { flashBytes: bytes(612), ramBytes: bytes(32768), functions: { malloc: 300, free: 200, init: 112 } },
  toolchain: "arm-none-eabi-gcc 12.2.1 -O2",
};
