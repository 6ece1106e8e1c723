import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { workloadNames } from "../config/vocabulary.js";
import { generateWorkload } from "./generate.js";
import type { Trace } from "./operation.js";
import { parseTrace } from "./read.js";
import { seededRandom } from "./random.js";
import { formatTrace } from "./write.js";

const steady = workloadNames.filter((name) => name !== "exhaustion" && name !== "mixed");
const plain = { seed: 1, operations: 4000, heapBytes: 32768, maximumRequest: 30000, minimumRequest: 1 };

/** Largest live payload, requests that stand for no size left out. */
function peakLiveBytes(trace: Trace, most = Infinity): number {
  const sizes = new Map<number, number>();
  let live = 0;
  let peak = 0;
  for (const operation of trace.operations) {
    if (operation.kind === "free") {
      live -= sizes.get(operation.id) ?? 0;
      sizes.delete(operation.id);
    } else if (operation.size <= most) {
      sizes.set(operation.id, operation.size);
      live += operation.size;
      peak = Math.max(peak, live);
    }
  }
  return peak;
}

const sizesOf = (trace: Trace): number[] =>
  trace.operations.flatMap((operation) => (operation.kind === "free" ? [] : [operation.size]));

const heaps = fc
  .record({
    seed: fc.nat(0xffffffff),
    operations: fc.integer({ min: 1, max: 3000 }),
    heapBytes: fc.oneof(
      fc.constantFrom(256, 1 << 20),
      fc.integer({ min: 32, max: 131072 }).map((granules) => granules * 8),
    ),
    share: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
    minimum: fc.constantFrom(1, 8, 24),
  })
  .map(({ share, minimum, ...rest }) => ({
    ...rest,
    maximumRequest: Math.max(24, Math.floor(rest.heapBytes * share)),
    minimumRequest: minimum,
  }));

describe.each(workloadNames)("the workload %s", (name) => {
  it("frees only live blocks, and has exactly as many operations as asked", () => {
    fc.assert(
      fc.property(heaps, (options) => {
        const trace = generateWorkload(name, options);
        expect(trace.operations).toHaveLength(options.operations);
        // parseTrace throws where a block is freed that is not live, or allocated twice.
        expect(parseTrace(formatTrace(trace), name, name).operations).toEqual(trace.operations);
      }),
      { numRuns: 20 },
    );
  });

  it("is decided by its seed", () => {
    expect(generateWorkload(name, plain)).toEqual(generateWorkload(name, plain));
    const other = generateWorkload(name, { ...plain, seed: 2 });
    expect(other.operations).not.toEqual(generateWorkload(name, plain).operations);
  });

  it("allocates and frees in every size of heap", () => {
    for (const heapBytes of [256, 512, 1024, 4096, 65536, 1 << 20]) {
      const trace = generateWorkload(name, {
        ...plain,
        operations: 20_000,
        heapBytes,
        maximumRequest: Math.floor(heapBytes * 0.8),
      });
      const frees = trace.operations.filter(({ kind }) => kind === "free").length;
      // Where blocks are resized there are fewer of them.
      expect(frees).toBeGreaterThan(name === "mixed" ? 5000 : 8000);
      expect(frees).toBeLessThanOrEqual(12_000);
    }
  });
});

describe.each(steady)("the workload %s", (name) => {
  it("keeps its sizes in range and its live payload within 60 % of the heap", () => {
    fc.assert(
      fc.property(heaps, (options) => {
        const trace = generateWorkload(name, options);
        for (const size of sizesOf(trace)) {
          expect(size).toBeGreaterThanOrEqual(options.minimumRequest);
          expect(size).toBeLessThanOrEqual(options.maximumRequest);
          expect(Number.isInteger(size)).toBe(true);
        }
        expect(peakLiveBytes(trace)).toBeLessThanOrEqual(options.heapBytes * 0.6);
      }),
      { numRuns: 20 },
    );
  });

  it("comes near the limit", () => {
    // The searched-through holes are bounded by their number, not by the heap.
    const least = name === "holes" ? 0.1 : 0.5;
    expect(peakLiveBytes(generateWorkload(name, plain))).toBeGreaterThan(plain.heapBytes * least);
  });
});

