/** Bounds of the functions beside malloc and free: above every call, those of functions that no operation calls too. */
import { join } from "node:path";
import { expect, describe, test } from "vitest";
import type { CycleBound, FunctionBounds } from "../src/proof/bounds.js";
import { allocatorNames, uncalledNames } from "../src/outputs/c/names.js";
import { packageFolder } from "../src/package-folder.js";
import { buildProject, generate, prepare, run } from "../src/pipeline.js";
import { text as textFormat } from "../src/report/formats/text.js";
import { makeReport, reportHeap } from "../src/report/make-report.js";
import { generateWorkload } from "../src/traces/generate.js";
import { namesOf, type HeapOperations } from "../src/traces/operation.js";
import { Equivalence, type Bench } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";
import { proveTask } from "../src/proof/task.js";
import { proofTask } from "../src/verify/run-bounds.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { HeapCaller, outAddress } from "./support/call.js";
import { everyFunction, quick, seed, segregated, sequential, type TestConfig } from "./support/configs.js";
import { headerlessFunctions } from "./support/headerless.js";
import { generatedFiles, generatedSource } from "./support/generated-program.js";
import { chooseSample } from "./support/sample.js";
import { isAccepted, ruleTargets } from "./support/targets.js";

const sampleSeed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);
const api = everyFunction;
const fields = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} } as const;

const configs: Readonly<Record<string, TestConfig>> = {
  "first, address": { policy: sequential() },
  "first, address, footers": { policy: sequential(), boundaryTag: "footer" },
  "best, lifo, every field": { policy: sequential({ fit: "best", order: "lifo" }), fields },
  "next, fifo": { policy: sequential({ fit: "next", order: "fifo" }) },
  "the seed": { policy: seed, links: { place: "slots", slots: 16 } },
  "best, deferred": { policy: sequential({ fit: "best", coalesce: "deferred" }) },
  segregated: { policy: segregated() },
  "segregated, every field, PRIMASK": { policy: segregated(), fields, lock: { kind: "primask" } },
  "segregated, quick lists": { policy: segregated(quick()) },
  "segregated, deferred, quick lists, 8 subdivisions": {
    policy: segregated({ coalesce: "deferred", ...quick(200, 20), subdivisions: 8 }),
    fields,
    lock: { kind: "primask" },
  },
  "segregated, 8 subdivisions": { policy: segregated({ subdivisions: 8 }) },
  ...headerlessFunctions,
};
const builds = Object.entries(configs)
  .flatMap(([name, config]) =>
    ruleTargets.flatMap((target) =>
      (["-Os", "-O2", "-O3"] as const).map((optimize) => ({
        name,
        test: { api, ...config, target, optimize },
      })),
    ),
  )
  // Not where functions are as large as docs/bounds.md says.
  .filter(
    ({ name, test: { target, optimize } }) =>
      !(name.startsWith("bitmap") && optimize === "-O3" && target.startsWith("cortex-m0")),
  )
  .filter(({ test }) => isAccepted(test));

const cyclesOf = ({ cycles }: FunctionBounds): CycleBound =>
  "cycles" in cycles ? cycles : expect.fail(cycles.unprovable);

const stackOf = ({ stack }: FunctionBounds): number =>
  "bytes" in stack ? stack.bytes : expect.fail(stack.unprovable);

function mixed({ plan, image }: Bench, operations: number): HeapOperations {
  const { heapBytes, maximumRequestBytes: maximumRequest } = plan;
  const options = { seed: sampleSeed, operations, heapBytes, maximumRequest, minimumRequest: 1 };
  return lowered(plan, generateWorkload("mixed", options), image.heapAddress);
}

async function proofsOf(test: TestConfig) {
  const files = generatedFiles(test);
  const source = generatedSource(test);
  const bench = await benchFor(test);
  const uncalled = uncalledNames(files, allocatorNames(bench.plan));
  const { image } = await benchFor(test, undefined, uncalled);
  const { proven, uncalled: others } = proveTask(proofTask({ bench, whole: { image, uncalled }, source }));
  return { bench, whole: { ...bench, image }, called: proven, others };
}

