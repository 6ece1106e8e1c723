/** Heaps above 1 MiB, as in SDRAM and PSRAM: the whole job, and what only such heaps can get wrong. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { qemuEngine } from "../src/emulators/qemu/engine.js";
import { prepare, run } from "../src/pipeline.js";
import { reportHeap } from "../src/report/make-report.js";
import { Equivalence } from "../src/verify/equivalence.js";
import { proveInterface } from "../src/verify/interface.js";
import { allocatorNames, publicNames, uncalledNames } from "../src/outputs/c/names.js";
import { benchFor } from "./support/bench.js";
import { segregated } from "./support/configs.js";
import { generatedFiles } from "./support/generated-program.js";
import { changed, replace } from "./support/hand-made-fault.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-large-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const verify = { operations: 1000, workloads: ["uniform", "exhaustion"] };

test.each<[string, object]>([
  ["segregated fit in 16 MiB", { heap: { size: "16MiB" }, policy: { kind: "segregated-fit" } }],
  [
    "segregated fit in 64 MiB",
    { heap: { size: "64MiB", alignment: 32, placement: "linker" }, policy: { kind: "segregated-fit" } },
  ],
  [
    "best fit in 64 MiB",
    {
      heap: { size: "64MiB" },
      policy: { kind: "sequential-fit", fit: "best" },
    },
  ],
])("%s is proven", async (name, config) => {
  const path = join(folder, `${name.replaceAll(" ", "-")}.json`);
  writeFileSync(path, JSON.stringify({ name: "big_heap", target: "cortex-m7", verify, ...config }));
  const result = await run(prepare(path, {}));
  const report = reportHeap(result);
  expect(report.ok).toBe(true);
  // Far more than the target's own RAM was handed out.
  expect(report.plan.heapBytes).toBeGreaterThan(4 * 1024 * 1024);
});

const large = { policy: segregated(), size: 16 * 1024 * 1024, api: { calloc: true } } as const;

test("a product that wraps in 32 bits is refused, and a test without the upper half is found", async () => {
  const calloc = async (edit?: Parameters<typeof benchFor>[1]) => {
    const bench = await benchFor(large, edit);
    const uncalled = uncalledNames(generatedFiles(large), allocatorNames(bench.plan));
    const functions = publicNames(bench.plan, uncalled);
    const whole = { image: bench.image, functions, uncalled };
    return proveInterface(bench, whole, 1).mismatch;
  };
  expect(await calloc()).toBeUndefined();
  const weak = changed("app_heap_calloc", replace("APP_HEAP_MAX_REQUEST >> 16U", "0xFFFFFFFFU"));
  expect(await calloc(weak)).toMatchObject({ function: "app_heap_calloc" });
});

test("a heap beyond the board's memory is refused by QEMU, which says who takes it", async () => {
  const bench = await benchFor(large);
  const operations = { length: 1, kind: Uint8Array.of(1), argument: Uint32Array.of(8) };
  expect(() => new Equivalence({ ...bench, engine: qemuEngine() }, operations)).toThrow(
    /the heap of 16777216 bytes ends beyond the 4194304 bytes of the machine's RAM \(--engine unicorn has no such limit\)/,
  );
});
