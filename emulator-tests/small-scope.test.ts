/** Every sequence of a few operations on tiny heaps: the reference keeps its invariants, the core keeps to the reference. */
import { describe, expect, test } from "vitest";
import { segregatedSplits } from "../src/policies/segregated-fit/types.js";
import { coalesceRules, fits, orders, wildernessRules } from "../src/policies/sequential-fit/types.js";
import { AllocGenError } from "../src/diagnostics.js";
import { makePlan } from "../src/policies/make-plan.js";
import type { Plan } from "../src/plan/plan.js";
import { metadataImage } from "../src/reference/image.js";
import { loadTarget } from "../src/targets/load.js";
import { bytes } from "../src/units.js";
import type { Bench } from "../src/verify/equivalence.js";
import { UnicornCaller } from "../src/emulators/unicorn/caller.js";
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
import { f } from "./support/c-words.js";
import { everySequence, type Choice } from "./support/every-sequence.js";
import { exploreStates, noRequests, type Explored } from "./support/every-state.js";
import { changed, insert } from "./support/hand-made-fault.js";
import { chooseSample } from "./support/sample.js";

/** The policies without headers, each with so little room that it runs out. */
const tinyHeaderless: readonly TestConfig[] = [
  { policy: bump() },
  { policy: bump("lifo") },
  { policy: bitmap() },
  { policy: segregated(), boundaryTag: "bits" },
  { policy: segregated({ spacing: "geometric" }), boundaryTag: "bits" },
  { policy: segregated({ probe: false, subdivisions: 1 }), boundaryTag: "bits", alignment: 16 },
  { policy: bitmap(32) },
  { policy: buddy() },
  { policy: buddy(64) },
  { policy: pool([[160]]) },
  { policy: pool([[160]], { lazy: true }) },
  { policy: pool([[160]], { atomic: true }) },
  { policy: pool([[16, 2], [40, 2], [160]], { lazy: true }) },
  { policy: pool([[16, 2], [160]], { fallback: false }) },
];

function planOf(test: TestConfig): Plan {
  const config = testConfig(test);
  return makePlan(config, loadTarget(config.target));
}

/** The smallest block; a third of the heap, so that the fourth fails; and what leaves a rest of one granule. */
function sizesFor(plan: Plan): readonly number[] {
  return [1, Math.floor(plan.maximumRequestBytes / 3) - 8, plan.minimumBlockBytes + 1];
}

/** Runs a sequence on a fresh reference heap and checks it after the last operation; those before were checked already. */
function runReference(plan: Plan, sequence: readonly Choice[]): void {
  const heap = plan.rules.reference(plan);
  const payloads: number[] = [];
  for (const choice of sequence) {
    if ("size" in choice) payloads.push(heap.malloc(choice.size, 0).payload);
    else {
      heap.free(payloads[choice.of] ?? -1);
      payloads.push(-1);
    }
  }
  try {
    heap.check();
    metadataImage(plan, heap);
  } catch (error) {
    throw new Error(JSON.stringify(sequence), { cause: error });
  }
}

/** Every sequential fit with every kind of index, and segregated fits with few and many classes. */
function* tinyConfigs(): Generator<TestConfig> {
  for (const fit of fits) {
    for (const order of orders) {
      for (const wilderness of wildernessRules) {
        for (const coalesce of coalesceRules) {
          const policy = sequential({ fit, order, wilderness, coalesce });
          for (const boundaryTag of ["none", "prevSize", "footer"] as const) {
            yield { policy, boundaryTag, size: 512 };
          }
          for (const slots of [1, 2]) yield { policy, links: { place: "slots", slots }, size: 512 };
        }
      }
    }
  }
  for (const order of orders) {
    for (const boundaryTag of ["prevSize", "footer"] as const) {
      const policy = sequential({ order, split: "by-neighbour", smallBelow: bytes(24), wilderness: "none" });
      yield { policy, boundaryTag, size: 512 };
    }
  }
  for (const { policy } of tinyHeaderless) yield { policy, size: 512 };
  for (const probe of [true, false]) {
    for (const subdivisions of [1, 4]) {
      for (const boundaryTag of ["prevSize", "footer"] as const) {
        for (const split of segregatedSplits) {
          const policy = segregated({ subdivisions, probe, split, smallBelow: bytes(24) });
          yield { policy, boundaryTag, size: 512 };
          yield { policy, boundaryTag, size: 512, limits: { largest: 60 } };
        }
        const policy = segregated({ subdivisions, probe, ...quick(24, 2) });
        yield { policy, boundaryTag, size: 512 };
      }
      const deferred = segregated({ subdivisions, probe, coalesce: "deferred" });
      yield { policy: deferred, size: 512 };
      yield { policy: { ...deferred, ...quick(24, 2), split: "by-neighbour" }, size: 512 };
    }
  }
}

