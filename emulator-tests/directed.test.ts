/** Directed operations: what no random operation asks for is asked once, in every heap. */
import { describe, expect, test } from "vitest";
import { generateWorkload } from "../src/traces/generate.js";
import { publicNames } from "../src/outputs/c/names.js";
import { proveInterface } from "../src/verify/interface.js";
import { lowered } from "../src/verify/lowered.js";
import { deriveCosts } from "../src/verify/prediction.js";
import { boundRun } from "../src/verify/run-bounds.js";
import { verifyTraces } from "../src/verify/verify-traces.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor, type Edit } from "./support/bench.js";
import {
  bitmap,
  buddy,
  bump,
  pool,
  quick,
  seed,
  segregated,
  sequential,
  type TestConfig,
} from "./support/configs.js";
import { addressFaults, directedFaults, refusalFaults } from "./support/directed-faults.js";
import { editOf } from "./support/hand-made-fault.js";

describe("a fault of a single size or argument", () => {
  test.each(directedFaults)("$name", async (fault) => {
    const bench = await benchFor(fault.config, editOf(fault));
    const { directed, notReached } = verifyTraces(bench, [], { seed: 1 });
    const { mismatch } = directed.at(-1)?.result ?? {};
    expect(notReached).toEqual([]);
    expect(mismatch).toBeDefined();
    expect(mismatch?.minimal.length).toBeLessThan(7);
  });

  test("is hardly ever found by random operations", async () => {
    const { plan, ...bench } = await benchFor(directedFaults[0]?.config ?? { policy: seed });
    const { heapBytes, maximumRequestBytes: maximumRequest } = plan;
    const options = { seed: 1, operations: 5000, heapBytes, maximumRequest, minimumRequest: 1 };
    const operations = lowered(plan, generateWorkload("mixed", options), bench.image.heapAddress);
    const found: string[] = [];
    for (const fault of directedFaults) {
      const { image } = await benchFor(fault.config, editOf(fault));
      const { mismatch } = verifyWorkload({ ...bench, plan, image }, "mixed", operations, {
        shrinks: false,
      }).result;
      if (mismatch !== undefined) found.push(fault.name);
    }
    expect(found.length).toBeLessThan(3);
  });
});

describe("a heap begins at no rounder an address than it asks for", () => {
  test.each([8, 16, 64])("alignment %i", async (alignment) => {
    const { image } = await benchFor({ policy: segregated(), alignment });
    expect(image.heapAddress % (2 * alignment)).toBe(alignment);
    const placement = { kind: "linker", start: "heap_start", end: "heap_end" } as const;
    const between = await benchFor({ policy: segregated(), alignment, placement });
    expect(between.image.heapAddress % (2 * alignment)).toBe(alignment);
  });

  test.each(addressFaults)("$name", async (fault) => {
    const bench = await benchFor(fault.config, editOf(fault));
    const { directed } = verifyTraces(bench, [], { seed: 1, shrinks: false });
    expect(directed.at(-1)?.result.mismatch).toBeDefined();
  });
});

describe("a fault of an argument that no replay passes", () => {
  const tell = async (edit?: Edit) => {
    const bench = await benchFor(refusalFaults[0]?.config ?? { policy: seed }, edit);
    const functions = publicNames(bench.plan, []);
    return proveInterface(bench, { image: bench.image, functions, uncalled: [] }, 1);
  };

  test.each(refusalFaults)("$name", async (fault) => {
    const { mismatch } = await tell(editOf(fault));
    expect(mismatch?.function).toBe(fault.function);
  });

  test("sound C has none, and every pair is called", async () => {
    const { mismatch, calls } = await tell();
    expect(mismatch).toBeUndefined();
    expect(calls).toBeGreaterThan(500);
  });
});

const api = { calloc: true, realloc: true, alignedAlloc: true, stats: true };
const heaps: Readonly<Record<string, TestConfig>> = {
  segregated: { policy: segregated({ split: "two-ended" }), size: 65536, api },
  "quick lists": { policy: segregated({ coalesce: "deferred", ...quick() }), size: 10_000, api },
  sequential: { policy: sequential({ fit: "best", wilderness: "none" }), size: 8192, alignment: 16, api },
  "limited requests": { policy: sequential(), size: 8192, limits: { largest: 1000, smallest: 20 }, api },
  "the first design": { policy: seed, size: 4096, zeroSize: "unique", api: { calloc: true } },
  buddy: { policy: buddy(), size: 16384, api },
  bitmap: { policy: bitmap(), size: 16384, api },
  "boundary bits": { policy: segregated({ split: "two-ended" }), boundaryTag: "bits", size: 16384, api },
  pool: { policy: pool([[40, 20], [600]]), size: 16384, api: { ...api, alignedAlloc: false } },
  arena: { policy: bump("lifo"), size: 4096, api: { calloc: true } },
  "arena that is freed as a whole": { policy: bump("all"), size: 4096, api: { calloc: true } },
  "a heap of 300 KB": { policy: segregated(), size: 300_000, target: "cortex-m33", api },
};

test.each(Object.entries(heaps))("sound C of %s shows no difference", async (_, config) => {
  const { directed } = verifyTraces(await benchFor(config), [], { seed: 3 });
  expect(directed.map(({ result }) => result.mismatch).filter((each) => each !== undefined)).toEqual([]);
});

test("costly operations are searched until a bound is reached, and no further", async () => {
  const bench = await benchFor({ policy: segregated() });
  const { heapBytes, maximumRequestBytes: maximumRequest } = bench.plan;
  const options = { seed: 1, operations: 3000, heapBytes, maximumRequest, minimumRequest: 1 };
  const operations = lowered(bench.plan, generateWorkload("uniform", options), bench.image.heapAddress);
  const outcome = verifyWorkload(bench, "uniform", operations);
  const { malloc, free } = outcome.result;
  const searchedFor = (most: number, mostOfFree: number): number => {
    const bound = (cycles: number) => ({
      cycles: { cycles, formula: { base: cycles, terms: [] } },
      stack: { bytes: 0 },
    });
    const proven = { init: bound(0), malloc: bound(most), free: bound(mostOfFree) };
    const asked = {
      bench,
      bounds: { proven, uncalled: {} },
      seed: 1,
      minimumRequest: 1,
      costs: deriveCosts(bench),
    };
    return boundRun({ ...asked, outcomes: [outcome] }).searched.length;
  };
  expect(searchedFor(malloc.cycles.max, free.cycles.max)).toBe(0);
  expect(searchedFor(malloc.cycles.max + 1, free.cycles.max)).toBe(1);
  expect(searchedFor(malloc.cycles.max, free.cycles.max + 1)).toBe(1);
});
