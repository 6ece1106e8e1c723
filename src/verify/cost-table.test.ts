import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { PathTrail } from "../reference/path-trail.js";
import type { Path } from "../reference/path.js";
import { CostTable } from "./cost-table.js";

/** Iterations in their order: [kind, count]. */
type Run = readonly (readonly [number, number])[];

/** A path with these runs of loops, a choice behind each. */
function path(key: number, ...runs: readonly Run[]): Path {
  const trail = new PathTrail();
  trail.begin(key);
  for (const run of runs) {
    for (const [kind, count] of run) trail.iterations(kind, count);
    trail.choice(0);
  }
  return trail.path();
}

const plain = (key: number, count: number) => path(key, [[0, count]]);

/** Lengths enough for a rule to be trusted, from 2 on. */
const lengths = Array.from({ length: 40 }, (_, index) => index + 2);

function taught(cost: (count: number) => number, counts: readonly number[] = lengths): CostTable {
  const table = new CostTable();
  for (const count of counts) table.learn(plain(1, count), cost(count));
  return table;
}

describe("CostTable", () => {
  it("knows nothing before it has learnt", () => {
    expect(new CostTable().predict(path(1))).toBeUndefined();
  });

  it("predicts from one measurement what goes the same way", () => {
    const table = new CostTable();
    table.learn(path(1), 70);
    table.learn(plain(1, 3), 90);
    expect(table.predict(path(1))).toBe(70);
    expect(table.predict(plain(1, 3))).toBe(90);
    expect(table.predict(path(2))).toBeUndefined();
  });

  it("predicts other counts of iterations once it was right often enough", () => {
    const cost = (count: number) => 50 + 7 * count;
    expect(taught(cost, [2, 3, 4]).predict(plain(1, 100))).toBeUndefined();
    expect(taught(cost).predict(plain(1, 100))).toBe(750);
  });

  it("does not take a first iteration for one of many", () => {
    expect(taught((count) => 50 + 7 * count).predict(plain(1, 1))).toBeUndefined();
  });

  it("uses what an iteration costs on one path for another", () => {
    const table = taught((count) => 50 + 7 * count);
    table.learn(plain(2, 4), 100);
    expect(table.predict(plain(2, 9))).toBe(135);
  });

  it("finds the period of an unrolled loop", () => {
    const cost = (count: number) => 50 + 20 * Math.floor(count / 4) + ([0, 9, 15, 22][count % 4] ?? 0);
    const many = Array.from({ length: 120 }, (_, index) => index + 2);
    const table = taught(cost, many);
    expect([200, 201, 202, 203].map((count) => table.predict(plain(1, count)))).toEqual(
      [200, 201, 202, 203].map(cost),
    );
  });

  it("predicts no short run whose length was not measured: a compiler may have peeled it", () => {
    const counts = [...lengths.filter((count) => count !== 7)];
    expect(taught((count) => 50 + 7 * count, counts).predict(plain(1, 7))).toBeUndefined();
  });

  it("tells apart iterations by the one before", () => {
    const table = new CostTable();
    const cost = (run: Run) =>
      run.reduce((sum, [kind, count], at) => sum + count * (4 + kind) + (at > 0 && kind === 1 ? 3 : 0), 60);
    const runs = lengths.flatMap((count): Run[] => [
      [
        [0, count],
        [1, 5],
        [0, 2],
      ],
      [
        [0, 2],
        [1, count],
        [0, 3],
        [1, 2],
        [0, 1],
      ],
    ]);
    for (const run of runs) table.learn(path(1, run), cost(run));
    const other: Run = [
      [0, 50],
      [1, 8],
      [0, 9],
      [1, 1],
      [0, 4],
      [1, 2],
      [0, 1],
    ];
    expect(table.predict(path(1, other))).toBe(cost(other));
  });

  it("predicts nothing it has not measured where a cost follows no rule", () => {
    expect(taught((count) => 50 + ((count * count * 7919) % 101)).predict(plain(1, 500))).toBeUndefined();
  });

  it("predicts nothing of a function once one way had two costs", () => {
    const table = taught((count) => 50 + 7 * count);
    table.learn(path(2), 70);
    expect(table.predict(path(2))).toBe(70);
    table.learn(path(2), 71);
    expect(table.predict(path(2))).toBeUndefined();
    expect(table.predict(plain(1, 100))).toBeUndefined();
  });

  it("predicts no short run that the rule was not right about, though paths have it", () => {
    // The way out after seven iterations costs otherwise: the paths that have it tell of the other loop alone.
    const cost = (first: number, second: number) => 50 + 9 * first - (first === 7 ? 2 : 0) + 7 * second;
    const way = (first: number, second: number) => path(second === 1 ? 2 : 1, [[0, first]], [[1, second]]);
    const table = new CostTable();
    table.learn(way(7, 1), cost(7, 1));
    for (const count of lengths.filter((each) => each !== 7)) table.learn(way(count, 3), cost(count, 3));
    expect(table.predict(way(7, 3))).toBeUndefined();
    expect(table.predict(way(100, 3))).toBe(cost(100, 3));
  });

  it("relies on no rule for a loop it was not tried on", () => {
    const table = new CostTable();
    // The first loop is unrolled; the second is as the rule says, and most of what was measured goes round it alone.
    const cost = (first: number, second: number) => 50 + 9 * first - 2 * Math.floor(first / 8) + 7 * second;
    const way = (first: number, second: number) => path(1, [[0, first]], [[1, second]]);
    for (const second of lengths) table.learn(way(3, second), cost(3, second));
    table.learn(way(5, 4), cost(5, 4));
    table.learn(path(2, [[0, 9]]), 99);
    expect(table.predict(way(9, 2))).toBeUndefined();
    expect(table.predict(way(3, 100))).toBe(cost(3, 100));
  });

  it("never predicts a sweep", () => {
    const table = new CostTable();
    const pass: Path = { ...path(1), coalescingPass: true };
    table.learn(pass, 70);
    expect(table.predict(pass)).toBeUndefined();
  });

  it("predicts exactly whatever is linear in its counts, or says that it cannot", () => {
    const count = fc.integer({ min: 2, max: 3000 });
    const counts = fc.tuple(count, count, count);
    const weights = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 60 })));
    fc.assert(
      fc.property(weights, fc.array(counts, { minLength: 60, maxLength: 60 }), (weight, operations) => {
        const table = new CostTable();
        const cost = (loops: readonly number[]) =>
          40 + loops.reduce((sum, loop, index) => sum + loop * (weight[index] ?? 0), 0);
        let learnt = 0;
        for (const loops of operations) {
          const way = path(7, ...loops.map((each, kind): Run => [[kind, each]]));
          const predicted = table.predict(way);
          if (predicted === undefined) {
            table.learn(way, cost(loops));
            learnt++;
          } else expect(predicted).toBe(cost(loops));
        }
        expect(learnt).toBeLessThan(60);
      }),
    );
  });
});