describe("shapes", () => {
  it("mixed asks every function, grows and shrinks, and keeps the heap about 60 % full", () => {
    const trace = generateWorkload("mixed", plain);
    const kinds = new Set(trace.operations.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["aligned", "calloc", "free", "malloc", "realloc"]);
    const sizes = new Map<number, number>();
    const changes = { grown: 0, shrunk: 0 };
    for (const operation of trace.operations) {
      if (operation.kind === "free") continue;
      const before = sizes.get(operation.id) ?? operation.size;
      if (operation.size > before) changes.grown++;
      if (operation.size < before) changes.shrunk++;
      sizes.set(operation.id, operation.size);
    }
    expect(changes.grown).toBeGreaterThan(trace.operations.length / 10);
    expect(changes.shrunk).toBeGreaterThan(trace.operations.length / 20);
  });

  it("uniform draws 4 to 256 bytes at 32 KiB", () => {
    const sizes = sizesOf(generateWorkload("uniform", plain));
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([4, 256]);
  });

  it("bimodal draws four small sizes for a large one", () => {
    const sizes = sizesOf(generateWorkload("bimodal", { ...plain, heapBytes: 65536 }));
    expect(sizes.filter((size) => size >= 8 && size <= 64).length / sizes.length).toBeCloseTo(0.8, 1);
    expect(sizes.filter((size) => size > 64 && size < 128)).toEqual([]);
  });

  it("power-law halves in number when the size doubles", () => {
    const sizes = sizesOf(generateWorkload("power-law", { ...plain, heapBytes: 65536 }));
    const above = (bytes: number) => sizes.filter((size) => size >= bytes).length / sizes.length;
    expect(above(16)).toBeCloseTo(0.5, 1);
    expect(above(32)).toBeCloseTo(0.25, 1);
    expect(above(64)).toBeCloseTo(0.125, 1);
  });

  it("lifo frees the newest block, fifo the oldest of its size", () => {
    const stack: number[] = [];
    for (const operation of generateWorkload("lifo", plain).operations) {
      if (operation.kind === "free") expect(stack.pop()).toBe(operation.id);
      else stack.push(operation.id);
    }
    const queues = new Map<number, number[]>();
    const sizes = new Map<number, number>();
    for (const operation of generateWorkload("fifo", plain).operations) {
      if (operation.kind === "free") {
        expect(queues.get(sizes.get(operation.id) ?? 0)?.shift()).toBe(operation.id);
      } else {
        sizes.set(operation.id, operation.size);
        queues.set(operation.size, [...(queues.get(operation.size) ?? []), operation.id]);
      }
    }
    expect(queues.size).toBe(3);
  });

  it("holes asks for sizes larger than every hole", () => {
    const { operations } = generateWorkload("holes", { ...plain, operations: 700 });
    const [first] = operations;
    const small = first !== undefined && first.kind !== "free" ? first.size : 0;
    const large = operations.slice(500).flatMap((operation) => ("size" in operation ? [operation.size] : []));
    expect(
      operations.slice(0, 500).every((operation) => "size" in operation && operation.size === small),
    ).toBe(true);
    expect(large.filter((size) => size === small)).toEqual([]);
    expect(Math.min(...large)).toBeGreaterThan(small);
  });

  it("exhaustion asks for more than there is, for nothing, and for sizes that wrap", () => {
    for (const heapBytes of [256, 32768, 1 << 20]) {
      const maximumRequest = Math.floor(heapBytes * 0.8);
      const trace = generateWorkload("exhaustion", { ...plain, heapBytes, maximumRequest });
      const sizes = sizesOf(trace);
      expect(peakLiveBytes(trace, maximumRequest / 4)).toBeGreaterThan(heapBytes);
      expect(sizes).toContain(0);
      expect(sizes).toContain(maximumRequest);
      expect(sizes.some((size) => size > maximumRequest && size <= maximumRequest + 40)).toBe(true);
      expect(sizes.some((size) => size > 2 ** 32 - 8)).toBe(true);
      expect(Math.max(...sizes)).toBeLessThan(2 ** 32);
    }
  });
});

describe("seededRandom", () => {
  it("is sfc32: pinned, so that a seed in a report can always be replayed", () => {
    const random = seededRandom(1, "uniform");
    expect(Array.from({ length: 4 }, () => random.below(1000))).toMatchInlineSnapshot(`
      [
        23,
        165,
        565,
        568,
      ]
    `);
  });

  it("keeps to its ranges, evenly", () => {
    const random = seededRandom(7, "test");
    const counts = new Array<number>(8).fill(0);
    for (let draw = 0; draw < 8000; draw++) {
      const value = random.between(3, 10);
      counts[value - 3] = (counts[value - 3] ?? 0) + 1;
    }
    expect(counts).toHaveLength(8);
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });
});