function planOrNothing(config: TestConfig): readonly Plan[] {
  try {
    return [planOf(config)];
  } catch (error) {
    if (error instanceof AllocGenError) return [];
    throw error;
  }
}

describe("the reference", () => {
  const plans = [...tinyConfigs()].flatMap(planOrNothing);

  test("keeps its invariants in every sequence of 4 operations, in every configuration", () => {
    expect(plans.length).toBeGreaterThan(300);
    for (const plan of plans) {
      for (const sequence of everySequence(4, sizesFor(plan))) runReference(plan, sequence);
    }
  });

  test.each(plans.filter((_, index) => index % 37 === 0).map((plan) => ({ plan })))(
    "keeps them in every sequence of 6 operations: $plan.policy, $plan.header.boundaryTag",
    ({ plan }) => {
      for (const sequence of everySequence(6, sizesFor(plan))) runReference(plan, sequence);
    },
  );
});

const slots = { place: "slots", slots: 2 } as const;
const withHeaders: readonly TestConfig[] = [
  { policy: seed, links: slots },
  { policy: sequential() },
  {
    policy: sequential({
      order: "in-place",
      split: "by-neighbour",
      smallBelow: bytes(24),
      wilderness: "none",
    }),
  },
  { policy: sequential({ fit: "next" }), boundaryTag: "footer" },
  { policy: sequential({ fit: "best", order: "fifo" }), boundaryTag: "prevSize" },
  { policy: sequential({ fit: "next", order: "fifo", coalesce: "list-neighbours", wilderness: "first" }) },
  { policy: sequential({ fit: "worst", coalesce: "deferred" }), links: slots },
  { policy: segregated({ subdivisions: 1, probe: false }), boundaryTag: "prevSize" },
  { policy: segregated(quick(24, 2)) },
  { policy: segregated({ coalesce: "deferred" }) },
  { policy: segregated({ coalesce: "deferred", ...quick(24, 2), subdivisions: 8 }) },
];

/** The policies without headers have few states; one of each other policy, and a sample of the rest. */
const coreConfigs = [
  ...tinyHeaderless,
  { policy: sequential({ fit: "best" }) },
  { policy: segregated({ subdivisions: 4 }) },
  ...chooseSample(withHeaders, 3, "every state of a small heap"),
];

function explored(bench: Bench, depth: number): Explored {
  const { plan, image, target } = bench;
  const caller = new UnicornCaller(image, target);
  try {
    return exploreStates(bench, caller, depth, { ...noRequests, sizes: sizesFor(plan) });
  } finally {
    caller.close();
  }
}

describe("the core keeps to the reference", () => {
  test.each(coreConfigs.map((config) => ({ name: JSON.stringify(config), config })))(
    "in every sequence of 8 operations: $name",
    async ({ config }) => {
      const bench = await benchFor({ ...config, size: 512 });
      const { difference, steps } = explored(bench, 8);
      expect(difference).toBeUndefined();
      expect(steps).toBeGreaterThan(100);
    },
  );

  test("and a fault of the eighth operation alone is found", async () => {
    const late = insert(
      "static unsigned calls = 0U; calls++; if (size == 1U && (calls % 5U) == 0U) { return NULL; }",
    );
    const bench = await benchFor({ policy: segregated(), size: 512 }, changed(f.appMalloc, late));
    expect(explored(bench, 8).difference).toMatch(/in the reference, 0 on the core$/);
  });
});
