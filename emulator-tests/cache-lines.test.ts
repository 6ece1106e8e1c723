/** `heap.cacheLine`: DMA buffers are cleaned and invalidated by lines, so no line may hold payload and metadata. */
import { describe, expect, test } from "vitest";
import { metadataImage } from "../src/reference/image.js";
import { directedTraces } from "../src/verify/directed-traces.js";
import { lowered } from "../src/verify/lowered.js";
import { Equivalence, ReferenceRunner } from "../src/verify/equivalence.js";
import type { Plan } from "../src/plan/plan.js";
import type { ReferenceHeap } from "../src/reference/reference-heap.js";
import { benchFor } from "./support/bench.js";
import {
  bitmap,
  buddy,
  bump,
  pool,
  quick,
  segregated,
  sequential,
  type TestConfig,
} from "./support/configs.js";
import { planOf } from "./support/dumps.js";

const api = { calloc: true, realloc: true, alignedAlloc: true, stats: true } as const;
const cacheLine = 32;
const heap = { size: 16384, cacheLine };

const configs: Readonly<Record<string, TestConfig>> = {
  "segregated fit": { policy: segregated(), ...heap, api },
  "segregated fit, previous sizes and a tag": {
    policy: segregated(quick(100, 9)),
    ...heap,
    boundaryTag: "prevSize",
    fields: { tag: { bits: 8 }, checksum: { bits: 8 } },
    api,
    target: "cortex-m7",
  },
  "segregated fit, deferred": {
    policy: segregated({ coalesce: "deferred", ...quick() }),
    ...heap,
    target: "cortex-m0",
  },
  "first fit, footers": { policy: sequential({ order: "lifo" }), ...heap, api },
  "best fit, slots": { policy: sequential({ fit: "best", wilderness: "none" }), ...heap, api, cacheLine: 64 },
  "next fit": { policy: sequential({ fit: "next", order: "fifo", coalesce: "deferred" }), ...heap },
  bitmap: { policy: bitmap(32), ...heap, api },
  "boundary bits": { policy: segregated(), boundaryTag: "bits", ...heap, api },
  buddy: { policy: buddy(32), ...heap, api },
  "a pool": { policy: pool([[64, 40], [256]]), ...heap },
  "an arena": { policy: bump("all"), ...heap },
};

/** A line that a block in use has payload on, and that has metadata too; as an offset. */
function sharedLine(plan: Plan, reference: ReferenceHeap, line: number): number | undefined {
  const { mask } = metadataImage(plan, reference);
  for (const { start, size, free, quick: waits } of reference.blocks()) {
    if (free || waits) continue;
    const from = start + plan.header.bytes;
    for (let at = from - (from % line); at < Math.ceil((start + size) / line) * line; at += line) {
      if (mask.subarray(at, at + line).some((bits) => bits !== 0)) return at;
    }
  }
  return undefined;
}

/** The first line that is shared at any time of the directed operations. */
function firstShared(plan: Plan, line: number): string | undefined {
  for (const { trace } of directedTraces(plan, 1)) {
    const operations = lowered(plan, trace, 0x2000_0000);
    const runner = new ReferenceRunner(plan, operations, false, 0x2000_0000);
    const step = Math.max(1, Math.ceil(operations.length / 300));
    for (let to = 1; to <= operations.length; to += to < 60 ? 1 : step) {
      runner.advance(to);
      const at = sharedLine(plan, runner.heap, line);
      if (at !== undefined) return `${trace.name}, operation ${to}: the line at ${at}`;
    }
  }
  return undefined;
}

describe.each(Object.entries(configs))("%s", (_name, config) => {
  const line = config.cacheLine ?? cacheLine;

  test("shares no line, in any state of the directed operations", () => {
    expect(firstShared(planOf(config), line)).toBeUndefined();
  });

  test("is the same on the core", async () => {
    const bench = await benchFor(config);
    for (const { trace, interval, checkPayloads } of directedTraces(bench.plan, 1).slice(0, 4)) {
      const operations = lowered(bench.plan, trace, bench.image.heapAddress);
      const comparison = new Equivalence(bench, operations, { checkPayloads });
      expect(comparison.start()).toBeUndefined();
      for (let to = 0; to < operations.length; to += interval) {
        expect(comparison.advance(Math.min(to + interval, operations.length))).toBeUndefined();
      }
      comparison.close();
    }
  });
});

test.each([segregated(), sequential()])("an alignment of a line alone shares lines", (policy) => {
  expect(firstShared(planOf({ policy, size: 16384, alignment: cacheLine }), cacheLine)).toMatch(
    /the line at/,
  );
});
