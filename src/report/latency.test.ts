import { describe, expect, it, vi } from "vitest";
import type { Plan } from "../plan/plan.js";
import type { RunResult } from "../pipeline.js";
import { measureBaseline } from "./baseline.js";
import { latencyExcesses, latencyLines, reportLatency } from "./latency.js";
import { makeReport } from "./report.js";
import { exampleResult, noBounds } from "./run.fixture.js";
import { printText } from "./text.js";

vi.mock("../plan/draw.js", () => ({ drawMemoryMap: () => "" }));

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
        malloc: { ...proven.malloc, masked: malloc },
        free: { ...proven.free, masked: bound(52) },
      },
      observed: {
        malloc: { ...observed.malloc, maskedCycles: 90 },
        free: { ...observed.free, maskedCycles: seen },
      },
      uncalled: {},
    },
  };
}

describe("interrupt latency", () => {
  it("is reported with what was seen of it, for a heap with a lock", () => {
    expect(reportLatency(locked())).toEqual({
      malloc: { cycles: 720, observed: 90, formula: "20 + 7 a listed block (at most 100)" },
      free: { cycles: 52, observed: 51 },
    });
    expect(reportLatency(locked("none"))).toBeUndefined();
    expect(makeReport(locked("none"), { cycles: {} })).not.toHaveProperty("interruptLatency");
    expect(latencyLines(locked("none"))).toEqual({ table: [], notes: [] });
  });

  it("is drawn as a table", () => {
    const text = printText(locked(), makeReport(locked(), { cycles: {} }), { colors: false });
    expect(text).toContain(
      [
        "Interrupts wait for so many cycles (primask)",
        "        bound  seen",
        "malloc    720    90",
        "free       52    51",
        "malloc: 20 + 7 a listed block (at most 100)",
      ].join("\n"),
    );
  });

  it("fails the run when it was longer than proven", () => {
    expect(latencyExcesses(locked())).toEqual([]);
    expect(makeReport(locked(), { cycles: {} }).ok).toBe(true);
    const over = locked("primask", 53);
    expect(latencyExcesses(over)).toEqual(["free kept interrupts out for 53 cycles, above its bound of 52"]);
    expect(makeReport(over, { cycles: {} }).ok).toBe(false);
  });

  it("is held against its budget, and kept by a baseline", () => {
    const budgets = { cycles: {}, interruptLatency: 700 };
    const report = makeReport(locked(), budgets);
    expect(report.budgets).toEqual([
      { what: "interrupt latency cycles", limit: 700, actual: 720, ok: false },
    ]);
    const { figures } = measureBaseline(locked(), report);
    expect(figures.get("malloc interrupt latency cycles")).toBe(720);
    expect(figures.get("free interrupt latency cycles")).toBe(52);
  });

  it("is told of functions that no operation calls and that mask interrupts, and counts in the budget", () => {
    const run = locked();
    const uncalled = {
      check: { ...noBounds, masked: bound(9000) },
      walk: { ...noBounds, masked: { unprovable: "why" } },
      usable_size: noBounds,
    };
    const told = { ...run, bounds: { ...run.bounds, uncalled } };
    expect(latencyLines(told).table.slice(3)).toEqual(["check   9,000     0", "walk     none     0"]);
    expect(reportLatency(told)?.["check"]).toEqual({ cycles: 9000, observed: 0 });
    expect(latencyExcesses(told)).toEqual([]);
    const [budget] = makeReport(told, { cycles: {}, interruptLatency: 9000 }).budgets;
    expect(budget).toMatchObject({ actual: Infinity, ok: false });
  });

  it("keeps no budget where it is not proven", () => {
    const run = locked();
    const malloc = { ...run.bounds.proven.malloc, masked: { unprovable: "why" } };
    const unproven = { ...run, bounds: { ...run.bounds, proven: { ...run.bounds.proven, malloc } } };
    expect(reportLatency(unproven)).toMatchObject({ malloc: { observed: 90 } });
    const [budget] = makeReport(unproven, { cycles: {}, interruptLatency: 700 }).budgets;
    expect(budget).toMatchObject({ actual: Infinity, ok: false });
    expect(latencyLines(unproven).table[1]).toBe("malloc   none    90");
  });
});
