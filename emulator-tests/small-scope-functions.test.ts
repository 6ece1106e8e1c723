/** Every sequence of a few calls of malloc, free, realloc and aligned_alloc on tiny heaps. */
import { describe, expect, test } from "vitest";
import type { Trace, TraceOperation } from "../src/traces/operation.js";
import type { Plan } from "../src/plan/plan.js";
import { Equivalence } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";
import { benchFor } from "./support/bench.js";
import { bitmap, buddy, bump, pool, quick, segregated, type TestConfig } from "./support/configs.js";

const api = { realloc: true, alignedAlloc: true, stats: true } as const;
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
  { policy: bitmap(32), api, zeroSize: "unique" },
  { policy: buddy(), api },
  { policy: buddy(32), api, zeroSize: "unique" },
  { policy: segregated(quick(24, 2)), api },
  { policy: segregated({ coalesce: "deferred" }), api },
];

interface Sizes {
  readonly requested: readonly number[];
  readonly resized: readonly number[];
  readonly aligned: readonly (readonly [alignment: number, size: number])[];
}

/** The smallest block, and a third of the heap, so that the fourth fails. */
function sizesFor(plan: Plan): Sizes {
  const third = Math.max(2, Math.floor(plan.maximumRequestBytes / 3) - 8);
  return {
    requested: [1, third],
    resized: [1, plan.minimumBlockBytes + 1, 2 * third],
    aligned: plan.api.alignedAlloc ? [[plan.maximumAlignment, Math.max(1, third - 20)]] : [],
  };
}

/** Every sequence of `depth` operations; what one leaves allocated is freed, newest first, before the next begins. */
function everySequence(depth: number, { requested, resized, aligned }: Sizes, reallocs: boolean): Trace {
  const operations: TraceOperation[] = [];
  let nextId = 0;
  const choices = (live: readonly number[], id: number): readonly TraceOperation[] => [
    ...requested.map((size) => ({ kind: "malloc", id, size }) as const),
    ...aligned.map(([alignment, size]) => ({ kind: "aligned", id, alignment, size }) as const),
    ...live.flatMap((other) => [
      { kind: "free", id: other } as const,
      ...(reallocs ? resized : []).map((size) => ({ kind: "realloc", id: other, size }) as const),
    ]),
  ];
  const extend = (sequence: readonly TraceOperation[], live: readonly number[]): void => {
    if (sequence.length === depth) {
      const first = nextId;
      nextId += depth;
      const freed = live.toReversed().map((id) => ({ kind: "free", id }) as const);
      operations.push(...[...sequence, ...freed].map((each) => ({ ...each, id: first + each.id })));
      return;
    }
    const id = sequence.length;
    for (const choice of choices(live, id)) {
      const isNew = choice.kind !== "free" && choice.kind !== "realloc";
      const next = isNew
        ? [...live, id]
        : live.filter((each) => choice.kind !== "free" || each !== choice.id);
      extend([...sequence, choice], next);
    }
  };
  extend([], []);
  return { name: "every sequence", header: new Map(), operations };
}

describe("the core keeps to the reference", () => {
  test.each(configs.map((config) => ({ name: JSON.stringify(config), config })))(
    "$name",
    async ({ config }) => {
      const bench = await benchFor({ ...config, size: 512 });
      const trace = everySequence(4, sizesFor(bench.plan), bench.plan.api.realloc);
      const operations = lowered(bench.plan, trace, bench.image.heapAddress);
      const comparison = new Equivalence(bench, operations);
      try {
        expect(operations.length).toBeGreaterThan(1000);
        expect(comparison.start()).toBeUndefined();
        for (let done = 1; done <= operations.length; done++) {
          expect(comparison.advance(done)).toBeUndefined();
          comparison.reference.check();
        }
      } finally {
        comparison.close();
      }
    },
  );
});
