/** The functions beside malloc and free, on the core and against the reference. */
import { describe, expect, test } from "vitest";
import { generateWorkload } from "../src/traces/generate.js";
import { optionalOperations, type OptionalOperation } from "../src/traces/operation.js";
import { seededRandom } from "../src/traces/random.js";
import { Equivalence, type Bench } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";
import { deriveCosts } from "../src/verify/prediction.js";
import { verifyWorkload, type WorkloadOutcome } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { HeapCaller } from "./support/call.js";
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
import { headerlessFunctions } from "./support/headerless.js";
import { fromSequence } from "./support/random-operations.js";
import { chooseSample } from "./support/sample.js";
import { drawPlanned } from "./support/sampled-configs.js";
import { isAccepted, ruleTargets, targetNames } from "./support/targets.js";

const sampleSeed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);
const slots = (count: number) => ({ place: "slots", slots: count }) as const;
const everyField = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };
/** What each policy gives of the functions that operations call; `stats` counts in all of them. */
const functionsOf = ({ policy, alignment = 8 }: TestConfig): OperationApi => {
  switch (policy.kind) {
    case "sequential-fit":
    case "segregated-fit":
    case "bitmap":
    case "buddy":
      return { calloc: true, realloc: true, alignedAlloc: true };
    case "pool": {
      const aligned = policy.classes.some(({ blockBytes }) => blockBytes % (2 * alignment) === 0);
      return {
        calloc: true,
        realloc: true,
        ...(aligned ? { alignedAlloc: true } : {}),
        stats: !policy.atomic,
      };
    }
    case "bump":
      return { calloc: true, realloc: policy.release === "lifo", alignedAlloc: true, stats: true };
  }
};
type OperationApi = Partial<Record<OptionalOperation | "stats", boolean>>;

const configs: Readonly<Record<string, TestConfig>> = {
  "first, address": { policy: sequential(), size: 8192 },
  "first, address, footers": { policy: sequential(), boundaryTag: "footer", size: 8192 },
  "first, address, prevSize": { policy: sequential(), boundaryTag: "prevSize", size: 4096 },
  "next, address, footers": { policy: sequential({ fit: "next" }), boundaryTag: "footer", size: 4096 },
  "best, in place, two-ended": {
    policy: sequential({
      fit: "best",
      ties: "highest",
      order: "in-place",
      split: "two-ended",
      wilderness: "none",
    }),
    size: 4096,
  },
  "first, fifo ring, prevSize": {
    policy: sequential({ order: "fifo", wilderness: "none", split: "high" }),
    boundaryTag: "prevSize",
    size: 4096,
  },
  "best, lifo": { policy: sequential({ fit: "best", order: "lifo" }), size: 8192 },
  "worst, fifo, prevSize": {
    policy: sequential({ fit: "worst", order: "fifo", wilderness: "first" }),
    boundaryTag: "prevSize",
    size: 4096,
  },
  "first, lifo, no tags": { policy: sequential({ order: "lifo" }), boundaryTag: "none", size: 4096 },
  "the seed": { policy: seed, links: slots(16), size: 4096 },
  "first, address, slots": { policy: sequential(), links: slots(5), size: 4096 },
  "next, list neighbours": {
    policy: sequential({ fit: "next", order: "fifo", coalesce: "list-neighbours" }),
    size: 4096,
  },
  "best, deferred": { policy: sequential({ fit: "best", coalesce: "deferred" }), size: 4096 },
  "first, never": { policy: sequential({ coalesce: "never" }), size: 4096 },
  "every field": {
    policy: sequential({ order: "lifo" }),
    fields: everyField,
    zeroSize: "unique",
    size: 8192,
  },
  "every field, footers, alignment 4": {
    policy: sequential(),
    boundaryTag: "footer",
    fields: everyField,
    alignment: 4,
    size: 8192,
  },
  "alignment 32, limits": {
    policy: sequential(),
    boundaryTag: "footer",
    alignment: 32,
    limits: { largest: 600, smallest: 40 },
    size: 16384,
  },
  segregated: { policy: segregated(), size: 8192 },
  "segregated, prevSize": { policy: segregated(), boundaryTag: "prevSize", size: 8192 },
  "segregated, quick lists": { policy: segregated(quick()), size: 4096 },
  "segregated, quick lists, every field": {
    policy: segregated(quick(200, 9)),
    boundaryTag: "prevSize",
    fields: everyField,
    zeroSize: "unique",
    size: 4096,
  },
  "segregated, deferred": { policy: segregated({ coalesce: "deferred" }), size: 4096 },
  "segregated, deferred, quick lists": {
    policy: segregated({ coalesce: "deferred", ...quick(), subdivisions: 8 }),
    alignment: 4,
    size: 4096,
  },
  ...headerlessFunctions,
  "segregated, small requests": { policy: segregated(), limits: { largest: 200 }, size: 8192 },
};

