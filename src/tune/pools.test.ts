import { expect, test } from "vitest";
import type { Trace, TraceOperation } from "../traces/operation.js";
import { poolsOf } from "./pools.js";

const malloc = (id: number, size: number): TraceOperation => ({ kind: "malloc", id, size });
const traceOf = (operations: readonly TraceOperation[]): Trace => ({
  name: "made",
  header: new Map(),
  operations,
});
const free = (id: number): TraceOperation => ({ kind: "free", id });
const many = (count: number, from: number, size: number): TraceOperation[] =>
  Array.from({ length: count }, (_, index) => malloc(from + index, size));

test("pools are for the sizes of which many are live at the peak, not for what was live before or after", () => {
  const operations = [
    ...many(50, 0, 100),
    ...Array.from({ length: 50 }, (_, index) => free(index)),
    ...many(40, 100, 13),
    ...many(20, 200, 30),
    malloc(300, 9000),
    free(300),
    ...many(30, 400, 60),
  ];
  const pools = poolsOf([traceOf(operations)], 8);
  expect(pools.map(({ classes }) => classes)).toEqual([
    [{ blockBytes: 16, count: 36 }],
    [
      { blockBytes: 16, count: 36 },
      { blockBytes: 32, count: 18 },
    ],
    [{ blockBytes: 16, count: 30 }],
    [
      { blockBytes: 16, count: 30 },
      { blockBytes: 32, count: 15 },
    ],
  ]);
  expect(pools[0]?.bytes).toBe(36 * 16);
});

test("a class serves what is between it and the next smaller one, and few blocks are no class", () => {
  const operations = [...many(7, 0, 8), ...many(10, 100, 24), ...many(3, 200, 300)];
  expect(poolsOf([traceOf(operations)], 8).map(({ classes }) => classes)).toEqual([
    [{ blockBytes: 24, count: 15 }],
    [{ blockBytes: 24, count: 12 }],
  ]);
  expect(poolsOf([traceOf(many(5, 0, 8))], 8)).toEqual([]);
});

test("of several traces the mean counts", () => {
  const first = traceOf(many(40, 0, 16));
  const second = traceOf(many(20, 0, 16));
  expect(poolsOf([first, second], 8)[0]?.classes).toEqual([{ blockBytes: 16, count: 27 }]);
});
