/**
 * All policies against their reference: a fixed list that always runs, and configs drawn from the whole space.
 * ALLOC_GEN_SEED repeats a drawn sample, ALLOC_GEN_SAMPLE says how many configs are built and emulated.
 */
import { describe, expect, test } from "vitest";
import { AllocGenError } from "../src/diagnostics.js";
import { emitC } from "../src/outputs/c/emit.js";
import type { Plan } from "../src/plan/plan.js";
import { makePlan } from "../src/policies/make-plan.js";
import { metadataImage } from "../src/reference/image.js";
import { loadTarget } from "../src/targets/load.js";
import { seededRandom } from "../src/traces/random.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import {
  quick,
  seed as seedPreset,
  segregated,
  sequential,
  testConfig,
  type TestConfig,
} from "./support/configs.js";
import { headerless } from "./support/headerless.js";
import { randomOperations } from "./support/random-operations.js";
import { drawConfig } from "./support/sampled-configs.js";
import { bytes } from "../src/units.js";

const sampleSeed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);
const sampleSize = Number(process.env["ALLOC_GEN_SAMPLE"] ?? 40);

/** The config as one line, the same that repeats it. */
const show = (config: TestConfig): string => JSON.stringify(config);

async function expectNoMismatch(config: TestConfig, seed: number): Promise<void> {
  const bench = await benchFor(config);
  const { heapBytes, maximumRequestBytes } = bench.plan;
  const operations = randomOperations(
    { length: 2000, heapBytes, maximumRequest: maximumRequestBytes },
    seededRandom(seed, "operations"),
  );
  const { result, metadata } = verifyWorkload(bench, "random", operations);
  expect(result.mismatch, show(config)).toBeUndefined();
  expect(metadata).toBeGreaterThan(1);
  expect(result.malloc.calls + result.free.calls).toBe(operations.length);
}

const slots = (count: number) => ({ place: "slots", slots: count }) as const;
const everyField = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };

const frugal = sequential({
  fit: "best",
  ties: "highest",
  order: "in-place",
  split: "two-ended",
  smallBelow: bytes(64),
  wilderness: "none",
});

