/** Heaps that lie elsewhere, and many of one type: the same addresses and bytes as the reference has. */
import { describe, expect, test } from "vitest";
import { benchFor } from "./support/bench.js";
import { seed, segregated, sequential, type TestConfig } from "./support/configs.js";
import { generateWorkload } from "../src/traces/generate.js";
import { lowered } from "../src/verify/lowered.js";
import { verifyWorkload } from "../src/verify/workload.js";

const symbols = { kind: "linker", start: "_heap_start", end: "_heap_end" } as const;
const handed = { kind: "runtime", instances: "one" } as const;
const many = { kind: "runtime", instances: "many" } as const;

const cases: Readonly<Record<string, TestConfig>> = {
  "between symbols": { policy: segregated(), placement: symbols },
  "between symbols, v6-M": { policy: sequential({ fit: "next" }), placement: symbols, target: "cortex-m0" },
  "where init is told": { policy: segregated(), placement: handed, fields: { tag: { bits: 4 } } },
  "where init is told, v6-M": { policy: seed, placement: handed, target: "cortex-m0plus" },
  "one of many": { policy: segregated(), placement: many, fields: { tag: { bits: 4 } }, alignment: 64 },
  "one of many, v6-M": { policy: segregated(), placement: many, target: "cortex-m0" },
  "one of many, slots": { policy: seed, placement: many, links: { place: "slots", slots: 8 } },
  "one of many, deferred": { policy: sequential({ coalesce: "deferred" }), placement: many },
  PRIMASK: { policy: segregated(), lock: { kind: "primask" } },
  "PRIMASK, v6-M, deferred": {
    policy: sequential({ coalesce: "deferred" }),
    lock: { kind: "primask" },
    target: "cortex-m0",
  },
  "BASEPRI, many": { policy: segregated(), lock: { kind: "basepri", priority: 64 }, placement: many },
  hooks: { policy: sequential(), lock: { kind: "custom", header: "my/hooks.h" }, target: "cortex-m33" },
};

describe.each(Object.entries(cases))("%s", (_name, config) => {
  test("does what the reference does", async () => {
    const bench = await benchFor({ size: 4096, ...config });
    const workload = generateWorkload("uniform", {
      seed: 1,
      operations: 2000,
      heapBytes: bench.plan.heapBytes,
      maximumRequest: bench.plan.maximumRequestBytes,
      minimumRequest: 1,
    });
    const { result } = verifyWorkload(bench, workload.name, lowered(bench.plan, workload));
    expect(result.mismatch).toBeUndefined();
    expect(result.malloc.calls).toBeGreaterThan(500);
  });
});