describe("no call takes more than its bound", () => {
  test.each(chooseSample(builds, 7, "bounds of functions"))(
    "$name, $test.target $test.optimize",
    async ({ test: config }) => {
      const { bench, whole, called, others } = await proofsOf({ size: 4096, ...config });
      const { result, stackBytes } = verifyWorkload(bench, "mixed", mixed(bench, 3000));
      expect(result.mismatch).toBeUndefined();
      for (const name of namesOf(bench.image.entries)) {
        const bounds = called[name] ?? expect.fail(`nothing is proven of ${name}`);
        expect(result[name]?.calls).toBeGreaterThan(50);
        expect(cyclesOf(bounds).cycles).toBeGreaterThanOrEqual(result[name]?.cycles.max ?? Infinity);
        expect(stackOf(bounds)).toBeGreaterThanOrEqual(stackBytes[name] ?? Infinity);
      }
      const most = worstIntrospection(whole, Object.keys(others));
      for (const [name, seen] of Object.entries(most)) {
        const bounds = others[name] ?? expect.fail(`nothing is proven of ${name}`);
        expect(seen).toBeGreaterThan(0);
        expect(cyclesOf(bounds).cycles, name).toBeGreaterThanOrEqual(seen);
      }
      if (config.api.walk) {
        // The caller's function is called, and is handed what stands on the stack.
        const reason = /through a pointer|an address on the stack is stored/;
        expect(others["walk"]?.cycles).toEqual({ unprovable: expect.stringMatching(reason) as string });
      }
      const told = [...Object.keys(most), ...(config.api.walk ? ["walk"] : [])];
      expect(Object.keys(others).toSorted()).toEqual(told.toSorted());
    },
  );
});

test("the report has the flash and the bounds of every function, called or not", async () => {
  const project = prepare(join(packageFolder(), "examples", "growing-text", "alloc-gen.json"), {
    set: ["verify.operations=300"],
  });
  const files = generate(project);
  const header = files.find(({ name }) => name.endsWith(".h"))?.text ?? "";
  const declared = [...header.matchAll(/^\S[^*/\n]*\*?\b(text_heap_\w+)\(/gm)].map(([, name = ""]) => name);
  expect(declared.length).toBe(12);
  const result = await run(project);
  const report = reportHeap(result, { budgets: { cycles: {} } });
  for (const name of declared) expect(report.size.functions[name], name).toBeGreaterThan(0);
  const called = await buildProject(project, files);
  expect(report.size.flashBytes).toBeGreaterThan(called.size.flashBytes + 500);
  const bounds = Object.entries(report.bounds).map(([name, { observed }]) => [name, observed > 0]);
  expect(Object.fromEntries(bounds)).toEqual({
    ...{ malloc: true, free: true, calloc: true, realloc: true, alignedAlloc: true },
    ...{ "untagged malloc": false, usable_size: false, check: false, stats: false, tagged_bytes: false },
  });
  const text = textFormat.print(makeReport([report]));
  for (const name of declared) expect(text).toContain(name);
  expect(text).toMatch(/^usable_size +\d+ +- +0 +-$/m);
  expect(text).toContain("walk: the target of a call through a pointer is not known");
});

/** The costliest calls of the functions that only look, on the heaps of a run. */
function worstIntrospection(bench: Bench, names: readonly string[]): Readonly<Record<string, number>> {
  const { plan, image, target } = bench;
  const comparison = new Equivalence(bench, mixed(bench, 900));
  const caller = new HeapCaller(image, target);
  const most: Record<string, number> = {};
  const heaps: { readonly heap: Uint8Array; readonly payload: number }[] = [];
  expect(comparison.start()).toBeUndefined();
  for (const to of [0, 10, 100, 200, 300, 450, 600, 750, 900]) {
    expect(comparison.advance(to)).toBeUndefined();
    // Of a block in use, where there is one.
    const used = [...comparison.reference.blocks()].find(({ free }) => !free);
    const payload = used === undefined ? 0 : image.heapAddress + used.start + plan.header.bytes;
    heaps.push({ heap: comparison.emulated.heap.slice(), payload });
  }
  const isHanded = plan.placement.kind === "runtime" && plan.placement.instances === "many";
  const first = isHanded ? [image.heapAddress] : [];
  const callsWith = (payload: number) =>
    (
      [
        ["usable_size", payload],
        ["usable_size", 0],
        ["check", outAddress],
        ["check", 0],
        ["stats", outAddress],
        ["counters", outAddress],
        ["reset_peak"],
        ["largest_request"],
        ["tagged_bytes", 3],
        ["untagged malloc", 24],
        ["mark"],
        ["release", 0],
      ] as const
    ).filter(([name]) => names.includes(name));
  for (const { heap, payload } of heaps) {
    for (const [name, ...words] of callsWith(payload)) {
      const { result, cycles } = caller.call(
        `app_heap_${name.replace("untagged ", "")}`,
        heap,
        ...first,
        ...words,
      );
      expect(result, name).toBeDefined();
      most[name] = Math.max(most[name] ?? 0, cycles);
    }
  }
  comparison.close();
  caller.close();
  return most;
}