/** Every value of every choice, and the combinations whose code is least like the others'. */
const coreCases: Readonly<Record<string, TestConfig>> = {
  "seed preset": { policy: seedPreset, links: slots(64), size: 16384 },
  "seed preset, three slots": { policy: seedPreset, links: slots(3), size: 4096, target: "cortex-m0" },
  "first, address": { policy: sequential(), size: 8192 },
  "first, address, prevSize": { policy: sequential(), boundaryTag: "prevSize", size: 8192 },
  "first, address, footer": { policy: sequential(), boundaryTag: "footer", optimize: "-Os" },
  "first, address, slots": { policy: sequential(), links: slots(3), size: 2048 },
  "first, lifo": { policy: sequential({ order: "lifo" }), target: "cortex-m33" },
  "first, lifo, no tags": { policy: sequential({ order: "lifo" }), boundaryTag: "none", size: 4096 },
  "first, fifo, prevSize": { policy: sequential({ order: "fifo" }), boundaryTag: "prevSize", size: 8192 },
  "first, fifo, slots": { policy: sequential({ order: "fifo" }), links: slots(5), size: 4096 },
  "next, address": { policy: sequential({ fit: "next" }), size: 8192, target: "cortex-m7" },
  "next, address, footer": { policy: sequential({ fit: "next" }), boundaryTag: "footer", size: 8192 },
  "next, fifo": { policy: sequential({ fit: "next", order: "fifo" }), size: 8192, target: "cortex-m0plus" },
  "next, list neighbours": {
    policy: sequential({ fit: "next", order: "fifo", coalesce: "list-neighbours" }),
    size: 4096,
  },
  "next, slots": { policy: sequential({ fit: "next", wilderness: "first" }), links: slots(4), size: 4096 },
  "best, lifo": { policy: sequential({ fit: "best", order: "lifo" }), size: 8192, optimize: "-O3" },
  "best, deferred": { policy: sequential({ fit: "best", coalesce: "deferred" }), size: 8192 },
  "worst, deferred, lifo, slots": {
    policy: sequential({ fit: "worst", coalesce: "deferred", order: "lifo" }),
    links: slots(6),
    size: 8192,
    target: "cortex-m3",
  },
  "worst, never": { policy: sequential({ fit: "worst", coalesce: "never" }), size: 8192 },
  "first, never, slots": { policy: sequential({ coalesce: "never" }), links: slots(3), size: 4096 },
  "wilderness first, fifo": { policy: sequential({ wilderness: "first", order: "fifo" }), size: 4096 },
  "no wilderness, address": { policy: sequential({ wilderness: "none" }), size: 4096 },
  "no wilderness, address, links of 32 bits": {
    policy: sequential({ wilderness: "none" }),
    links: { width: 32 },
    size: 4096,
    target: "cortex-m0plus",
    optimize: "-Os",
  },
  "no wilderness, address, best, 65536 granules": {
    policy: sequential({ wilderness: "none", fit: "best" }),
    size: 1 << 19,
    zeroSize: "unique",
  },
  "no wilderness, address, worst, alignment 32": {
    policy: sequential({ wilderness: "none", fit: "worst" }),
    size: 8192,
    alignment: 32,
  },
  "no wilderness, next, address, footer": {
    policy: sequential({ fit: "next", wilderness: "none" }),
    boundaryTag: "footer",
    size: 8192,
  },
  "no wilderness, best, lifo": {
    policy: sequential({ fit: "best", order: "lifo", wilderness: "none" }),
    size: 8192,
    target: "cortex-m0plus",
  },
  "no wilderness, fifo, prevSize": {
    policy: sequential({ order: "fifo", wilderness: "none" }),
    boundaryTag: "prevSize",
    size: 8192,
  },
  "no wilderness, lifo, no tags": {
    policy: sequential({ order: "lifo", wilderness: "none" }),
    boundaryTag: "none",
    size: 4096,
  },
  "no wilderness, slots": { policy: sequential({ wilderness: "none" }), links: slots(3), size: 4096 },
  "no wilderness, deferred, fifo": {
    policy: sequential({ order: "fifo", coalesce: "deferred", wilderness: "none" }),
    size: 4096,
  },
  "best, in place, two-ended": { policy: frugal, size: 8192, target: "cortex-m0plus" },
  "best, in place, by neighbour": {
    policy: { ...frugal, ties: "lowest", split: "by-neighbour" },
    size: 8192,
    target: "cortex-m0plus",
  },
  "worst, fifo ring, by neighbour, prevSize": {
    policy: { ...frugal, fit: "worst", order: "fifo", split: "by-neighbour" },
    boundaryTag: "prevSize",
    size: 8192,
  },
  "next, address, by neighbour": {
    policy: { ...frugal, fit: "next", ties: "list", order: "address", split: "by-neighbour" },
    boundaryTag: "footer",
    size: 8192,
  },
  "best, in place, no flag for blocks in use": { policy: frugal, size: 1 << 18, target: "cortex-m0plus" },
  "first, address, footer, no flag for blocks in use": {
    policy: sequential({ wilderness: "none" }),
    boundaryTag: "footer",
    size: 200_000,
  },
  "best, in place, lowest, prevSize, low": {
    policy: sequential({ fit: "best", ties: "lowest", order: "in-place", wilderness: "none" }),
    boundaryTag: "prevSize",
    size: 8192,
    optimize: "-Os",
  },
  "worst, in place, highest, high, 4-byte links": {
    policy: { ...frugal, fit: "worst", split: "high" },
    links: { width: 32 },
    size: 8192,
  },
  "worst, in place, list": { policy: { ...frugal, fit: "worst", ties: "list", split: "low" }, size: 4096 },
  "first, in place, every field": {
    policy: { ...frugal, fit: "first", ties: "list" },
    fields: everyField,
    zeroSize: "unique",
    size: 4096,
  },
  "best, fifo ring, high": { policy: { ...frugal, order: "fifo", split: "high" }, size: 4096 },
  "best, lifo, wilderness, two-ended": {
    policy: { ...frugal, order: "lifo", wilderness: "last" },
    size: 4096,
  },
  "best, address, two-ended, highest": { policy: { ...frugal, order: "address" }, size: 4096 },
  "best, address, high, highest, prevSize": {
    policy: { ...frugal, order: "address", split: "high" },
    boundaryTag: "prevSize",
    size: 4096,
  },
  "worst, slots, two-ended, lowest": {
    policy: { ...frugal, fit: "worst", order: "fifo", ties: "lowest", wilderness: "first" },
    links: slots(5),
    size: 4096,
  },
  "next, two-ended": {
    policy: sequential({ fit: "next", split: "two-ended", smallBelow: bytes(64) }),
    size: 4096,
  },
  "segregated, quick lists, three flags below granules of 4 bytes": {
    policy: segregated({ quickLists: { upTo: bytes(64), most: 8 } }),
    fields: { magic: { bits: 16, value: 0x2bad } },
    alignment: 4,
    size: 8192,
  },
  "segregated, no block as large as the least one is classed, no CLZ": {
    policy: segregated({ subdivisions: 16, probe: false }),
    alignment: 64,
    size: 512,
    target: "cortex-m0plus",
  },
  "segregated, no flag for blocks in use": { policy: segregated(), size: 1 << 18, target: "cortex-m0plus" },
  "segregated, quick lists, magic, no flag for blocks in use": {
    policy: segregated({ quickLists: { upTo: bytes(64), most: 8 } }),
    fields: { magic: { bits: 15, value: 0x2bad } },
    size: 200_000,
  },
  "segregated, by neighbour, no flag for blocks in use": {
    policy: segregated({ split: "by-neighbour", subdivisions: 4 }),
    size: 200_000,
    api: { realloc: true, alignedAlloc: true },
  },
  "every field": { policy: sequential({ order: "lifo" }), fields: everyField, zeroSize: "unique" },
  "a checksum": { policy: sequential({ order: "lifo" }), fields: { checksum: { bits: 8 } }, size: 8192 },
  "every field, a checksum": {
    policy: sequential({ coalesce: "deferred" }),
    fields: { ...everyField, checksum: { bits: 5 } },
    size: 8192,
    target: "cortex-m0",
  },
  "segregated, a checksum of every field": {
    policy: segregated(),
    boundaryTag: "prevSize",
    fields: { ...everyField, checksum: { bits: 16 }, padding: { bits: 9 } },
    size: 16384,
  },
  "alignment 32, limits": {
    policy: sequential(),
    alignment: 32,
    limits: { largest: 600, smallest: 40 },
    size: 16384,
  },
  "1 MiB, 4-byte links": { policy: sequential({ order: "lifo" }), size: 1 << 20, alignment: 4 },
  "65536 granules, a header of one": {
    policy: sequential(),
    size: 1 << 18,
    alignment: 4,
    links: { width: 16 },
    fields: { size: { bits: 17, unit: "auto" } },
  },
  "512 bytes": { policy: sequential({ order: "lifo" }), size: 512, target: "cortex-m0" },
  "256 bytes": { policy: sequential({ order: "address" }), size: 256, alignment: 4, target: "rv32ec" },
  segregated: { policy: segregated() },
  "segregated, no probe": { policy: segregated({ probe: false }), target: "cortex-m0" },
  "segregated, prevSize": { policy: segregated(), boundaryTag: "prevSize", size: 16384, target: "cortex-m7" },
  "segregated, exact classes only": {
    policy: segregated(),
    limits: { largest: 200 },
    alignment: 4,
    size: 8192,
  },
  "segregated, one class a doubling": {
    policy: segregated({ subdivisions: 1 }),
    size: 20000,
    optimize: "-O3",
  },
  "segregated, no probe, sizes in larger units": {
    policy: segregated({ probe: false }),
    size: 290000,
    placement: { kind: "linker", start: "app_heap_start", end: "app_heap_end" },
  },
  "segregated, powers of two, no probe, at 16": {
    policy: segregated({ subdivisions: 1, probe: false }),
    size: 528,
    alignment: 16,
    limits: { smallest: 36 },
  },
  "segregated, two-ended": { policy: segregated({ split: "two-ended", smallBelow: bytes(60) }) },
  "segregated, two-ended, no probe": {
    policy: segregated({ split: "two-ended", smallBelow: bytes(100), probe: false }),
    size: 16384,
  },
  "segregated, two-ended, two levels, larger least block": {
    policy: segregated({ split: "two-ended", smallBelow: bytes(200), subdivisions: 16 }),
    size: 1 << 18,
  },
  "segregated, two-ended, prevSize, shifted links": {
    policy: segregated({ split: "two-ended" }),
    boundaryTag: "prevSize",
    size: 100_000,
    target: "cortex-m0plus",
  },
  "segregated, cut by the neighbour": { policy: segregated({ split: "by-neighbour" }) },
  "segregated, cut by the neighbour, prevSize, two levels": {
    policy: segregated({ split: "by-neighbour", subdivisions: 8 }),
    boundaryTag: "prevSize",
    target: "cortex-m0plus",
  },
  "segregated, 32 subdivisions": {
    policy: segregated({ subdivisions: 32 }),
    size: 1 << 20,
    alignment: 4,
    target: "cortex-m0plus",
  },
  "segregated, every field": {
    policy: segregated({ subdivisions: 4 }),
    boundaryTag: "prevSize",
    fields: everyField,
    zeroSize: "unique",
    limits: { smallest: 30 },
    target: "cortex-m33",
    optimize: "-Os",
  },
  "segregated, classes of the same ratio": { policy: segregated({ spacing: "geometric" }), size: 16384 },
  "segregated, classes of the same ratio, two-ended, sizes in larger units, v6-M": {
    policy: segregated({ spacing: "geometric", split: "two-ended", smallBelow: bytes(200) }),
    size: 1 << 17,
    target: "cortex-m0plus",
  },
  "segregated, 512 bytes": { policy: segregated({}), size: 512 },
  "segregated, 256 bytes": { policy: segregated({}), size: 256, target: "rv32ec" },
  "segregated, quick lists": { policy: segregated(quick()), size: 4096 },
  "segregated, quick lists, prevSize, 300 wait": {
    policy: segregated({ ...quick(200, 300), split: "by-neighbour" }),
    boundaryTag: "prevSize",
    size: 16384,
    target: "cortex-m0plus",
    optimize: "-Os",
  },
  "segregated, quick lists, every field, a checksum": {
    policy: segregated({ ...quick(40, 3), subdivisions: 8 }),
    fields: { ...everyField, checksum: { bits: 7 } },
    size: 8192,
    limits: { smallest: 30 },
  },
  "segregated, quick lists, marked": {
    policy: segregated({ ...quick(1024, 20), probe: false }),
    api: { walk: true, check: true, stats: true },
    size: 1 << 17,
    alignment: 16,
    zeroSize: "unique",
  },
  "segregated, deferred": { policy: segregated({ coalesce: "deferred" }), size: 4096 },
  "segregated, deferred, two levels, cut by the neighbour": {
    policy: segregated({ coalesce: "deferred", split: "by-neighbour", subdivisions: 8, probe: false }),
    size: 8192,
    alignment: 4,
    target: "cortex-m0",
    optimize: "-Os",
  },
  "segregated, deferred, every field": {
    policy: segregated({ coalesce: "deferred" }),
    fields: { ...everyField, checksum: { bits: 16 } },
    size: 8192,
    limits: { smallest: 30 },
  },
  "segregated, deferred, quick lists": {
    policy: segregated({ coalesce: "deferred", ...quick() }),
    size: 4096,
    optimize: "-O3",
  },
};

