import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { segregated, testConfig } from "../../emulator-tests/support/configs.js";
import { packageFolder } from "../package-folder.js";
import { loadTarget } from "../targets/load.js";
import type { Trace } from "../traces/operation.js";
import { peakBytes } from "../traces/peak.js";
import { perturbedCopies } from "../traces/perturb/perturb.js";
import { readTrace } from "../traces/read.js";
import { confidentSize, quantileOf } from "./confidence.js";
import { heapToSize, Sizing } from "./sizing.js";

const target = loadTarget("cortex-m4");
const config = testConfig({ policy: segregated() });
const recorded = readTrace(join(packageFolder(), "examples/traces/libpng.trace.gz"));
/** The beginning, which takes less long. */
const trace: Trace = { ...recorded, operations: recorded.operations.slice(0, 1500) };

describe("a quantile", () => {
  it("is the least value that a share of the values does not exceed", () => {
    expect([0, 0.2, 0.21, 0.5, 0.95, 1].map((share) => quantileOf([1, 2, 3, 4, 5], share))).toEqual([
      1, 1, 2, 3, 5, 5,
    ]);
    expect(quantileOf([1, Infinity], 0.95)).toBe(Infinity);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 100 }),
        (values, percent) => {
          const rising = values.toSorted((left, right) => left - right);
          const found = quantileOf(rising, percent / 100);
          const within = rising.filter((value) => value <= found).length;
          const below = rising.filter((value) => value < found).length;
          expect(100 * within).toBeGreaterThanOrEqual(percent * rising.length);
          expect(below === 0 || 100 * below < percent * rising.length).toBe(true);
        },
      ),
    );
  });
});

describe("a heap size with confidence", () => {
  const question = { copies: 12, confidence: 0.75, seed: 5 };

  it("is the quantile of fragmentation times the largest peak, each told for itself", async () => {
    const size = await confidentSize(heapToSize(config, target, false), trace, question);
    const copies = perturbedCopies(trace, 12, 5);
    expect(size.peakBytes).toBe(Math.max(...[trace, ...copies].map((copy) => peakBytes(copy))));
    const ratios: number[] = [];
    let last: number | undefined;
    for (const copy of copies) {
      ratios.push(
        ((await new Sizing(heapToSize(config, target, false), copy).about(last)) ?? 0) / peakBytes(copy),
      );
      last = ratios.at(-1);
    }
    ratios.sort((left, right) => left - right);
    expect(size.fragmentation).toEqual({ median: ratios[5], quantile: ratios[8], worst: ratios[11] });
    expect(size.heapBytes).toBe(Math.ceil(Math.ceil((ratios[8] ?? 0) * size.peakBytes) / 8) * 8);
    const others = perturbedCopies(trace, 12, 17);
    const isServed = (copy: Trace): boolean =>
      new Sizing(heapToSize(config, target, false), copy).serves(size.heapBytes ?? 0);
    expect(size.served).toBe(others.filter(isServed).length);
    expect(size.served).toBeGreaterThanOrEqual(9);
  });

  it("grows with the confidence, and is unknown where no heap serves", async () => {
    const surely = await confidentSize(heapToSize(config, target, false), trace, {
      ...question,
      confidence: 1,
    });
    const often = await confidentSize(heapToSize(config, target, false), trace, question);
    expect(surely.heapBytes).toBeGreaterThanOrEqual(often.heapBytes ?? Infinity);
    expect(surely.fragmentation.quantile).toBe(surely.fragmentation.worst);
    const huge: Trace = { ...trace, operations: [{ kind: "malloc", id: 0, size: 8 << 20 }] };
    const none = await confidentSize(heapToSize(config, target, false), huge, { ...question, copies: 2 });
    expect(none.heapBytes).toBeUndefined();
    expect(none.served).toBe(0);
  });
});
