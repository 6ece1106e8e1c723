import { describe, expect, it } from "vitest";
import { segregated, testConfig, type TestConfig } from "../../emulator-tests/support/configs.js";
import type { Plan } from "../plan/plan.js";
import { makePlan } from "../policies/make-plan.js";
import { loadTarget } from "../targets/load.js";
import { directedTraces, sizesTried } from "./directed-traces.js";

function planOf(test: Partial<TestConfig>): Plan {
  const config = testConfig({ policy: segregated(), ...test });
  return makePlan(config, loadTarget(config.target));
}

const largestOf = ({ maximumRequestBytes, header, granuleBytes }: Plan): number =>
  Math.floor((maximumRequestBytes + header.bytes) / granuleBytes);

describe("the sizes that are tried", () => {
  it("are all of a heap up to 64 KiB", () => {
    const plan = planOf({ size: 65536 });
    const largest = largestOf(plan);
    expect(sizesTried(plan, 1)).toEqual(Array.from({ length: largest }, (_, index) => largest - index));
  });

  it("are the small ones, those around each power of two, and the largest of a larger heap", () => {
    const plan = planOf({ size: 1 << 20 });
    const tried = new Set(sizesTried(plan, 5));
    expect(tried.size).toBeLessThan(8400);
    for (let size = 1; size <= 1024; size++) expect(tried).toContain(size);
    for (const size of [2047, 2048, 2049, 65535, 65536, 65537, 98304, largestOf(plan)])
      expect(tried).toContain(size);
  });

  it("are all of any heap, over as many seeds as one run leaves out sizes", () => {
    const plan = planOf({ size: 1 << 20 });
    const tried = new Set(Array.from({ length: 32 }, (_, seed) => sizesTried(plan, seed)).flat());
    expect(tried.size).toBe(largestOf(plan));
  });
});

describe("directed operations", () => {
  const api = { calloc: true, realloc: true, alignedAlloc: true };

  it("are of the functions that the heap has", () => {
    const names = (plan: Plan) => directedTraces(plan, 1).map(({ trace }) => trace.name);
    expect(names(planOf({}))).toEqual(["directed malloc", "directed sizes", "directed full"]);
    expect(names(planOf({ api }))).toEqual([
      "directed malloc",
      "directed calloc",
      "directed realloc",
      "directed aligned_alloc",
      "directed sizes",
      "directed full",
    ]);
  });

  it("ask for no more than a word and alignments that the driver's table holds", () => {
    for (const { trace } of directedTraces(planOf({ api }), 1)) {
      for (const operation of trace.operations) {
        if ("size" in operation) expect(operation.size).toBeGreaterThanOrEqual(0);
        if ("size" in operation) expect(operation.size).toBeLessThan(2 ** 32);
        if (operation.kind === "aligned") expect(operation.alignment).toBeLessThan(2 ** 28);
      }
    }
  });

  it("ask for the largest request of each function, and for one byte more", () => {
    const plan = planOf({ api });
    for (const { trace } of directedTraces(plan, 1).slice(0, 4)) {
      const sizes = trace.operations.flatMap((operation) => ("size" in operation ? [operation.size] : []));
      expect(sizes).toContain(plan.maximumRequestBytes);
      expect(sizes).toContain(plan.maximumRequestBytes + 1);
      expect(sizes).toContain(2 ** 32 - 1);
    }
  });
});

it("one block size is asked for by requests of each length that it serves", () => {
  const plan = planOf({});
  const sizes = directedTraces(plan, 1).find(({ trace }) => trace.name === "directed sizes");
  const asked =
    sizes?.trace.operations.flatMap((operation) => ("size" in operation ? operation.size : [])) ?? [];
  const rests = new Set(asked.map((size) => (size + plan.header.bytes) % plan.granuleBytes));
  expect(rests.size).toBe(plan.granuleBytes);
});

it("a heap is asked for more than it has room for, of equal blocks", () => {
  const plan = planOf({});
  const full = directedTraces(plan, 1).find(({ trace }) => trace.name === "directed full");
  const asked =
    full?.trace.operations.flatMap((operation) => ("size" in operation ? operation.size : [])) ?? [];
  for (const count of [16, 512]) {
    const block = Math.floor(plan.heapBytes / count / plan.granuleBytes) * plan.granuleBytes;
    const times = asked.filter((size) => size === block - plan.header.bytes).length;
    expect(times * block).toBeGreaterThan(plan.endOfBlocks - plan.firstBlock);
  }
});
