import { describe, expect, test } from "vitest";
import {
  bitmap,
  buddy,
  bump,
  pool,
  segregated,
  sequential,
  testConfig,
  type TestConfig,
} from "../../emulator-tests/support/configs.js";
import type { Plan } from "../plan/plan.js";
import { planAt } from "../sizing/sizing.js";
import { loadTarget } from "../targets/load.js";
import {
  certifiedSize,
  defeatOf,
  enoughFor,
  isEnough,
  largestDefeated,
  leastBlockBytes,
  mostBlockBytesFor,
} from "./certify.js";
import { blockSizes, mostLiveBlockBytes, type Demand } from "./demand.js";
import { failingSequence } from "./every-sequence.fixture.js";
import { neededByAny, slotsNeeded } from "./theorems.js";

const granule = 256;

function planWith(test: TestConfig, heapBytes: number): Plan {
  const config = testConfig(test);
  const plan = planAt(config, loadTarget(config.target), heapBytes);
  if (!("rules" in plan)) throw plan;
  return plan;
}

const areaOf = (plan: Plan): number => plan.endOfBlocks - plan.firstBlock;

/** The plan whose blocks have so many granules. */
function planOfArea(config: TestConfig, granules: number): Plan | undefined {
  for (let heapBytes = 2 * granule; heapBytes < 8192; heapBytes += granule) {
    const plan = planWith(config, heapBytes);
    if (Math.floor(areaOf(plan) / granule) === granules) return plan;
  }
  return undefined;
}

const policies: Readonly<Record<string, TestConfig["policy"]>> = {
  "first fit": sequential({ wilderness: "none" }),
  "first fit with a wilderness": sequential(),
  "best fit": sequential({ fit: "best", order: "lifo" }),
  "next fit": sequential({ fit: "next", order: "lifo" }),
  "worst fit": sequential({ fit: "worst", order: "fifo", wilderness: "first" }),
  "segregated fit": segregated(),
  "segregated fit without a probe": segregated({ subdivisions: 1, probe: false }),
  "deferred merging": segregated({ coalesce: "deferred" }),
  bitmap: bitmap(granule),
  buddies: buddy(granule),
};

describe("against every sequence on tiny heaps", () => {
  // Least blocks that are live at most, and the granules of the largest request's block.
  const limits = [
    [2, 2],
    [3, 2],
    [4, 2],
    [2, 3],
    [3, 3],
    [2, 4],
  ] as const;
  test.each(Object.entries(policies))("%s", (_name, policy) => {
    const config: TestConfig = { policy, alignment: granule };
    const { header } = planWith(config, 4096);
    for (const [live, largest] of limits) {
      const request = (granules: number): number => granules * granule - header.bytes;
      const demand: Demand = {
        liveBytes: live * request(1),
        blocks: Infinity,
        smallest: request(1),
        largest: request(largest),
      };
      let served = 0;
      for (let granules = live; served === 0; granules++) {
        const plan = planOfArea(config, granules);
        if (plan === undefined || plan.maximumRequestBytes < demand.largest) continue;
        const requests = blockSizes(demand, leastBlockBytes(plan)).map(({ request }) => request);
        const fails = failingSequence(plan, demand, requests) !== undefined;
        // What is certified serves every sequence, and what a program refutes does not.
        expect([granules, fails && isEnough(plan, demand)]).toEqual([granules, false]);
        expect([granules, !fails && defeatOf(plan, demand) !== undefined]).toEqual([granules, false]);
        if (!fails) served = granules;
      }
      const plan = planOfArea(config, served);
      if (plan === undefined) throw new Error("no such heap");
      expect(enoughFor(plan, demand)?.blockBytes).toBeGreaterThan((served - 1) * granule);
    }
  });
});

describe("a program that tries", () => {
  const demand: Demand = { liveBytes: 8192, blocks: Infinity, smallest: 16, largest: 256 };
  test.each([
    ["segregated fit", segregated()],
    ["first fit", sequential({ wilderness: "none" })],
    ["best fit", sequential({ fit: "best", order: "lifo" })],
    ["bitmap", bitmap()],
    ["buddies", buddy()],
  ] as const)("comes as near to what is enough as no allocator can avoid: %s", (_name, policy) => {
    const config = testConfig({ policy });
    const target = loadTarget(config.target);
    const size = certifiedSize(config, target, demand);
    if (typeof size === "string") throw new Error(size);
    const defeat = largestDefeated(config, target, demand, size.heapBytes);
    const plan = planWith({ policy }, size.heapBytes);
    expect(defeat?.heapBytes).toBeGreaterThan(neededByAny(demand, leastBlockBytes(plan)));
    expect(defeat?.heapBytes).toBeLessThan(size.heapBytes);
    // It keeps the limits itself.
    const live = new Map<number, number>();
    let most = 0;
    for (const operation of defeat?.trace.operations ?? []) {
      if (operation.kind === "malloc") live.set(operation.id, operation.size);
      else live.delete(operation.id);
      most = Math.max(
        most,
        [...live.values()].reduce((sum, bytes) => sum + bytes, 0),
      );
    }
    expect(most).toBeLessThanOrEqual(demand.liveBytes);
  });
});

