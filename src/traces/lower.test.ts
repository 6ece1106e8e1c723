import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateWorkload } from "./generate.js";
import { lowerTrace, outcomeOfFree, type LoweringHeap } from "./lower.js";
import { OperationCode } from "./operation.js";
import { parseTrace } from "./read.js";

/** Serves while the live payload stays within a capacity, from addresses that never repeat; checks every free. */
class CountingHeap implements LoweringHeap {
  readonly live = new Map<number, number>();
  readonly calls: string[] = [];
  #next = 8;
  #bytes = 0;

  constructor(readonly capacity: number) {}

  malloc(size: number, operation: number): number {
    this.calls.push(`${operation}: malloc ${size}`);
    if (this.#bytes + size > this.capacity) return -1;
    const at = this.#next;
    this.#next += 8;
    this.#bytes += size;
    this.live.set(at, size);
    return at;
  }

  free(offset: number): void {
    this.calls.push(`free ${offset}`);
    if (offset === -1) return;
    const size = this.live.get(offset);
    if (size === undefined) throw new Error(`free of ${offset}, which is not live`);
    this.#bytes -= size;
    this.live.delete(offset);
  }
}

function lower(text: string, capacity = 1000) {
  const heap = new CountingHeap(capacity);
  const { operations, outcomes, origin } = lowerTrace(parseTrace(text, "t", "t"), heap);
  const shown = Array.from({ length: operations.length }, (_, index) => {
    const name = operations.kind[index] === OperationCode.malloc ? "malloc" : "free";
    return `${name} ${operations.argument[index] ?? ""}`;
  });
  return { shown, outcomes: [...outcomes], origin: [...origin], calls: heap.calls, heap };
}

describe("lowerTrace", () => {
  it("makes calloc and aligned allocations malloc", () => {
    expect(lower("a 0 1\nc 1 2\nm 2 8 3\nf 1\n")).toMatchObject({
      shown: ["malloc 1", "malloc 2", "malloc 3", "free 1"],
      outcomes: [8, 16, 24, outcomeOfFree],
      origin: [0, 1, 2, 3],
      calls: ["0: malloc 1", "1: malloc 2", "2: malloc 3", "free 16"],
    });
  });

  it("makes realloc malloc, then free of the old block", () => {
    expect(lower("a 0 10\nr 0 20\nf 0\n")).toMatchObject({
      shown: ["malloc 10", "malloc 20", "free 0", "free 1"],
      outcomes: [8, 16, -2, -2],
      origin: [0, 1, 1, 2],
      calls: ["0: malloc 10", "1: malloc 20", "free 8", "free 16"],
    });
  });

  it("keeps the old block where realloc's malloc fails", () => {
    expect(lower("a 0 600\nr 0 700\nf 0\n")).toMatchObject({
      shown: ["malloc 600", "malloc 700", "free 0"],
      outcomes: [8, -1, -2],
      origin: [0, 1, 2],
    });
  });

  it("frees a block whose request failed as NULL", () => {
    expect(lower("a 0 2000\nf 0\n")).toMatchObject({
      shown: ["malloc 2000", "free 0"],
      outcomes: [-1, -2],
      calls: ["0: malloc 2000", "free -1"],
    });
  });

  it("makes realloc of NULL malloc alone", () => {
    expect(lower("a 0 2000\nr 0 10\nf 0\n")).toMatchObject({
      shown: ["malloc 2000", "malloc 10", "free 1"],
      origin: [0, 1, 2],
    });
  });

  it("follows ids that are used again, and ids that are far apart", () => {
    expect(lower("a 0 1\nf 0\na 0 2\nf 0\n").shown).toEqual(["malloc 1", "free 0", "malloc 2", "free 2"]);
    expect(lower("a 4294967295 1\na 9 2\nf 4294967295\nf 9\n").shown).toEqual([
      "malloc 1",
      "malloc 2",
      "free 0",
      "free 1",
    ]);
  });

  it("frees every block once, whatever fails", () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: 100, max: 3000 }), (seed, capacity) => {
        const parameters = {
          seed,
          operations: 600,
          heapBytes: 2048,
          maximumRequest: 1900,
          minimumRequest: 1,
        };
        const trace = generateWorkload("exhaustion", parameters);
        const heap = new CountingHeap(capacity);
        const { operations, outcomes, origin } = lowerTrace(trace, heap);
        expect(operations.length).toBe(600);
        expect([outcomes.length, origin.length, operations.kind.length]).toEqual([600, 600, 600]);
        const freed = new Set<number>();
        operations.kind.forEach((code, index) => {
          if (code !== OperationCode.free) return;
          const allocatedBy = operations.argument[index] ?? -1;
          expect(allocatedBy).toBeLessThan(index);
          expect(operations.kind[allocatedBy]).toBe(OperationCode.malloc);
          expect(freed.has(allocatedBy)).toBe(false);
          freed.add(allocatedBy);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("looks at each operation as often in a long trace as in a short one", () => {
    const looks = (operations: number): number => {
      const parameters = { seed: 1, operations, heapBytes: 65536, maximumRequest: 60000, minimumRequest: 1 };
      const trace = generateWorkload("uniform", parameters);
      let count = 0;
      const counted = new Proxy(trace.operations, {
        get(array, key, receiver) {
          if (typeof key === "string" && /^\d+$/.test(key)) count++;
          return Reflect.get(array, key, receiver) as unknown;
        },
      });
      let next = 0;
      lowerTrace({ ...trace, operations: counted }, { malloc: () => (next += 8), free: () => undefined });
      return count / operations;
    };
    expect(looks(2000)).toBeLessThanOrEqual(3);
    expect(looks(8000)).toBe(looks(2000));
  });
});
