import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGaps, RunList, type Run } from "./runs.js";

const granules = 60;

/** Runs of equal granules. */
function runsOf(used: readonly boolean[], wanted: boolean): readonly Run[] {
  const runs: Run[] = [];
  for (const [granule, is] of used.entries()) {
    if (is !== wanted) continue;
    const last = runs.at(-1);
    if (last?.last === granule - 1) runs[runs.length - 1] = { first: last.first, last: granule };
    else runs.push({ first: granule, last: granule });
  }
  return runs;
}

describe("a list of runs", () => {
  it("keeps gaps as they are after blocks came and went, and finds the lowest that is long enough", () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(20), fc.integer({ min: 1, max: 9 })));
    fc.assert(
      fc.property(steps, (operations) => {
        const gaps = new RunList();
        gaps.add({ first: 0, last: granules - 1 });
        const blocks = new RunList();
        const used = Array.from({ length: granules }, () => false);
        for (const [asks, which, length] of operations) {
          const free = runsOf(used, false);
          const fitting = free.find(({ first, last }) => last - first + 1 >= length);
          expect(gaps.firstOfLength(length)).toEqual(fitting);
          expect(gaps.longest()).toBe(Math.max(0, ...free.map(({ first, last }) => last - first + 1)));
          if (asks && fitting !== undefined) {
            const block = { first: fitting.first, last: fitting.first + length - 1 };
            blocks.add(block);
            used.fill(true, block.first, block.last + 1);
            const gap = gaps.take(gaps.around(block.first));
            if (gap.last > block.last) gaps.add({ first: block.last + 1, last: gap.last });
          } else if (!asks && blocks.all.length > 0) {
            const block = blocks.take(which % blocks.all.length);
            used.fill(false, block.first, block.last + 1);
            gaps.addMerged(block);
          }
          expect(gaps.all).toEqual(runsOf(used, false));
          checkGaps(granules, blocks.all, gaps.all);
        }
      }),
    );
  });

  it("is refused where it is not what lies between the blocks", () => {
    const blocks = [{ first: 3, last: 5 }];
    const right = [
      { first: 0, last: 2 },
      { first: 6, last: 9 },
    ];
    expect(() => checkGaps(10, blocks, right)).not.toThrow();
    expect(() => checkGaps(10, blocks, right.slice(1))).toThrow("from 0 on are not kept as such");
    expect(() => checkGaps(10, blocks, right.slice(0, 1))).toThrow("from 6 on are not kept as such");
    expect(() => checkGaps(10, blocks, [...right, { first: 9, last: 9 }])).toThrow("are kept as free");
    expect(() => new RunList().take(-1)).toThrow("there is no run -1");
  });
});
