import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dominates, objectives, paretoFront, type Figures } from "./front.js";

const figures = fc.record({
  ram: fc.integer({ min: 1000, max: 2000 }),
  worst: fc.oneof(fc.integer({ min: 50, max: 200 }), fc.constant(Infinity)),
  mean: fc.integer({ min: 30, max: 90 }),
  flash: fc.integer({ min: 300, max: 1200 }),
});
const same = (item: Figures): Figures => item;

describe("the Pareto front", () => {
  it("leaves out what another beats, as far as differences count", () => {
    const good = { ram: 1000, worst: 100, mean: 50, flash: 500 };
    const beaten = { ...good, ram: 1050 };
    const tied = { ...good, ram: 995, mean: 60 };
    const faster = { ...good, ram: 1100, mean: 40 };
    expect(dominates(good, beaten)).toBe(true);
    expect(dominates(good, good)).toBe(false);
    expect(dominates(good, tied)).toBe(true);
    expect(dominates(good, faster)).toBe(false);
    expect(paretoFront([beaten, faster, good, tied], same, 10, "ram")).toEqual([good, faster]);
    expect(paretoFront([beaten, faster, good, tied], same, 10, "mean")).toEqual([faster, good]);
    expect(paretoFront([], same, 10, "ram")).toEqual([]);
  });

  it("has the best of each objective, in order, and no more rows than are asked for", () => {
    fc.assert(
      fc.property(
        fc.array(figures, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 4, max: 12 }),
        fc.constantFrom(...objectives),
        (items, most, minimise) => {
          const front = paretoFront(items, same, most, minimise);
          expect(front.length).toBeGreaterThan(0);
          expect(front.length).toBeLessThanOrEqual(most);
          const order = front.map((item) => item[minimise]);
          expect(order).toEqual(order.toSorted((left, right) => left - right));
          for (const item of front) {
            expect(items.some((other) => dominates(other, item))).toBe(false);
          }
          for (const name of objectives) {
            const least = Math.min(...items.map((item) => item[name]));
            const found = Math.min(...front.map((item) => item[name]));
            expect(found === least || found <= least * 1.03).toBe(true);
          }
        },
      ),
    );
  });
});