/** The workload that asks every function. */
function runMixed(bench: Bench, operations: number, predicts: boolean): WorkloadOutcome {
  const trace = generateWorkload("mixed", {
    seed: sampleSeed,
    operations,
    heapBytes: bench.plan.heapBytes,
    maximumRequest: bench.plan.maximumRequestBytes,
    minimumRequest: 1,
  });
  const lowerable = lowered(bench.plan, trace, bench.image.heapAddress);
  return verifyWorkload(bench, "mixed", lowerable, predicts ? { costs: deriveCosts(bench) } : {});
}

/** Where all else is predicted exactly too. */
const predicted = {
  configs: [
    ...["first, address", "first, address, footers", "every field", "the seed", "segregated"],
    ...Object.keys(headerlessFunctions),
  ],
  targets: ruleTargets,
  optimize: ["-Os", "-O2"],
} as const;
const isIn = (list: readonly string[], word: string): boolean => list.includes(word);

describe("every function agrees with the reference, and its cycles are predicted", () => {
  const all = Object.entries(configs)
    .flatMap(([name, config]) =>
      targetNames.flatMap((target) =>
        (["-Os", "-O2", "-O3"] as const).map((optimize) => ({ name, config, target, optimize })),
      ),
    )
    .filter(({ config, target }) => isAccepted({ ...config, target }));
  test.each(chooseSample(all, 24, "functions"))(
    "$name on $target at $optimize",
    async ({ name, config, target, optimize }) => {
      const functions = config.api ?? functionsOf(config);
      const bench = await benchFor({ ...config, target, optimize, api: functions });
      const { result } = runMixed(bench, 4000, true);
      expect(result.mismatch).toBeUndefined();
      const isPredicted =
        isIn(predicted.configs, name) &&
        isIn(predicted.targets, target) &&
        isIn(predicted.optimize, optimize);
      if (isPredicted) expect(result.wrongPrediction).toBeUndefined();
      for (const called of optionalOperations.filter((name) => functions[name] === true)) {
        expect(result[called]?.calls).toBeGreaterThan(100);
        // Products and searches of bits in steps may take now more of them and now fewer: of what does is nothing predicted.
        if (bench.plan.multiplies) expect(result[called]?.predicted.exact).toBeGreaterThan(0);
      }
    },
  );
});

describe("calloc of a product that no size_t holds", () => {
  const most = 0xffff_ffff;
  /** Both factors are more than any heap has, one of them, or neither. */
  const factors: readonly (readonly [number, number])[] = [
    [0x10000, 0x10000],
    [0x10001, 0xffff],
    [0x10001, 0x10000],
    [0x10001, 0x10001],
    [most, 2],
    [most, most],
    [0x8000_0000, 2],
    [0x5555_5556, 3],
    [0x4000_0001, 4],
    [0x1000, 0x10_0001],
    [0x100_0001, 0x100],
    [0xfff, 0x10_0101],
  ];
  const policies: Readonly<Record<string, TestConfig>> = {
    sequential: { policy: sequential() },
    segregated: { policy: segregated() },
    "segregated, unique": { policy: segregated(), zeroSize: "unique", target: "cortex-m0" },
    "segregated, 256 KiB": { policy: segregated(), size: 262144, zeroSize: "unique" },
    pools: { policy: pool([[64], [512, 3]]) },
    bump: { policy: bump(), target: "cortex-m0plus" },
    bitmap: { policy: bitmap() },
    buddy: { policy: buddy(), target: "cortex-m0" },
  };

  test.each(Object.entries(policies))("%s: NULL, and nothing changes", async (_name, config) => {
    const bench = await benchFor({ size: 4096, ...config, api: { calloc: true } });
    const empty = new Equivalence(bench, fromSequence([]));
    expect(empty.start()).toBeUndefined();
    const heap = empty.emulated.heap.slice();
    empty.close();
    const caller = new HeapCaller(bench.image, bench.target);
    const calloc = (...[count, size]: readonly [number, number]) =>
      caller.call("app_heap_calloc", heap, count, size);
    for (const [count, size] of factors.flatMap(([a, b]) => [[a, b] as const, [b, a] as const])) {
      const called = calloc(count, size);
      expect(called.result, `${count} * ${size}`).toBe(0);
      expect(Buffer.compare(called.heap, heap)).toBe(0);
    }
    for (const [count, size] of [[3, 16] as const, [16, 3] as const, [48, 1] as const, [1, 48] as const]) {
      const { result = 0, heap: after } = calloc(count, size);
      expect(result).toBeGreaterThan(0);
      const at = result - bench.image.heapAddress;
      expect([...after.subarray(at, at + 48)].every((byte) => byte === 0)).toBe(true);
    }
    caller.close();
  });
});

describe(`drawn with ALLOC_GEN_SEED=${sampleSeed}`, () => {
  const random = seededRandom(sampleSeed, "functions");
  const drawn = Array.from({ length: 12 }, (_, index) => ({
    index,
    config: drawPlanned(random, functionsOf),
  }));
  test.each(drawn.map((each) => ({ ...each, name: JSON.stringify(each.config) })))(
    "$index: $name",
    async ({ config }) => {
      const { result } = runMixed(await benchFor(config), 1500, false);
      expect(result.mismatch).toBeUndefined();
    },
  );
});
