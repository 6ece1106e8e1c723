import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastEdge, leastSize } from "./least.js";

const question = { from: 8, to: 4096, step: 8, window: 256 };

/** The answer by trying every size from the smallest on. */
function bruteForce(failing: ReadonlySet<number>, { from, to, step, window }: typeof question) {
  const start = Math.ceil(from / step) * step;
  for (let size = start; size <= to; size += step) {
    const above: number[] = [];
    for (let other = size; other <= Math.min(size + window, to); other += step) above.push(other);
    if (above.every((other) => !failing.has(other))) return size;
  }
  return undefined;
}

describe("the least size", () => {
  it("is the edge where sizes work from some size on", async () => {
    for (const edge of [1, 8, 9, 1000, 4089, 4096]) {
      const least = await leastSize({ ...question, works: (size) => size >= edge });
      expect(least, `edge ${edge}`).toBe(Math.ceil(edge / 8) * 8);
    }
  });

  it("is found with a guess that is right in two tries, and with one that is wrong all the same", async () => {
    for (const guess of [800, 0, 792, 808, 801, 9000]) {
      const tried: number[] = [];
      const works = (size: number): boolean => {
        tried.push(size);
        return size >= 800;
      };
      expect(await leastSize({ ...question, window: 0, guess, works }), `guess ${guess}`).toBe(800);
      if (guess === 800) expect(tried).toEqual([800, 792]);
    }
  });

  it("is found from about where it is thought to be in fewer tries, and from anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4096 }),
        fc.integer({ min: 0, max: 9000 }),
        async (edge, near) => {
          const works = (size: number): boolean => size >= edge;
          const expected = Math.ceil(edge / 8) * 8;
          expect(await leastSize({ ...question, window: 0, near, works })).toBe(expected);
        },
      ),
    );
    const triesFrom = async (near?: number): Promise<number> => {
      let tries = 0;
      const works = (size: number): boolean => {
        tries++;
        return size >= 60_000;
      };
      const wide = { ...question, from: 50_000, to: 1 << 20, window: 0, works };
      expect(await leastSize(near === undefined ? wide : { ...wide, near })).toBe(60_000);
      return tries;
    };
    expect(await triesFrom(60_100)).toBeLessThanOrEqual(8);
    expect(await triesFrom()).toBeGreaterThan(11);
    expect(await leastSize({ ...question, near: 800, works: () => false })).toBeUndefined();
  });

  it("is an edge with a steady size above it where larger sizes fail", async () => {
    const works = (size: number) => size >= 800 && size !== 928;
    const answer = await leastEdge({ ...question, windowStep: 64, works });
    expect(answer).toEqual({ size: 800, steadyFrom: 936 });
    // A failure between the sizes that are tried is not seen.
    expect(await leastEdge({ ...question, windowStep: 48, works })).toEqual({ size: 800 });
    expect(await leastEdge({ ...question, works: (size) => size === 800 })).toBeUndefined();
    expect(await leastEdge({ ...question, works: (size) => size >= 800 })).toEqual({ size: 800 });
    expect(await leastEdge({ ...question, works: () => false })).toBeUndefined();
  });

  it("is unknown where no size works", async () => {
    expect(await leastSize({ ...question, works: () => false })).toBeUndefined();
    expect(await leastSize({ ...question, from: 5000, works: () => true })).toBeUndefined();
  });

  it("has an edge below it and nothing but success in the window above, whatever fails", async () => {
    const sizes = fc.array(
      fc.integer({ min: 1, max: 512 }).map((units) => units * 8),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 0, max: 2000 }), async (lucky, edge) => {
        const failing = new Set(lucky);
        const works = (size: number) => size >= edge && !failing.has(size);
        const least = await leastSize({ ...question, works });
        if (least === undefined) {
          expect(works(4096)).toBe(false);
          return;
        }
        for (let size = least; size <= Math.min(least + 256, 4096); size += 8) expect(works(size)).toBe(true);
        expect(least === 8 || !works(least - 8)).toBe(true);
      }),
    );
  });

  it("is what brute force finds where failures lie within a window of each other", async () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(gaps, fc.integer({ min: 8, max: 1500 }), async (steps, edge) => {
        const failing = new Set<number>();
        let at = Math.ceil(edge / 8) * 8;
        for (const step of steps) failing.add((at += step * 8));
        const below = [...Array(Math.ceil(edge / 8)).keys()].map((index) => (index + 1) * 8);
        const all = new Set([...below.filter((size) => size < edge), ...failing]);
        const least = await leastSize({ ...question, works: (size) => !all.has(size) });
        expect(least).toBe(bruteForce(all, question));
      }),
    );
  });

  it("tries every size of the window, or those that are asked for", async () => {
    const triedAbove = async (windowStep?: number): Promise<readonly number[]> => {
      const tried: number[] = [];
      const works = (size: number): boolean => {
        tried.push(size);
        return size >= 800;
      };
      const given = windowStep === undefined ? question : { ...question, windowStep };
      expect(await leastSize({ ...given, works })).toBe(800);
      const edge = Math.max(tried.lastIndexOf(792), tried.lastIndexOf(800));
      return tried.slice(edge + 1);
    };
    expect(await triedAbove(64)).toEqual([864, 928, 992, 1056]);
    expect(await triedAbove()).toEqual([...Array(32).keys()].map((index) => 808 + 8 * index));
  });
});
