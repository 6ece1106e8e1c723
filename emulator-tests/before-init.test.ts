/**
 * Functions that are called before init, on a core that has just started: .bss is zeroed, other memory holds anything,
 * and a heap that init is to be told the place of has none yet. Requests fail, everything else does nothing, and nothing
 * is written but figures; a lazy heap serves the first request as an empty one.
 */
import { describe, expect, test } from "vitest";
import type { Api, Placement } from "../src/config/config.js";
import { UnicornCaller } from "../src/emulators/unicorn/caller.js";
import { apiNames } from "../src/config/vocabulary.js";
import { AllocGenError } from "../src/diagnostics.js";
import { publicFunctions } from "../src/outputs/c/public-functions.js";
import { makePlan } from "../src/policies/make-plan.js";
import { loadTarget } from "../src/targets/load.js";
import { runProbes } from "../src/verify/probes/run-probes.js";
import { benchFor } from "./support/bench.js";
import {
  bitmap,
  buddy,
  bump,
  pool,
  quick,
  seed,
  segregated,
  sequential,
  testConfig,
  type TestConfig,
} from "./support/configs.js";

const slots = (count: number) => ({ place: "slots", slots: count }) as const;
const inPlace = { order: "in-place", wilderness: "none" } as const;
const fields = { tag: { bits: 4 }, checksum: { bits: 8 } } as const;

const heaps: Readonly<Record<string, TestConfig>> = {
  "first fit by address": { policy: sequential() },
  "first fit, wilderness first, lifo": { policy: sequential({ order: "lifo", wilderness: "first" }) },
  "next fit, footers": { policy: sequential({ fit: "next" }), boundaryTag: "footer", fields },
  "best fit, no wilderness": { policy: sequential({ fit: "best", wilderness: "none" }) },
  "best fit, deferred": {
    policy: sequential({ fit: "best", coalesce: "deferred", order: "lifo" }),
  },
  "best fit, in place": { policy: sequential({ fit: "best", ...inPlace }) },
  "the seed": { policy: seed, links: slots(32) },
  "slots, no wilderness": { policy: sequential({ wilderness: "none" }), links: slots(9) },
  segregated: { policy: segregated() },
  "segregated, prevSize, two levels": {
    policy: segregated({ subdivisions: 8, probe: false }),
    boundaryTag: "prevSize",
    size: 1 << 17,
    fields,
  },
  "segregated, deferred, quick lists": { policy: segregated({ coalesce: "deferred", ...quick() }) },
  "segregated, quick lists": {
    policy: segregated({ ...quick(), split: "by-neighbour" }),
    target: "cortex-m0",
  },
  pool: { policy: pool([[64]]) },
  "pool, lazy": { policy: pool([[64]], { lazy: true }) },
  "pool, atomic": { policy: pool([[64]], { atomic: true }) },
  "pools, lazy": { policy: pool([[24, 9], [64, 8], [128]], { lazy: true }) },
  "pools, wide links": { policy: pool([[24, 9], [64, 8], [128]]), links: { width: 32 } },
  bitmap: { policy: bitmap() },
  "boundary bits": { policy: segregated(), boundaryTag: "bits" },
  "boundary bits, two levels, v6-M": {
    policy: segregated({ subdivisions: 8, probe: false }),
    boundaryTag: "bits",
    target: "cortex-m0plus",
  },
  "bitmap of one word": { policy: bitmap(32), size: 512 },
  "bitmap, spare bits": { policy: bitmap(16), size: 5000, target: "cortex-m0plus" },
  buddy: { policy: buddy() },
  "buddy, v6-M": { policy: buddy(64), size: 5000, target: "cortex-m0" },
  bump: { policy: bump() },
  "bump, lifo": { policy: bump("lifo") },
};

const placements = {
  static: { kind: "static" },
  "where init is told": { kind: "runtime", instances: "one" },
  "one of many": { kind: "runtime", instances: "many" },
  "between symbols": { kind: "linker", start: "heap_start", end: "heap_end" },
} as const;
const inSection = { kind: "static", section: ".noinit" } as const;

/** As many functions as the policy has. */
function withFunctions(test: TestConfig): TestConfig {
  const api: Partial<Record<keyof Api, boolean>> = {};
  for (const name of apiNames) {
    try {
      const config = testConfig({ ...test, api: { ...api, [name]: true } });
      makePlan(config, loadTarget(config.target));
      api[name] = true;
    } catch (error) {
      if (!(error instanceof AllocGenError)) throw error;
    }
  }
  return { ...test, api };
}

const requests = [1, 8, 100, 20_000];

