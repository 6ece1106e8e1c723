/** Every sequence of a few calls of malloc, free, realloc and aligned_alloc on tiny heaps. */
import { describe, expect, test } from "vitest";
import { UnicornCaller } from "../src/emulators/unicorn/caller.js";
import type { Plan } from "../src/plan/plan.js";
import { benchFor } from "./support/bench.js";
import { bitmap, buddy, bump, pool, quick, segregated, type TestConfig } from "./support/configs.js";
import { exploreStates, type Requests } from "./support/every-state.js";

const api = { calloc: true, realloc: true, alignedAlloc: true, stats: true } as const;
const bare = { realloc: true, stats: true } as const;
const unlocked = { realloc: true, alignedAlloc: true } as const;

/** Each with so little room that it runs out. */
const configs: readonly TestConfig[] = [
  { policy: pool([[160]]), api },
  { policy: pool([[16, 2], [40, 2], [128]], { lazy: true }), api },
  { policy: pool([[32, 2], [160]], { fallback: false }), api },
  { policy: pool([[24, 3], [120]]), api: bare, zeroSize: "unique" },
  { policy: pool([[32, 2], [192]], { atomic: true }), api: unlocked },
  { policy: bump("lifo"), api },
  { policy: bump("lifo"), api, zeroSize: "unique", links: { width: 32 } },
  { policy: bump(), api: { alignedAlloc: true, stats: true } },
  { policy: bitmap(), api },
  { policy: segregated(), boundaryTag: "bits", api },
  { policy: segregated({ subdivisions: 8 }), boundaryTag: "bits", api, zeroSize: "unique" },
  { policy: bitmap(32), api, zeroSize: "unique" },
  { policy: buddy(), api },
  { policy: buddy(32), api, zeroSize: "unique" },
  /** A single block. */
  { policy: buddy(256), api },
  { policy: segregated(quick(24, 2)), api },
  { policy: segregated({ coalesce: "deferred" }), api },
];

/** The smallest block, and a third of the heap, so that the fourth fails. */
function requestsFor({ maximumRequestBytes, minimumBlockBytes, maximumAlignment, api: has }: Plan): Requests {
  const third = Math.max(2, Math.floor(maximumRequestBytes / 3) - 8);
  return {
    sizes: [1, third],
    cleared: has.calloc ? [minimumBlockBytes] : [],
    resized: has.realloc ? [1, minimumBlockBytes + 1, 2 * third] : [],
    aligned: has.alignedAlloc ? [[maximumAlignment, Math.max(1, third - 20)]] : [],
  };
}

describe("the core keeps to the reference in every sequence of 5 calls", () => {
  test.each(configs.map((config) => ({ name: JSON.stringify(config), config })))(
    "$name",
    async ({ config }) => {
      const bench = await benchFor({ ...config, size: 512 });
      const caller = new UnicornCaller(bench.image, bench.target);
      try {
        const { difference, steps } = exploreStates(bench, caller, 5, requestsFor(bench.plan));
        expect(difference).toBeUndefined();
        expect(steps).toBeGreaterThan(100);
      } finally {
        caller.close();
      }
    },
  );
});
