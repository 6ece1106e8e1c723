/** The reference predicts the cycles of every operation, and a run that takes others is noticed. */
import { describe, expect, test } from "vitest";
import { generateWorkload } from "../src/traces/generate.js";
import { namesOf } from "../src/traces/operation.js";
import { lowered } from "../src/verify/lowered.js";
import { deriveCosts } from "../src/verify/prediction.js";
import type { Bench } from "../src/verify/equivalence.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { quick, seed, segregated, sequential, type TestConfig } from "./support/configs.js";
import { headerless } from "./support/headerless.js";
import { chooseSample } from "./support/sample.js";
import { bytes } from "../src/units.js";
import { isAccepted, ruleTargets } from "./support/targets.js";

const frugal = sequential({
  fit: "best",
  ties: "highest",
  order: "in-place",
  split: "two-ended",
  smallBelow: bytes(64),
  wilderness: "none",
});

const configs: Readonly<Record<string, TestConfig>> = {
  "segregated fit": { policy: segregated() },
  "segregated fit without probe": { policy: segregated({ probe: false }) },
  "segregated fit, two-ended": { policy: segregated({ split: "two-ended", smallBelow: bytes(100) }) },
  "segregated fit, two-ended, no probe": {
    policy: segregated({ split: "two-ended", smallBelow: bytes(100), probe: false, subdivisions: 8 }),
  },
  "segregated fit, by neighbour": { policy: segregated({ split: "by-neighbour" }) },
  "segregated fit, previous sizes": { policy: segregated(), boundaryTag: "prevSize" },
  "segregated fit, no flag for blocks in use": { policy: segregated(), size: 200_000 },
  "segregated fit, small requests": { policy: segregated(), limits: { largest: 200 } },
  "segregated fit, quick lists": { policy: segregated(quick(200, 30)) },
  "segregated fit, quick lists, marked": { policy: segregated(quick()), fields: { checksum: { bits: 8 } } },
  "segregated fit, deferred": { policy: segregated({ coalesce: "deferred" }) },
  "segregated fit, few classes": {
    policy: segregated({ subdivisions: 2 }),
    size: 4096,
  },
  "segregated fit, every field": {
    policy: segregated(),
    fields: { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} },
  },
  "first fit, address": { policy: sequential() },
  "best fit, address, footers": { policy: sequential({ fit: "best" }), boundaryTag: "footer" },
  "first fit, address, no wilderness": { policy: sequential({ wilderness: "none" }), links: { width: 32 } },
  "best fit, address, no wilderness": { policy: sequential({ wilderness: "none", fit: "best" }) },
  "best fit, in place, two-ended": { policy: frugal },
  "best fit, in place, by neighbour": { policy: { ...frugal, split: "by-neighbour" } },
  "worst fit, fifo ring, previous sizes": {
    policy: { ...frugal, fit: "worst", order: "fifo", ties: "lowest" },
    boundaryTag: "prevSize",
  },
  "best fit, address, two-ended": { policy: { ...frugal, order: "address" } },
  "next fit, fifo": { policy: sequential({ fit: "next", order: "fifo" }) },
  "worst fit, lifo, no tags": { policy: sequential({ fit: "worst", order: "lifo" }), boundaryTag: "none" },
  ...headerless,
  // Copied words and ties taken were one kind of loop.
  "best fit, ties highest, realloc": {
    policy: sequential({ fit: "best", ties: "highest", wilderness: "none" }),
    size: 1024,
    api: { realloc: true },
  },
  "best fit, split high, aligned": {
    policy: sequential({ fit: "best", split: "high" }),
    size: 512,
    api: { alignedAlloc: true, stats: true },
  },
  // What realloc verifies depends on what stands beside the block.
  "checksum, requested and tag, realloc": {
    policy: segregated(),
    fields: { checksum: { bits: 9 }, requested: {}, tag: { bits: 8 } },
    api: { realloc: true },
  },
  "list neighbours, next fit, ring of few": {
    policy: sequential({ fit: "next", order: "fifo", coalesce: "list-neighbours", wilderness: "none" }),
    size: 2048,
  },
  "bitmap of few words, realloc": {
    policy: { kind: "bitmap", granule: bytes(128) },
    size: 16384,
    api: { calloc: true, realloc: true },
  },
  "the seed": { policy: seed, links: { place: "slots", slots: 64 } },
};

const cases = Object.entries(configs)
  .flatMap(([name, config]) =>
    ruleTargets.flatMap((target) =>
      (["-Os", "-O2"] as const).map((optimize) => ({ name, config, target, optimize })),
    ),
  )
  .filter(({ config, target }) => isAccepted({ ...config, target }));

/** A workload that calls all functions there are. */
const workload = (bench: Bench, operations: number) =>
  lowered(
    bench.plan,
    generateWorkload(namesOf(bench.image.entries).length > 2 ? "mixed" : "power-law", {
      seed: 4711,
      operations,
      heapBytes: bench.plan.heapBytes,
      maximumRequest: bench.plan.maximumRequestBytes,
      minimumRequest: 1,
    }),
  );

describe("every operation is predicted exactly", () => {
  test.each(chooseSample(cases, 30, "prediction"))(
    "$name on $target at $optimize",
    async ({ config, target, optimize }) => {
      const bench = await benchFor({ ...config, target, optimize });
      const { result } = verifyWorkload(bench, "drawn", workload(bench, 5000), {
        costs: deriveCosts(bench),
      });
      expect(result.mismatch).toBeUndefined();
      expect(result.wrongPrediction).toBeUndefined();
      const predicted = namesOf(bench.image.entries).map((name) => result[name]?.predicted.exact ?? 0);
      expect(predicted.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(4000);
    },
  );
});

test("one cycle more in one operation is noticed", async () => {
  const bench = await benchFor({ policy: segregated() });
  const costs = deriveCosts(bench);
  const slower: Bench = {
    ...bench,
    engine: {
      ...bench.engine,
      open(...parameters) {
        const session = bench.engine.open(...parameters);
        const execute = session.execute.bind(session);
        session.execute = (from, to) => {
          const result = execute(from, to);
          if (from <= 3333 && to > 3333) session.cycles[3333] = (session.cycles[3333] ?? 0) + 1;
          return result;
        };
        return session;
      },
    },
  };
  const { result } = verifyWorkload(slower, "power-law", workload(bench, 5000), { costs });
  expect(result.malloc.predicted.wrong + result.free.predicted.wrong).toBe(1);
  expect(result.wrongPrediction?.operation).toBe(3333);
});
