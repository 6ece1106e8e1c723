/** Requests at the edges, on the core: what each returns is defined, and written down here. */
import { describe, expect, test } from "vitest";
import { OperationCode } from "../src/traces/operation.js";
import { Equivalence, type Bench } from "../src/verify/equivalence.js";
import { benchFor } from "./support/bench.js";
import { quick, seed, segregated, sequential, type TestConfig } from "./support/configs.js";
import { fromSequence } from "./support/random-operations.js";

/** A request in bytes, or the free of what an earlier step allocated. */
type Step = number | { readonly of: number };

/** What each step returned on the core, as an offset into the heap, or null; the metadata is compared at the end. */
function run(bench: Bench, steps: readonly Step[]): readonly (number | null)[] {
  const operations = fromSequence(
    steps.map((step) =>
      typeof step === "number"
        ? { kind: OperationCode.malloc, argument: step }
        : { kind: OperationCode.free, argument: step.of },
    ),
  );
  const comparison = new Equivalence(bench, operations);
  try {
    expect(comparison.start()).toBeUndefined();
    expect(comparison.advance(steps.length)).toBeUndefined();
    return [...comparison.emulated.results].map((address) =>
      address === 0 ? null : address - bench.image.heapAddress,
    );
  } finally {
    comparison.close();
  }
}

const configs: Readonly<Record<string, TestConfig>> = {
  "first fit": { policy: sequential(), size: 4096 },
  "best fit, footer, v6-M": {
    policy: sequential({ fit: "best", order: "lifo" }),
    size: 4096,
    target: "cortex-m0",
  },
  "seed preset": { policy: seed, size: 4096, links: { place: "slots", slots: 8 } },
  "deferred, headers as long as a granule": {
    policy: sequential({ coalesce: "deferred" }),
    size: 4096,
    alignment: 4,
    fields: { size: { bits: 31, unit: "granules" } },
  },
  segregated: { policy: segregated(), size: 4096 },
  "segregated, quick lists": { policy: segregated(quick()), size: 4096 },
  "segregated, deferred, v6-M": {
    policy: segregated({ coalesce: "deferred" }),
    size: 4096,
    target: "cortex-m0plus",
  },
  "segregated, no probe, v6-M": {
    policy: segregated({ probe: false, subdivisions: 8 }),
    size: 4096,
    target: "cortex-m0plus",
  },
};

describe.each(Object.entries(configs))("%s", (_name, config) => {
  test("0 is NULL, or a pointer unlike any other live one", async () => {
    const none = await benchFor({ ...config, zeroSize: "null" });
    expect(run(none, [0, 1, 0]).map((result) => result === null)).toEqual([true, false, true]);
    const unique = await benchFor({ ...config, zeroSize: "unique" });
    const results = run(unique, [0, 0, 1, 0, { of: 1 }, 0]).filter((_, index) => index !== 1 && index !== 4);
    expect(results).not.toContain(null);
    expect(new Set(results).size).toBe(4);
  });

  test("the largest request is served by an empty heap, one byte more by none", async () => {
    const bench = await benchFor(config);
    const { maximumRequestBytes: most, firstBlock, header } = bench.plan;
    expect(run(bench, [most])).toEqual([firstBlock + header.bytes]);
    expect(run(bench, [most + 1])).toEqual([null]);
    expect(run(bench, [most, most])[1]).toBeNull();
  });

  test("sizes that would wrap are refused and change nothing", async () => {
    for (const zeroSize of ["null", "unique"] as const) {
      const bench = await benchFor({ ...config, zeroSize });
      const near = Array.from({ length: 64 }, (_, below) => 2 ** 32 - 1 - below);
      const large = [4096, 0xffff, 0x10000, 0x10001, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, ...near];
      const results = run(bench, [1, ...large, 1]);
      expect(results.slice(1, -1).every((result) => result === null)).toBe(true);
      expect(results[0]).not.toBeNull();
      expect(results.at(-1)).not.toBeNull();
    }
  });

  test("the limit of the config is the limit", async () => {
    const bench = await benchFor({ ...config, limits: { largest: 101 } });
    expect(bench.plan.maximumRequestBytes).toBe(101);
    expect(run(bench, [101, 102]).map((result) => result === null)).toEqual([false, true]);
  });

  test("a full heap says NULL, and serves again what is given back", async () => {
    const bench = await benchFor(config);
    const requests = Array.from({ length: 100 }, () => 100);
    const served = run(bench, requests).filter((result) => result !== null).length;
    expect(served).toBeGreaterThan(30);
    expect(served).toBeLessThan(41);
    const full = requests.slice(0, served + 1);
    const results = run(bench, [...full, { of: 3 }, 100, 100]);
    expect(results[served]).toBeNull();
    expect(results.at(-2)).toBe(results[3]);
    expect(results.at(-1)).toBeNull();
  });

  test("free(NULL) does nothing", async () => {
    const bench = await benchFor(config);
    const most = bench.plan.maximumRequestBytes;
    const results = run(bench, [most + 1, { of: 0 }, { of: 0 }, most, { of: 0 }]);
    expect(results[3]).toBe(bench.plan.firstBlock + bench.plan.header.bytes);
  });
});