test("live blocks are bounded by bytes and by their number", () => {
  const demand = { liveBytes: 100, blocks: Infinity, smallest: 1, largest: 40 };
  const blockBytes = (request: number): number => 8 * Math.ceil((request + 2) / 8);
  expect(mostLiveBlockBytes(demand, blockBytes)).toBe(800);
  expect(mostLiveBlockBytes({ ...demand, smallest: 6 }, blockBytes)).toBe(224);
  // Ten blocks: what is left of 100 bytes when each has one pays for whole granules.
  const ten = mostLiveBlockBytes({ ...demand, blocks: 10 }, blockBytes);
  let worst = 0;
  for (let long = 0; long <= 10; long++) {
    const each = Math.floor((100 - (10 - long)) / Math.max(1, long));
    if (each >= 1) worst = Math.max(worst, (10 - long) * 8 + long * blockBytes(Math.min(40, each)));
  }
  expect(ten).toBeGreaterThanOrEqual(worst);
  expect(ten).toBeLessThan(worst + blockBytes(40));
});

test("what is too small to be cut off a block is live with it", () => {
  const policy = sequential({ wilderness: "none" });
  const plan = planWith({ policy, limits: { smallest: 20 } }, 4096);
  expect([plan.granuleBytes, plan.minimumBlockBytes]).toEqual([8, 24]);
  expect([leastBlockBytes(plan)(20), mostBlockBytesFor(plan)(20)]).toEqual([24, 40]);
  // A hole of 40 bytes between two blocks serves a request of 20 whole.
  const heap = plan.rules.reference(plan);
  const [first] = [36, 20].map((size) => heap.malloc(size, 0).payload);
  heap.free(first ?? -1);
  heap.malloc(20, 0);
  expect([...heap.blocks()][0]).toMatchObject({ size: 40, free: false });
});

test("pools need as many blocks as can be live, and are refused by class", () => {
  const demand: Demand = { liveBytes: 240, blocks: 100, smallest: 4, largest: 32 };
  const plan = planWith(
    {
      policy: pool([
        [16, 60],
        [32, 14],
      ]),
    },
    4096,
  );
  const rule = plan.rules.fragmentation(plan);
  if (rule.kind !== "slots") throw new Error(rule.kind);
  expect(slotsNeeded(demand, rule)).toEqual([
    { blockBytes: 16, needed: 60, count: 60 },
    { blockBytes: 32, needed: 14, count: 14 },
  ]);
  expect(isEnough(plan, demand)).toBe(true);
  expect(defeatOf(plan, demand)).toBeUndefined();
  const lacking = testConfig({
    policy: pool([
      [16, 59],
      [32, 14],
    ]),
    size: 4096,
  });
  expect(certifiedSize(lacking, loadTarget(lacking.target), demand)).toBe(
    "blocks of 16: 60 needed, 59 there",
  );
  expect(
    defeatOf(
      planWith(
        {
          policy: pool(
            [
              [16, 59],
              [32, 14],
            ],
            { fallback: false },
          ),
        },
        4096,
      ),
      demand,
    ),
  ).toBeDefined();
});

test("what no theorem covers is not certified", () => {
  const demand: Demand = { liveBytes: 64, blocks: 4, smallest: 8, largest: 16 };
  for (const policy of [bump(), sequential({ coalesce: "never", wilderness: "none" })])
    expect(enoughFor(planWith({ policy }, 4096), demand)).toBeUndefined();
  expect(enoughFor(planWith({ policy: buddy(), api: { realloc: true } }, 4096), demand)).toBeUndefined();
  expect(
    enoughFor(planWith({ policy: bitmap(), api: { realloc: true } }, 65536), {
      ...demand,
      liveBytes: 8192,
      blocks: 500,
      largest: 4096,
    })?.theorem,
  ).toBe("gaps");
});
