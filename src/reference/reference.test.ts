/** Properties that every policy's reference has, in whatever config. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { segregated, sequential, testConfig, type TestConfig } from "../../emulator-tests/support/configs.js";
import { drawConfig } from "../../emulator-tests/support/sampled-configs.js";
import { AllocGenError } from "../diagnostics.js";
import { makePlan } from "../policies/make-plan.js";
import { blockBytesFor, type Plan } from "../plan/plan.js";
import { loadTarget } from "../targets/load.js";
import { seededRandom, type Random } from "../traces/random.js";
import { MetadataComparison, metadataImage } from "./image.js";
import type { ReferenceHeap } from "./reference-heap.js";
import { segregatedFit } from "../policies/segregated-fit/index.js";
import { sequentialFit } from "../policies/sequential-fit/index.js";

function planOf(config: TestConfig): Plan {
  const resolved = testConfig(config);
  return makePlan(resolved, loadTarget(resolved.target));
}

/** A small heap with a legal config, drawn from a seed. */
function smallPlan(random: Random): Plan {
  for (;;) {
    const drawn = drawConfig(random);
    const size = Math.min(drawn.size ?? 0, 4096);
    const { largest = size } = drawn.limits ?? {};
    try {
      return planOf({ ...drawn, size, limits: { ...drawn.limits, largest: Math.min(largest, size) } });
    } catch (error) {
      if (!(error instanceof AllocGenError)) throw error;
    }
  }
}

interface Live {
  readonly payload: number;
  readonly size: number;
}

/** A heap in use: what it was asked for is kept beside it. */
class Exercise {
  readonly heap: ReferenceHeap;
  readonly live: Live[] = [];

  constructor(
    readonly plan: Plan,
    readonly random: Random,
  ) {
    this.heap = plan.rules.reference(plan);
  }

  /** One operation; the payload it gave, -1 for NULL and for a free. */
  step(): void {
    const { random, live } = this;
    if (live.length === 0 || random.chance(0.55)) this.malloc(this.drawSize());
    else this.free(random.below(live.length));
  }

  malloc(size: number): number {
    const { payload } = this.heap.malloc(size, 0);
    if (payload >= 0) this.live.push({ payload, size });
    return payload;
  }

  free(index: number): void {
    const [block] = this.live.splice(index, 1);
    this.heap.free(block?.payload ?? -1);
  }

  private drawSize(): number {
    const { random, plan } = this;
    if (random.chance(0.05)) return random.below(2 ** 32);
    return random.below(Math.ceil(plan.maximumRequestBytes * 2 ** -random.below(7)) + 1);
  }
}

const hasWilderness = ({ control }: Plan): boolean => control.some(({ name }) => name === "wilderness");

/** Runs `check` after each of some operations, on many heaps. */
function afterEachOperation(check: (exercise: Exercise) => void): void {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
      const random = seededRandom(seed, "reference");
      const exercise = new Exercise(smallPlan(random), random);
      for (let left = 60; left > 0; left--) {
        exercise.step();
        check(exercise);
      }
    }),
    { numRuns: 150 },
  );
}

describe("after each operation", () => {
  test("the invariants hold", () => {
    afterEachOperation(({ heap }) => {
      heap.check();
    });
  });

  test("live payloads are aligned, inside the heap, and apart", () => {
    afterEachOperation(({ plan, live }) => {
      const sorted = live.toSorted((left, right) => left.payload - right.payload);
      let end: number = plan.firstBlock;
      for (const { payload, size } of sorted) {
        expect(payload % plan.alignment).toBe(0);
        expect(payload - plan.header.bytes).toBeGreaterThanOrEqual(end);
        end = payload + size;
      }
      expect(end).toBeLessThanOrEqual(plan.endOfBlocks);
    });
  });

  test("the metadata's bits are within its mask, and the mask is never over a live payload", () => {
    afterEachOperation(({ plan, heap, live }) => {
      const { bytes, mask } = metadataImage(plan, heap);
      expect(bytes.every((byte, at) => (byte & ~(mask[at] ?? 0)) === 0)).toBe(true);
      for (const { payload, size } of live) {
        expect(mask.subarray(payload, payload + size).every((byte) => byte === 0)).toBe(true);
      }
    });
  });

  test("bytes are conserved: blocks and untouched space are the heap", () => {
    afterEachOperation(({ plan, heap }) => {
      const blocks = [...heap.blocks()].reduce((sum, block) => sum + block.size, 0);
      expect(plan.firstBlock + blocks + (plan.endOfBlocks - heap.wildernessStart())).toBe(plan.endOfBlocks);
    });
  });
});

test("sequential fit says NULL only when nothing serves", () => {
  afterEachOperation((exercise) => {
    const { plan, heap, live } = exercise;
    if (!sequentialFit.owns(plan)) return;
    const size = exercise.random.between(1, plan.maximumRequestBytes);
    if (exercise.malloc(size) >= 0) {
      exercise.free(live.length - 1);
      return;
    }
    const need = blockBytesFor(plan, size);
    const free = [...heap.blocks()].filter((block) => block.free).map((block) => block.size);
    expect(Math.max(0, ...free)).toBeLessThan(need);
    expect(plan.endOfBlocks - heap.wildernessStart()).toBeLessThan(need);
  });
});

