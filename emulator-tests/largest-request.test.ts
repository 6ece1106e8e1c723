/** The largest request that will succeed: at drawn states it does, and one byte more does not. */
import { expect, test } from "vitest";
import { UnicornCaller } from "../src/emulators/unicorn/caller.js";
import { seededRandom } from "../src/traces/random.js";
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
import { changed, setCondition } from "./support/hand-made-fault.js";

const sampleSeed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);
const api = { largestRequest: true };
const size = 2048;

const configs: Readonly<Record<string, TestConfig>> = {
  "segregated fit": { policy: segregated() },
  "without a probe": { policy: segregated({ probe: false, subdivisions: 8 }), size: 16_384 },
  "powers of two, v6-M": { policy: segregated({ probe: false, subdivisions: 1 }), target: "cortex-m0" },
  "quick lists": { policy: segregated(quick(100, 9)) },
  "deferred, without a probe": { policy: segregated({ coalesce: "deferred", probe: false }) },
  "first fit": { policy: sequential() },
  "deferred, next fit": { policy: sequential({ coalesce: "deferred", fit: "next" }) },
  "list neighbours, next fit": {
    policy: sequential({ coalesce: "list-neighbours", fit: "next", order: "fifo" }),
  },
  "list neighbours, worst fit": {
    policy: sequential({ coalesce: "list-neighbours", fit: "worst", wilderness: "none", order: "lifo" }),
  },
  "never merged": { policy: sequential({ coalesce: "never", order: "lifo" }) },
  "the seed": { policy: seed, links: { place: "slots", slots: 7 } },
  "few slots": { policy: sequential(), links: { place: "slots", slots: 3 } },
  "a pool": { policy: pool([[16, 9], [40, 5], [128]], { lazy: true }) },
  "a pool without fallback": { policy: pool([[16, 9], [40, 5], [128]], { fallback: false }) },
  "a pool of one class": { policy: pool([[64]]) },
  "a bitmap": { policy: bitmap() },
  "boundary bits": { policy: segregated(), boundaryTag: "bits" },
  "boundary bits, no probe, v6-M": {
    policy: segregated({ probe: false }),
    boundaryTag: "bits",
    target: "cortex-m0plus",
    limits: { smallest: 40 },
  },
  "a bitmap, v6-M": { policy: bitmap(16), target: "cortex-m0plus", limits: { smallest: 40 } },
  buddies: { policy: buddy(), limits: { largest: 300 } },
  "an arena": { policy: bump("lifo") },
};

const states = 400;

/** The first state in which the figure is wrong. */
async function firstWrong(config: TestConfig, edit?: Edit): Promise<string | undefined> {
  const { plan, image, target } = await benchFor({ size, api, ...config }, edit, [
    "app_heap_largest_request",
  ]);
  const reference = plan.rules.reference(plan);
  const caller = new UnicornCaller(image, target);
  const random = seededRandom(sampleSeed, "largest request");
  const call = (name: string, ...words: readonly number[]): number => {
    const outcome = caller.call(`app_heap_${name}`, words);
    if (outcome.kind === "fault") throw new Error(outcome.fault.message);
    return outcome.result;
  };
  const live: number[] = [];
  try {
    call("init");
    for (let state = 0; state < states; state++) {
      if (live.length > 0 && random.chance(state % 100 < 60 ? 0.15 : 0.55)) {
        const [payload = 0] = live.splice(random.below(live.length), 1);
        reference.free(payload);
        call("free", image.heapAddress + payload);
      } else {
        const bytes = random.between(1, random.chance(0.2) ? 300 : 60);
        const { payload } = reference.malloc(bytes, 0);
        const found = call("malloc", bytes);
        if (found !== (payload < 0 ? 0 : image.heapAddress + payload)) return `${state}: other block`;
        if (payload >= 0) live.push(payload);
      }
      // Where it merges, some states are left as they are.
      if (random.chance(0.3)) continue;
      const most = call("largest_request");
      const expected = reference.largestRequest?.();
      if (most !== expected) return `${state}: ${most}, not ${expected}`;
      const before = caller.save();
      const isServed = most === 0 || call("malloc", most) !== 0;
      caller.restore(before);
      if (!isServed) return `${state}: ${most} bytes are not served`;
      const isRefused = call("malloc", most + 1) === 0;
      caller.restore(before);
      if (!isRefused) return `${state}: more than ${most} bytes are served`;
    }
    return undefined;
  } finally {
    caller.close();
  }
}

test.each(Object.entries(configs))("%s", async (_name, config) => {
  expect(await firstWrong(config)).toBeUndefined();
});

test("a run of granules within a word that is not seen is found", async () => {
  const edit = changed("longest_run", setCondition(["length", "longest"], "($) && (length > 1000U)"));
  expect(await firstWrong({ policy: bitmap() }, edit)).toMatch(/^\d+: \d+, not \d+$/);
});
