/** The committed figures of the bench: page and picture are what the data say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { AllocatorFigures, FieldResults } from "../bench/field-data.js";
import { robustShare, singleShare } from "../bench/field-figures.js";
import { fieldText } from "../bench/field-text.js";
import { frontierPicture } from "../bench/frontier.js";
import { packageFolder } from "../src/package-folder.js";

const read = (name: string): string => readFileSync(join(packageFolder(), "bench", name), "utf8");
const results = JSON.parse(read("results.json")) as FieldResults;

it("is made from the measured data (run: npm run bench)", () => {
  expect(read("results.md")).toBe(fieldText(results));
  expect(read("frontier.svg")).toBe(frontierPicture(results));
});

it("draws each allocator that serves every trace, and none twice", () => {
  const names = [...frontierPicture(results).matchAll(/Name"[^>]*>([^<]*)</g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(0);
  expect(new Set(names).size).toBe(names.length);
  const served = results.allocators.filter((one) => robustShare(results, one, "edge") !== undefined);
  expect(names.toSorted()).toEqual(served.map(({ name }) => name).toSorted());
});

/** An allocator of two traces: its least RAM, and the mean over copies. */
function figures(name: string, generated: boolean, ram: readonly (number | null)[]): AllocatorFigures {
  const traces = ["one", "two"];
  return {
    ...{ name, generated, alignmentBytes: 8, controlBytes: 0, strideBytes: {}, builds: [] },
    leastHeaps: traces.map((trace, index) => {
      const bytes = ram[index] ?? null;
      return { trace, of: "", least: bytes === null ? null : { heapBytes: bytes, ramBytes: bytes } };
    }),
    robust: traces.map((trace, index) => {
      const bytes = ram[index] ?? null;
      return { trace, of: "", edge: bytes, steady: bytes === null ? null : 2 * bytes };
    }),
  };
}

it("holds memory against the best peer of each trace", () => {
  const own = figures("own", true, [80, 225]);
  const partly = figures("partly", true, [80, null]);
  const allocators = [own, partly, figures("first", false, [100, 400]), figures("second", false, [160, 100])];
  const traces = ["one", "two"].map((name) => ({ name, operations: 1, peakBytes: 1 }));
  const field: FieldResults = { ...results, traces, allocators };
  // The geometric mean of 0.8 and 2.25.
  expect(singleShare(field, own)).toBeCloseTo(Math.sqrt(1.8), 10);
  expect(robustShare(field, own, "edge")).toBeCloseTo(Math.sqrt(1.8), 10);
  expect(robustShare(field, own, "steady")).toBeCloseTo(Math.sqrt(1.8), 10);
  expect(robustShare(field, partly, "edge")).toBeUndefined();
});