test("segregated fit says NULL only when no block of a larger class is free", () => {
  afterEachOperation((exercise) => {
    const { plan, heap, live } = exercise;
    if (!segregatedFit.owns(plan)) return;
    const size = exercise.random.between(1, plan.maximumRequestBytes);
    if (exercise.malloc(size) >= 0) {
      exercise.free(live.length - 1);
      return;
    }
    // A doubling is cut into equal parts: the next class begins at most a part of the need above it.
    const need = blockBytesFor(plan, size);
    const nextClass = need + Math.ceil(need / 2 ** plan.policy.subdivisionBits) + plan.granuleBytes;
    expect([...heap.blocks()].every((block) => !block.free || block.size < nextClass)).toBe(true);
  });
});

test("a heap that merges at once and is freed whole serves its largest request again", () => {
  afterEachOperation((exercise) => {
    const { plan, heap, live } = exercise;
    const merges = plan.coalescing === "immediate" && !keepsQuick(plan);
    if (!merges || exercise.random.chance(0.8)) return;
    while (live.length > 0) exercise.free(exercise.random.below(live.length));
    expect([...heap.blocks()]).toHaveLength(hasWilderness(plan) ? 0 : 1);
    const payload = exercise.malloc(plan.maximumRequestBytes);
    const low = plan.firstBlock + plan.header.bytes;
    if (splitOf(plan) !== "low") expect(payload).toBeGreaterThanOrEqual(low);
    else expect(payload).toBe(low);
    exercise.free(0);
  });
});

test("what merges later serves the largest request again, once it swept and nothing waits", () => {
  afterEachOperation((exercise) => {
    const { plan, live } = exercise;
    if (!(keepsQuick(plan) || defers(plan)) || exercise.random.chance(0.8)) return;
    while (live.length > 0) exercise.free(exercise.random.below(live.length));
    expect(exercise.malloc(plan.maximumRequestBytes)).toBeGreaterThan(0);
    exercise.free(0);
  });
});

test("a request of 0 is what the config says", () => {
  afterEachOperation((exercise) => {
    const { plan, live } = exercise;
    const payload = exercise.malloc(0);
    if (plan.zeroSize === "null") expect(payload).toBe(-1);
    else if (payload >= 0) exercise.free(live.length - 1);
  });
});

test("memory is held against the reference again and again, a byte that differs is found in any page", () => {
  const plan = planOf({ policy: segregated(), size: 32768 });
  const heap = plan.rules.reference(plan);
  const comparison = new MetadataComparison(plan);
  const payloads = Array.from({ length: 6 }, () => heap.malloc(5000, 0).payload);
  for (const payload of payloads) {
    const { bytes, mask } = metadataImage(plan, heap);
    expect(comparison.firstDifference(heap, bytes, 0)).toBeUndefined();
    expect(comparison.expected).toEqual({ bytes, mask });
    const last = mask.findLastIndex((bits) => bits !== 0);
    bytes[last] = (bytes[last] ?? 0) ^ 0xff;
    expect(comparison.firstDifference(heap, bytes, 0)).toBe(last);
    heap.free(payload);
  }
});

test("a free of NULL changes nothing, a free of what is not live is our own mistake", () => {
  const plan = planOf({ policy: sequential({ order: "lifo" }) });
  const heap = plan.rules.reference(plan);
  const { payload } = heap.malloc(10, 0);
  const before = metadataImage(plan, heap);
  expect(heap.free(-1).payload).toBe(-1);
  expect(metadataImage(plan, heap)).toEqual(before);
  heap.free(payload);
  expect(() => heap.free(payload)).toThrow(`no block in use has its payload at ${payload}`);
});

test("the largest request and one byte more", () => {
  const plan = planOf({ policy: segregated() });
  const heap = plan.rules.reference(plan);
  expect(heap.malloc(plan.maximumRequestBytes + 1, 0).payload).toBe(-1);
  expect(heap.malloc(plan.maximumRequestBytes, 0).payload).toBe(plan.firstBlock + plan.header.bytes);
  expect(heap.malloc(1, 0).payload).toBe(-1);
});

describe("the metadata", () => {
  test("of two blocks, byte by byte", () => {
    const fields = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 8 } };
    const plan = planOf({ policy: sequential({ order: "lifo" }), size: 512, fields });
    const heap = plan.rules.reference(plan);
    const first = heap.malloc(20, 0x11);
    heap.malloc(20, 0x122);
    heap.free(first.payload);
    const { bytes, mask } = metadataImage(plan, heap);
    const at = (offset: number, length: number) => [...bytes.subarray(offset, offset + length)];
    expect(plan.header).toMatchObject({ bytes: 4, footerBytes: 2 });
    // 24 bytes, free; next and previous: none; the footer in the block's last two bytes.
    expect(at(12, 4)).toEqual([0x18, 0, 0, 0]);
    expect([...mask.subarray(12, 20)]).toEqual([0xfb, 0x01, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    expect(at(34, 2)).toEqual([0x18, 0]);
    // 24 bytes, left neighbour free, the tag cut to 8 bits, magic.
    expect(at(36, 4)).toEqual([0x1b, 0, 0x22, 0xa5]);
    expect([...mask.subarray(40, 60)].every((byte) => byte === 0)).toBe(true);
  });
});

const keepsQuick = (plan: Plan): boolean => segregatedFit.owns(plan) && plan.policy.quick !== undefined;

const defers = (plan: Plan): boolean =>
  (segregatedFit.owns(plan) || sequentialFit.owns(plan)) && plan.policy.coalesce === "deferred";

const splitOf = (plan: Plan): string =>
  segregatedFit.owns(plan) || sequentialFit.owns(plan) ? plan.policy.split : "low";