describe("always", () => {
  test.each(Object.entries({ ...coreCases, ...headerless }))("%s", async (_name, config) => {
    await expectNoMismatch(config, sampleSeed);
  });
});

/** The plan, or undefined where the config is refused. Anything else that is thrown is our fault. */
function planOrRefusal(config: TestConfig): Plan | undefined {
  const resolved = testConfig(config);
  try {
    return makePlan(resolved, loadTarget(resolved.target));
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw new Error(show(config), { cause: error });
    expect(error.exitCode).toBe(2);
    for (const { message, path } of error.diagnostics) {
      expect(message).not.toBe("");
      expect(path?.length, `${message} has a place in the config`).toBeGreaterThan(0);
    }
    return undefined;
  }
}

describe(`drawn with ALLOC_GEN_SEED=${sampleSeed}`, () => {
  test("every config is planned and written, or refused with a reason", () => {
    const random = seededRandom(sampleSeed, "refusals");
    let planned = 0;
    const drawn = 1500;
    for (let left = drawn; left > 0; left--) {
      const config = drawConfig(random);
      const plan = planOrRefusal(config);
      if (plan === undefined) continue;
      planned++;
      try {
        emitC(plan, { version: "", configName: "", configHash: "", targetName: "" });
        metadataImage(plan, plan.rules.reference(plan));
      } catch (error) {
        throw new Error(show(config), { cause: error });
      }
    }
    expect(planned).toBeGreaterThan(drawn / 10);
    expect(planned).toBeLessThan(drawn);
  });

  const random = seededRandom(sampleSeed, "configs");
  const sample: TestConfig[] = [];
  while (sample.length < sampleSize) {
    const config = drawConfig(random);
    if (planOrRefusal(config) !== undefined) sample.push(config);
  }
  test.each(sample.map((config, index) => ({ name: `${index}: ${show(config)}`, config, index })))(
    "$name",
    async ({ config, index }) => {
      await expectNoMismatch(config, sampleSeed + index);
    },
  );
});
