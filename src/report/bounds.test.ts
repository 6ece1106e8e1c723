import { describe, expect, it, vi } from "vitest";
import type { RunResult } from "../pipeline.js";
import { excesses } from "./formats/text-bounds.js";
import { text } from "./formats/text.js";
import { reportHeap } from "./make-report.js";
import { exampleReport, exampleResult, noBounds } from "./run.fixture.js";

vi.mock("../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

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

const textOf = (run: RunResult): string => text.print(exampleReport(run));

describe("bounds in the report", () => {
  it("stand beside the worst call, with the formula where the heap's state counts", () => {
    expect(reportHeap(result()).bounds).toEqual({
      malloc: {
        cycles: 28751,
        observed: 101,
        stackBytes: 48,
        formula: "93 + 14 per listed block (at most 2,047)",
      },
      free: { cycles: 75, observed: 71, stackBytes: 32 },
    });
  });

  it("are left out where there are none, and the reasons stand among the proofs and in the text", () => {
    const { bounds, proofs } = reportHeap(exampleResult());
    const unproven = "the number of iterations of the loop at 0x140 is not known";
    expect(bounds).toEqual({});
    expect(proofs).toEqual([
      {
        function: "malloc",
        cycles: { unproven, observed: 101 },
        stackBytes: { unproven, observed: 48 },
      },
      { function: "free", cycles: { unproven, observed: 71 }, stackBytes: { unproven, observed: 32 } },
    ]);
    expect(textOf(exampleResult())).toContain(`\nmalloc: ${unproven}\nfree: ${unproven}\n\n`);
  });

  it("are drawn as a table", () => {
    expect(textOf(result())).toContain(
      [
        "        cycles  seen    ratio  stack  seen",
        "malloc  28,751   101  284.663     48    48",
        "free        75    71    1.056     32    32",
        "malloc: 93 + 14 per listed block (at most 2,047)",
      ].join("\n"),
    );
  });

  it("are told of functions that no operation calls, which nothing was seen of", () => {
    const run = result();
    const uncalled = { usable_size: proven.free, walk: noBounds };
    const told = { ...run, bounds: { ...run.bounds, uncalled } };
    const { bounds, proofs } = reportHeap(told);
    expect(bounds["usable_size"]).toEqual({ cycles: 75, observed: 0, stackBytes: 32 });
    expect(bounds["walk"]).toBeUndefined();
    expect(textOf(told)).toContain(
      [
        "usable_size      75     -              32     -",
        "walk           none     -            none     -",
        "malloc: 93 + 14 per listed block (at most 2,047)",
        "walk: the number of iterations of the loop at 0x140 is not known",
      ].join("\n"),
    );
    expect(excesses(proofs)).toEqual([]);
  });

  it("fail the run when a call exceeds one", () => {
    expect(reportHeap(result()).ok).toBe(true);
    const over = result({ free: { cycles: 76, stackBytes: 36, maskingCycles: 0 } });
    const report = reportHeap(over);
    expect(excesses(report.proofs)).toEqual([
      "free took 76 cycles, above its bound of 75",
      "free used 36 bytes of stack, above its bound of 32",
    ]);
    expect(report.ok).toBe(false);
    expect(textOf(over).replaceAll("\n", " ")).toContain(
      "FAILED: free took 76 cycles, above its bound of 75; free used 36 bytes of stack",
    );
  });

  it("are held against the budget", () => {
    const report = reportHeap(result(), { budgets: { cycles: { free: { bound: 74 } } } });
    expect(report.budgets).toMatchObject([{ what: "free bound cycles", limit: 74, actual: 75, ok: false }]);
    expect(report.ok).toBe(false);
  });
});
