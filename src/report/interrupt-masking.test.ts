import { describe, expect, it, vi } from "vitest";
import type { Plan } from "../plan/plan.js";
import type { RunResult } from "../pipeline.js";
import { measureBaseline } from "./measure-baseline.js";
import { excesses } from "./formats/text-bounds.js";
import { text } from "./formats/text.js";
import { reportHeap } from "./make-report.js";
import { exampleReport, exampleResult, noBounds } from "./run.fixture.js";

vi.mock("../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

const bound = (cycles: number, terms: { each: string; most: number; cycles: number }[] = []) => ({
  cycles,
  formula: { base: 20, terms },
});

/** A run of a heap with a lock, whose malloc searches a list. */
function locked(kind: Plan["lock"]["kind"] = "primask", seen = 51): RunResult {
  const run = exampleResult();
  const plan = { ...run.project.plan, lock: { kind } } as Plan;
  const { proven, observed } = run.bounds;
  const malloc = bound(720, [{ each: "listed block", most: 100, cycles: 7 }]);
  return {
    ...run,
    project: { ...run.project, plan },
    bounds: {
      proven: {
        ...proven,
        malloc: { ...proven.malloc, interruptMasking: malloc },
        free: { ...proven.free, interruptMasking: bound(52) },
      },
      observed: {
        malloc: { ...observed.malloc, maskingCycles: 90 },
        free: { ...observed.free, maskingCycles: seen },
      },
      uncalled: {},
    },
  };
}

const reportMasking = (run: RunResult) => reportHeap(run).interruptLatency;
const maskingExcesses = (run: RunResult) => excesses(reportHeap(run).proofs);
const textOf = (run: RunResult): string => text.print(exampleReport(run));

describe("interrupt latency", () => {
  it("is reported with what was seen of it, for a heap with a lock", () => {
    expect(reportMasking(locked())).toEqual({
      malloc: { cycles: 720, observed: 90, formula: "20 + 7 per listed block (at most 100)" },
      free: { cycles: 52, observed: 51 },
    });
    expect(reportMasking(locked("none"))).toBeUndefined();
    expect(reportHeap(locked("none"))).not.toHaveProperty("interruptLatency");
    expect(textOf(locked("none"))).not.toContain("Interrupts wait");
  });

  it("is drawn as a table", () => {
    expect(textOf(locked())).toContain(
      [
        "Interrupt masking in cycles (primask)",
        "        bound  seen",
        "malloc    720    90",
        "free       52    51",
        "malloc: 20 + 7 per listed block (at most 100)",
      ].join("\n"),
    );
  });

  it("fails the run when it was longer than proven", () => {
    expect(maskingExcesses(locked())).toEqual([]);
    expect(reportHeap(locked()).ok).toBe(true);
    const over = locked("primask", 53);
    expect(maskingExcesses(over)).toEqual(["free masked interrupts for 53 cycles, above its bound of 52"]);
    expect(reportHeap(over).ok).toBe(false);
  });

  it("is held against its budget, and kept by a baseline", () => {
    const budgets = { cycles: {}, interruptLatency: 700 };
    const report = reportHeap(locked(), { budgets });
    expect(report.budgets).toMatchObject([
      { what: "interrupt latency cycles", limit: 700, actual: 720, ok: false },
    ]);
    const { figures } = measureBaseline(report);
    expect(figures.get("malloc interrupt latency cycles")).toBe(720);
    expect(figures.get("free interrupt latency cycles")).toBe(52);
  });

  it("is told of functions that no operation calls and that mask interrupts, and counts in the budget", () => {
    const run = locked();
    const uncalled = {
      check: { ...noBounds, interruptMasking: bound(9000) },
      walk: { ...noBounds, interruptMasking: { unprovable: "why" } },
      usable_size: noBounds,
    };
    const told = { ...run, bounds: { ...run.bounds, uncalled } };
    expect(textOf(told)).toContain("\ncheck   9,000     0\nwalk     none     0\n");
    expect(reportMasking(told)?.["check"]).toEqual({ cycles: 9000, observed: 0 });
    expect(maskingExcesses(told)).toEqual([]);
    const [budget] = reportHeap(told, { budgets: { cycles: {}, interruptLatency: 9000 } }).budgets;
    expect(budget).toMatchObject({ actual: Infinity, ok: false });
  });

  it("keeps no budget where it is not proven", () => {
    const run = locked();
    const malloc = { ...run.bounds.proven.malloc, interruptMasking: { unprovable: "why" } };
    const unproven = { ...run, bounds: { ...run.bounds, proven: { ...run.bounds.proven, malloc } } };
    expect(reportMasking(unproven)).toMatchObject({ malloc: { observed: 90 } });
    const [budget] = reportHeap(unproven, { budgets: { cycles: {}, interruptLatency: 700 } }).budgets;
    expect(budget).toMatchObject({ actual: Infinity, ok: false });
    expect(textOf(unproven)).toContain("\nmalloc   none    90\nfree       52    51\nmalloc: why\n");
  });
});
