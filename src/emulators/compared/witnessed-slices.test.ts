import { describe, expect, it } from "vitest";
import { WitnessedSlices } from "./witnessed-slices.js";

const slice = (...paths: readonly number[]): Uint32Array => Uint32Array.from(paths);

/** Numbers of the slices taken of so many, each of which goes the ways it is given. */
const taken = (seed: number, count: number, paths: (index: number) => Uint32Array): readonly number[] => {
  const slices = new WitnessedSlices(seed);
  return Array.from({ length: count }, (_, index) => index).filter((index) => slices.takes(paths(index)));
};

describe("the slices that a witness replays", () => {
  it("have every path, at its first operation, in whatever slice it is", () => {
    for (let seed = 0; seed < 20; seed++) {
      const first = [0, 9, 17, 18, 99];
      const numbers = taken(seed, 100, (index) => slice(7, first.includes(index) ? 100 + index : 7, 7));
      expect(numbers).toEqual(expect.arrayContaining(first));
    }
  });

  it("are beside these a share that the seed draws", () => {
    const drawn = (seed: number) => taken(seed, 4000, () => slice(1));
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
    for (let seed = 0; seed < 5; seed++) {
      expect(drawn(seed).length).toBeGreaterThan(190);
      expect(drawn(seed).length).toBeLessThan(310);
    }
  });

  it("are drawn alike whatever paths there are", () => {
    const drawn = taken(3, 200, () => slice(1));
    expect(taken(3, 200, (index) => slice(index % 2))).toEqual(expect.arrayContaining([...drawn]));
  });
});
