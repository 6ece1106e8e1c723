import { describe, expect, it, vi } from "vitest";
import type { RunResult } from "../pipeline.js";
import { boundLines, excesses, reportBounds } from "./bounds.js";
import { makeReport } from "./report.js";
import { exampleResult, noBounds } from "./run.fixture.js";
import { printText } from "./text.js";

vi.mock("../plan/draw.js", () => ({ drawMemoryMap: () => "" }));

const terms = [{ each: "listed block", most: 2047, cycles: 14 }];

const proven = {
  init: noBounds,
  malloc: {
    cycles: { cycles: 28751, formula: { base: 93, terms } },
    stack: { bytes: 48 },
  },
  free: { cycles: { cycles: 75, formula: { base: 75, terms: [] } }, stack: { bytes: 32 } },
};

const result = (change: Partial<RunResult["bounds"]["observed"]> = {}): RunResult => {
  const run = exampleResult();
  return { ...run, bounds: { proven, observed: { ...run.bounds.observed, ...change }, uncalled: {} } };
};

describe("bounds in the report", () => {
  it("stand beside the worst call, with the formula where the heap's state counts", () => {
    expect(reportBounds(result().bounds)).toEqual({
      malloc: {
        cycles: 28751,
        observed: 101,
        stackBytes: 48,
        formula: "93 + 14 a listed block (at most 2,047)",
      },
      free: { cycles: 75, observed: 71, stackBytes: 32 },
    });
  });

  it("are left out where there are none, and the text says why", () => {
    const run = exampleResult();
    expect(reportBounds(run.bounds)).toEqual({});
    expect(boundLines(run).notes).toEqual([
      "malloc: how often the loop at 0x140 runs is not known",
      "free: how often the loop at 0x140 runs is not known",
    ]);
  });

  it("are drawn as a table", () => {
    expect(boundLines(result()).table).toEqual([
      "        cycles  seen    ratio  stack  seen",
      "malloc  28,751   101  284.663     48    48",
      "free        75    71    1.056     32    32",
    ]);
  });

  it("are told of functions that no operation calls, which nothing was seen of", () => {
    const run = result();
    const uncalled = { usable_size: proven.free, walk: noBounds };
    const told = { ...run, bounds: { ...run.bounds, uncalled } };
    expect(reportBounds(told.bounds)["usable_size"]).toEqual({ cycles: 75, observed: 0, stackBytes: 32 });
    expect(reportBounds(told.bounds)["walk"]).toBeUndefined();
    expect(boundLines(told).table.slice(3)).toEqual([
      "usable_size      75     -              32     -",
      "walk           none     -            none     -",
    ]);
    expect(boundLines(told).notes).toContain("walk: how often the loop at 0x140 runs is not known");
    expect(excesses(told)).toEqual([]);
  });

  it("fail the run when a call exceeds one", () => {
    expect(makeReport(result(), { cycles: {} }).ok).toBe(true);
    const over = result({ free: { cycles: 76, stackBytes: 36, maskedCycles: 0 } });
    expect(excesses(over)).toEqual([
      "free took 76 cycles, above its bound of 75",
      "free used 36 bytes of stack, above its bound of 32",
    ]);
    const report = makeReport(over, { cycles: {} });
    expect(report.ok).toBe(false);
    expect(printText(over, report, { colors: false }).replaceAll("\n", " ")).toContain(
      "FAILED: free took 76 cycles, above its bound of 75; free used 36 bytes of stack",
    );
  });

  it("are held against the budget", () => {
    const budgets = { cycles: { free: { bound: 74 } } };
    const report = makeReport(result(), budgets);
    expect(report.budgets).toEqual([{ what: "free bound cycles", limit: 74, actual: 75, ok: false }]);
    expect(report.ok).toBe(false);
  });
});
