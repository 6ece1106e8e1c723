import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { PathTrail } from "./path-trail.js";

type Event = { readonly choice: number } | { readonly kind: number; readonly count: number };

function pathOf(events: readonly Event[]) {
  const trail = new PathTrail();
  trail.begin(1);
  for (const event of events) {
    if ("choice" in event) trail.choice(event.choice);
    else trail.iterations(event.kind, event.count);
  }
  return trail.path();
}

const choice = (way: number): Event => ({ choice: way });
const loop = (kind: number, count: number): Event => ({ kind, count });

describe("PathTrail", () => {
  it("tells apart choices whatever their number and ways", () => {
    const ways = fc.array(fc.integer({ min: 0, max: 31 }), { maxLength: 40 });
    fc.assert(
      fc.property(ways, ways, (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(pathOf(left.map(choice)).key === pathOf(right.map(choice)).key).toBe(same);
      }),
    );
  });

  it("counts iterations by kind, and tells their orders apart", () => {
    const [one, other] = [
      pathOf([loop(0, 2), loop(1, 1), loop(0, 3)]),
      pathOf([loop(0, 4), loop(1, 1), loop(0, 1)]),
    ];
    expect([one.loops, other.loops]).toEqual([
      [5, 1],
      [5, 1],
    ]);
    expect(one.key).toBe(other.key);
    expect(one.order).not.toBe(other.order);
  });

  it("takes iterations noted one by one for the same as all at once", () => {
    expect(pathOf([loop(3, 1), loop(3, 1), loop(3, 2)])).toEqual(pathOf([loop(3, 4)]));
  });

  it("tells apart one run from two with a choice between", () => {
    const paths = [
      pathOf([choice(1), loop(0, 2), loop(0, 2)]),
      pathOf([loop(0, 2), choice(1), loop(0, 2)]),
      pathOf([loop(0, 4), choice(1)]),
    ];
    expect(new Set(paths.map(({ order }) => order)).size).toBe(3);
    expect(new Set(paths.map(({ key }) => key)).size).toBe(1);
  });

  it("has no order without loops", () => {
    expect(pathOf([choice(1), loop(0, 0)]).order).toBe(0);
  });

  it("counts the steps from one kind to another", () => {
    const { steps } = pathOf([loop(0, 3), loop(1, 2), loop(0, 1)]);
    const step = (from: number, to: number) => steps.get(32 * from + to);
    expect([step(31, 0), step(0, 0), step(0, 1), step(1, 1), step(1, 0)]).toEqual([1, 2, 1, 1, 1]);
  });
});
