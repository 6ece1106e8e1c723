import { describe, expect, test } from "vitest";
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
} from "../../emulator-tests/support/configs.js";
import { makePlan } from "../policies/make-plan.js";
import type { Plan } from "../plan/plan.js";
import { metadataImage } from "../reference/image.js";
import type { ReferenceHeap } from "../reference/reference-heap.js";
import { loadTarget } from "../targets/load.js";
import { drawSnapshots, snapshotOfMemory, snapshotOfReference, type Snapshot } from "./snapshot.js";

/** A heap with two blocks freed and two in use. */
function heapOf(test: TestConfig): { readonly plan: Plan; readonly heap: ReferenceHeap } {
  const config = testConfig(test);
  const plan = makePlan(config, loadTarget(config.target));
  const heap = plan.rules.reference(plan);
  const [first, , third] = [20, 50, 20, 100].map((size) => heap.malloc(size, 0).payload);
  heap.free(first ?? -1);
  heap.free(third ?? -1);
  return { plan, heap };
}

const configs: Readonly<Record<string, TestConfig>> = {
  "no flag in the header": { policy: sequential(), size: 512 },
  "a footer": { policy: sequential({ order: "lifo" }), size: 512 },
  "4-byte links": { policy: sequential({ order: "fifo" }), size: 512, links: { width: 32 } },
  slots: { policy: seed, size: 512, links: { place: "slots", slots: 4 } },
  segregated: { policy: segregated(), size: 1024 },
  "every field": {
    policy: segregated(),
    boundaryTag: "prevSize",
    size: 1024,
    fields: { tag: { bits: 3 }, requested: {}, magic: { bits: 5, value: 9 } },
  },
  buddies: { policy: buddy(16), size: 1024 },
  pools: {
    policy: pool([
      [24, 4],
      [104, 4],
    ]),
    size: 1024,
  },
  "a lazy pool": { policy: pool([[104, 8]], { lazy: true }), size: 1024 },
};

/** Policies that keep no list of free blocks, or not of all of them. */
const unlisted: Readonly<Record<string, TestConfig>> = {
  "a bitmap": { policy: bitmap(8), size: 1024 },
  "an arena": { policy: bump("lifo"), size: 1024 },
  "quick lists": { policy: segregated({ ...quick(64, 6) }), size: 1024 },
  "quick lists that headers tell": {
    policy: segregated({ ...quick(64, 6) }),
    size: 1024,
    api: { check: true },
  },
};

test.each(Object.entries(configs))("memory says what the reference says: %s", (_name, config) => {
  const { plan, heap } = heapOf(config);
  const snapshot = snapshotOfReference(heap);
  expect(snapshot.blocks.filter((block) => !block.free)).toHaveLength(2);
  expect(snapshot.freeList.length).toBeGreaterThan(1);
  expect(snapshotOfMemory(plan, metadataImage(plan, heap).bytes)).toEqual(snapshot);
});

test.each(Object.entries(unlisted))("and so it does of %s", (_name, config) => {
  const { plan, heap } = heapOf(config);
  const snapshot = snapshotOfReference(heap);
  expect(snapshot.blocks.some((block) => block.free)).toBe(true);
  expect(snapshotOfMemory(plan, metadataImage(plan, heap).bytes)).toEqual(snapshot);
});

const drawn = (plan: Plan, snapshot: Snapshot): string => drawSnapshots(plan, [snapshot, snapshot])[0];

describe("the drawing", () => {
  test("of more blocks than a screen has lines shows those around the first that differs", () => {
    const { plan } = heapOf({ policy: sequential({ order: "lifo" }), size: 8192 });
    const many = (different: number): Snapshot => ({
      blocks: Array.from({ length: 300 }, (_, index) => ({
        start: 14 + 16 * index,
        size: 16,
        free: index === different,
      })),
      wildernessStart: plan.endOfBlocks,
      freeList: [],
    });
    const pair = drawSnapshots(plan, [many(-1), many(200)]).map((drawing) => drawing.split("\n"));
    for (const lines of pair) {
      expect(lines).toHaveLength(42);
      expect(lines[0]).toBe("... 190 more before");
      expect(lines.at(-1)).toBe("... 70 more behind");
    }
    expect(pair.map((lines) => lines[11])).toEqual([
      "3214    16 B  in use",
      "3214    16 B  free    (unlisted)",
    ]);
    const [same] = drawSnapshots(plan, [many(-1), many(-1)]);
    expect(same.split("\n")[0]).toBe("... 260 more before");
  });

  test("has a line a block, and the untouched space", () => {
    const { plan, heap } = heapOf({ policy: sequential({ order: "lifo" }), size: 512 });
    expect(`\n${drawn(plan, snapshotOfReference(heap))}\n`).toBe(`
 14   24 B  free    #2 of the free list
 38   56 B  in use
 94   24 B  free    #1 of the free list
118  104 B  in use
222  288 B  wilderness
`);
  });

  test("says which free blocks are not listed", () => {
    const { plan, heap } = heapOf({ policy: seed, size: 512, links: { place: "slots", slots: 1 } });
    const lines = drawn(plan, snapshotOfReference(heap)).split("\n");
    expect(lines[0]).toMatch(/free {4}#1 of the free list$/);
    expect(lines[2]).toMatch(/free {4}\(unlisted\)$/);
  });
});

describe("damage is told, not thrown", () => {
  const { plan, heap } = heapOf({ policy: sequential({ order: "lifo" }), size: 512 });
  const damaged = (offset: number, ...values: readonly number[]) => {
    const memory = metadataImage(plan, heap).bytes;
    memory.set(values, offset);
    return snapshotOfMemory(plan, memory);
  };

  test("a block of size 0", () => {
    const snapshot = damaged(38, 0, 0);
    expect(snapshot.damage).toBe("size of the block at 0x26: found 0, expected 8 to 184, a multiple of 8");
    expect(snapshot.blocks).toHaveLength(1);
    expect(drawn(plan, snapshot)).toMatch(/\ndamaged: size of the block at 0x26: found 0, /);
  });

  test("a block that reaches beyond the last", () => {
    expect(damaged(38, 0xf8, 0xff).damage).toContain(
      "size of the block at 0x26: found 504, expected 8 to 184",
    );
  });

  test("a list that runs in a circle", () => {
    expect(damaged(96, 96, 0).damage).toContain("found the block at 0x5e, visited before");
  });

  test("a link out of the heap", () => {
    expect(damaged(4, 0xff, 0xff).damage).toContain(
      "first of the free list: found 65535: not the offset of a block",
    );
  });
});