describe.each(Object.entries(heaps))("%s", (_name, heap) => {
  test.each(Object.entries(placements))("%s", async (_place, placement) => {
    const config = withFunctions({ size: 32768, ...heap, placement });
    const resolved = testConfig(config);
    const names = publicFunctions(makePlan(resolved, loadTarget(resolved.target))).map(({ name }) => name);
    const { plan, image, target } = await benchFor(config, undefined, names);
    const caller = new UnicornCaller(image, target);
    const { scratch } = caller;
    const isMany = placement.kind === "runtime" && placement.instances === "many";
    const call = (suffix: string, ...words: readonly number[]): unknown => {
      const outcome = caller.call(`app_heap_${suffix}`, isMany ? [0, ...words] : words);
      return outcome.kind === "returned" ? outcome.result : outcome.fault;
    };
    /** Of a function that returns nothing. */
    const ends = (suffix: string, ...words: readonly number[]): unknown => {
      const outcome = call(suffix, ...words);
      return typeof outcome === "number" ? "ends" : outcome;
    };
    try {
      caller.heap.fill(placement.kind === "linker" ? 0x5a : 0);
      for (const size of requests) {
        expect(call("malloc", size), `malloc(${size})`).toBe(0);
        if (plan.api.calloc) expect(call("calloc", 1, size), `calloc(${size})`).toBe(0);
        if (plan.api.realloc) expect(call("realloc", 0, size), `realloc(NULL, ${size})`).toBe(0);
        if (plan.api.alignedAlloc) {
          expect(call("aligned_alloc", 64, size), `aligned_alloc(64, ${size})`).toBe(0);
          expect(call("aligned_alloc", 8, size), `aligned_alloc(8, ${size})`).toBe(0);
        }
      }
      if (names.includes("app_heap_malloc_tagged")) expect(call("malloc_tagged", 8, 3)).toBe(0);
      expect(ends("free", 0)).toBe("ends");
      if (plan.api.usableSize) expect(call("usable_size", 0)).toBe(0);
      /** Where each block has a place of its own, a walk shows them. */
      const visitor = caller.callback((block) => {
        const [, size = 0] = new Uint32Array(caller.memory(block, 12).slice().buffer);
        expect(size).toBeLessThan(plan.heapBytes);
        return 1;
      });
      if (plan.api.walk) expect(ends("walk", visitor, 0)).toBe("ends");
      const out = caller.memory(scratch.address, 64);
      if (plan.api.stats) {
        out.fill(0xff);
        expect(ends("stats", scratch.address)).toBe("ends");
        const [used, , , peak] = new Uint32Array(out.slice().buffer);
        expect({ used, peak }).toEqual({ used: 0, peak: 0 });
      }
      if (plan.api.check) expect([0, 1]).toContain(Number(call("check", scratch.address)) & 1);
      expect(caller.strayWrite()).toBeUndefined();
    } finally {
      caller.close();
    }
  });
});

/** The probes of a build whose functions all are there. */
async function probed(config: TestConfig, edit?: (source: string) => string) {
  const resolved = testConfig(config);
  const names = publicFunctions(makePlan(resolved, loadTarget(resolved.target))).map(({ name }) => name);
  const { plan, image, target } = await benchFor(config, edit, names);
  const caller = new UnicornCaller(image, target);
  try {
    return runProbes({ plan, image, caller, functions: names, seed: 1 });
  } finally {
    caller.close();
  }
}

const lazyPlaces: readonly Placement[] = [placements.static, inSection, placements["between symbols"]];
const lazyHeaps = Object.entries(heaps).filter(([, { policy }]) => policy.kind !== "pool" || !policy.atomic);

describe("the first request initialises the heap and is served", () => {
  test.each(lazyHeaps.map(([name, heap], index) => [name, heap, index] as const))(
    "%s",
    async (_name, heap, index) => {
      const placement = lazyPlaces[index % lazyPlaces.length] ?? placements.static;
      const config = withFunctions({ size: 4096, ...heap, placement, init: "lazy" });
      expect((await probed(config)).mismatch).toBeUndefined();
    },
  );
});

test("a heap in memory that nobody clears refuses requests before init", async () => {
  const config = withFunctions({ policy: segregated(), size: 4096, placement: inSection });
  expect((await probed(config)).mismatch).toBeUndefined();
});

test("a pool that takes no lock is not initialised by its first request", () => {
  const config = testConfig({
    ...heaps["pool, atomic"],
    policy: pool([[64]], { atomic: true }),
    init: "lazy",
  });
  expect(() => makePlan(config, loadTarget(config.target))).toThrow(
    'init: found "lazy", but the heap takes no lock, and interrupts may make the first call twice: "constructor" initialises it before',
  );
});

describe("verify tells of C that", () => {
  const lazy = { size: 4096, init: "lazy", api: { alignedAlloc: true, realloc: true } } as const;
  const broken: readonly (readonly [string, TestConfig, RegExp, string, string])[] = [
    [
      "works on memory that nobody initialised",
      { policy: segregated(), size: 4096, placement: placements["between symbols"] },
      /(void \*app_heap_malloc\(size_t size\)\n\{\n) {4}if \(heap == NULL\) \{[^}]*\}\n/,
      "$1",
      "malloc(1) before init",
    ],
    [
      "refuses the first aligned request",
      { policy: buddy(), ...lazy },
      /(void \*app_heap_aligned_alloc\(size_t alignment, size_t size\)\n\{\n) {4}if \(!is_ready\) \{[^}]*\}\n/,
      "$1",
      "aligned_alloc(8, 1) before init",
    ],
    ["initialises the heap again", { policy: bitmap(), ...lazy }, / {4}is_ready = true;\n/, "", "malloc"],
    [
      "does not say in init that it was called",
      { policy: bump(), size: 4096, placement: inSection },
      / {4}is_ready = true;\n/,
      "",
      "malloc",
    ],
    [
      "hands out its control data",
      { policy: sequential(), size: 4096 },
      /\(offset - APP_HEAP_FIRST_BLOCK\) <= \(\(APP_HEAP_END_OF_BLOCKS - APP_HEAP_FIRST_BLOCK\) - need\)/,
      "need <= (APP_HEAP_END_OF_BLOCKS - offset)",
      "malloc(1) before init",
    ],
    [
      "follows a pointer to no heap",
      { policy: buddy(), size: 4096, placement: placements["where init is told"] },
      /(void app_heap_free\(void \*pointer\)\n\{\n) {4}if \(heap == NULL\) \{[^}]*\}\n/,
      "$1",
      "free before init",
    ],
  ];
  test.each(broken)("%s", async (_what, config, pattern, text, call) => {
    const edit = (source: string): string => {
      expect(source).toMatch(pattern);
      return source.replace(pattern, text);
    };
    const { mismatch } = await probed(config, edit);
    expect(mismatch?.call.slice(0, call.length)).toBe(call);
  });
});
