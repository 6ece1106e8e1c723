import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { Path } from "../reference/reference-heap.js";
import { CostTable } from "./cost-table.js";

const path = (key: number, ...loops: number[]): Path => ({ key, loops, group: 0, coalescingPass: false });

describe("CostTable", () => {
  it("knows nothing before it has learnt", () => {
    expect(new CostTable().predict(path(1))).toBeUndefined();
  });

  it("predicts a path without loops from one measurement", () => {
    const table = new CostTable();
    table.learn(path(1), 70);
    expect(table.predict(path(1))).toBe(70);
    expect(table.predict(path(2))).toBeUndefined();
  });

  it("needs a second count of iterations before it predicts a third", () => {
    const table = new CostTable();
    table.learn(path(1, 3), 70);
    expect(table.predict(path(1, 5))).toBeUndefined();
    table.learn(path(1, 5), 84);
    expect(table.predict(path(1, 10))).toBe(119);
  });

  it("does not take a first or second iteration for one of many", () => {
    const table = new CostTable();
    table.learn(path(1, 3), 70);
    table.learn(path(1, 5), 84);
    expect([0, 1].map((count) => table.predict(path(1, count)))).toEqual([undefined, undefined]);
    expect(table.predict(path(1, 2))).toBe(63);
  });

  it("uses what an iteration costs on one path for another", () => {
    const table = new CostTable();
    table.learn(path(1, 3), 70);
    table.learn(path(1, 5), 84);
    table.learn(path(2, 4), 100);
    expect(table.predict(path(2, 9))).toBe(135);
  });

  it("never predicts a sweep", () => {
    const table = new CostTable();
    const pass: Path = { key: 1, loops: [], group: 0, coalescingPass: true };
    table.learn(pass, 70);
    expect(table.predict(pass)).toBeUndefined();
  });

  it("predicts exactly whatever is linear in its counts, or says that it cannot", () => {
    const count = fc.integer({ min: 2, max: 3000 });
    const counts = fc.tuple(count, count, count);
    const weights = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 60 })));
    fc.assert(
      fc.property(weights, fc.array(counts, { minLength: 1, maxLength: 30 }), (weight, operations) => {
        const table = new CostTable();
        const cost = (loops: readonly number[]) =>
          40 + loops.reduce((sum, loop, index) => sum + loop * (weight[index] ?? 0), 0);
        let learnt = 0;
        for (const loops of operations) {
          const predicted = table.predict(path(7, ...loops));
          if (predicted === undefined) {
            table.learn(path(7, ...loops), cost(loops));
            learnt++;
          } else expect(predicted).toBe(cost(loops));
        }
        expect(learnt).toBeLessThanOrEqual(4);
      }),
    );
  });
});
