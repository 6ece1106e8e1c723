import { describe, expect, it, vi } from "vitest";
import { AllocGenError } from "../diagnostics.js";
import { measureBaseline } from "./measure-baseline.js";
import { printBaseline, type Baseline } from "./baseline.js";
import { compareBaseline } from "./regression.js";
import { parseBaseline } from "./read-baseline.js";
import { terminalOf } from "./formats/text-parts.js";
import { baselineSection, regressionReason } from "./formats/text-baseline.js";
import { reportHeap, withBaseline } from "./make-report.js";
import { bytes } from "../units.js";
import { exampleResult, figures, workload, predicted } from "./run.fixture.js";

vi.mock("../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

const measured = (result = exampleResult()): Baseline => measureBaseline(reportHeap(result));

describe("the file", () => {
  const text = printBaseline(measured());

  it("has one figure a line", () => {
    expect(text).toMatchInlineSnapshot(`
      "{
        "baselineVersion": 1,
        "target": "cortex-m4",
        "toolchain": "arm-none-eabi-gcc 12.2.1 -O2",
        "engine": "unicorn 2.0.1",
        "cycleModel": "cortex-m4 plain table (estimate)",
        "config": "01234567",
        "workloads": "20000 operations of seed 7",
        "figures": {
          "flash bytes": 612,
          "RAM bytes": 32768,
          "malloc stack bytes": 48,
          "free stack bytes": 32,
          "uniform: malloc failed calls": 3,
          "uniform: malloc mean cycles": 45.5,
          "uniform: malloc p99 cycles": 101,
          "uniform: malloc worst cycles": 101,
          "uniform: malloc mean instructions": 31.25,
          "uniform: malloc p99 instructions": 60,
          "uniform: malloc worst instructions": 60,
          "uniform: free mean cycles": 30.5,
          "uniform: free p99 cycles": 71,
          "uniform: free worst cycles": 71,
          "uniform: free mean instructions": 21,
          "uniform: free p99 instructions": 44,
          "uniform: free worst instructions": 44
        }
      }
      "
    `);
  });

  it("is read back as it was written", () => {
    expect(parseBaseline(text, "b.json")).toEqual(measured());
  });

  it("does not depend on the order of the workloads, and keeps two of one name apart", () => {
    const slow = { cycles: figures(1, 2), instructions: figures(1, 2), calls: 1, failed: 0, predicted };
    const [a, b, b2] = [workload("a"), workload("b"), workload("b", { malloc: slow })];
    expect(printBaseline(measured(exampleResult([b, b2, a])))).toBe(
      printBaseline(measured(exampleResult([a, b, b2]))),
    );
    const { figures: kept } = measured(exampleResult([b, b2, a]));
    expect(kept.get("b: malloc worst cycles")).toBe(101);
    expect(kept.get("b (2): malloc worst cycles")).toBe(2);
  });

  it("keeps means to hundredths", () => {
    const free = {
      cycles: figures(30.128, 71),
      instructions: figures(1 / 3, 44),
      calls: 1,
      failed: 0,
      predicted,
    };
    const { figures: kept } = measured(exampleResult([workload("u", { free })]));
    expect([kept.get("u: free mean cycles"), kept.get("u: free mean instructions")]).toEqual([30.13, 0.33]);
  });

  it("keeps proven bounds", () => {
    const result = exampleResult();
    const report = { ...reportHeap(result), bounds: { malloc: { cycles: 104, observed: 101 } } };
    expect(measureBaseline(report).figures.get("malloc bound cycles")).toBe(104);
  });
});

describe("a malformed file", () => {
  const text = printBaseline(measured());
  const faultsOf = (written: string): string => {
    try {
      parseBaseline(written, "b.json");
    } catch (error) {
      if (error instanceof AllocGenError) return `${error.exitCode} ${error.message}`;
    }
    return "no fault";
  };
  const anew = '"alloc-gen verify --write-baseline" rewrites the file';

  it.each([
    ["", "b.json:1:1: syntax error: found the end of the file, expected a value"],
    ["[]", `b.json:1:1: found an empty list (allowed: an object); ${anew}`],
    ["{}", `b.json:1:1: baselineVersion: found nothing (allowed: 1); ${anew}`],
    [text.replace(": 1,", ": 2,"), `b.json:2:22: baselineVersion: found 2 (allowed: 1); ${anew}`],
    [
      text.replace('"01234567"', "7").replace(/"engine".*\n/, ""),
      `b.json:1:1: engine: found nothing (allowed: a string); ${anew}\nb.json:6:13: config: found 7 (allowed: a string); ${anew}`,
    ],
    [
      text.replace(": 612", ": -1").replace(": 32768", ': "many"'),
      `b.json:10:20: figures.flash bytes: found -1 (allowed: a number from 0); ${anew}\nb.json:11:18: figures.RAM bytes: found "many" (allowed: a number from 0); ${anew}`,
    ],
    [
      text.replace(/"figures": [^}]*}/, '"figures": 3'),
      `b.json:9:14: figures: found 3 (allowed: an object); ${anew}`,
    ],
    [
      text.replace("RAM bytes", "flash bytes"),
      'b.json:11:5: key "flash bytes" is given twice (first on line 10)',
    ],
    [text.slice(0, -3), 'b.json:27:4: syntax error: found the end of the file, expected "}"'],
  ])("number %# is refused at its place", (written, message) => {
    expect(faultsOf(written)).toBe(`2 ${message}`);
  });

  it("may have keys of its own", () => {
    expect(faultsOf(text.replace("{", '{ "$comment": "ours", '))).toBe("no fault");
  });
});

const withFigures = (entries: Readonly<Record<string, number>>): Baseline => ({
  ...measured(),
  figures: new Map(Object.entries(entries)),
});

describe("compareBaseline", () => {
  const compare = (before: number, now: number, limit?: number) =>
    compareBaseline("b.json", withFigures({ x: before }), withFigures({ x: now }), limit).changes[0];

  it("tells nothing of what did not change", () => {
    expect(compareBaseline("b.json", measured(), measured(), 0)).toEqual({
      ...{ file: "b.json", conditions: [], changes: [], failOnRegression: 0 },
    });
  });

  it("tells the change in percent of what was", () => {
    expect(compare(200, 210)).toEqual({ what: "x", before: 200, now: 210, percent: 5, regression: false });
    expect(compare(200, 150)).toMatchObject({ percent: -25 });
    expect(compare(0, 3)).toMatchObject({ before: 0, now: 3, percent: null });
  });

  it.each([
    [200, 210, 5, false],
    [200, 211, 5, true],
    [10, 10.1, 1, false],
    [10, 10.11, 1, true],
    [0, 1, 1000, true],
    [200, 100, 0, false],
    [200, 200.01, 0, true],
  ])("from %d to %d of which %d percent allowed, regression %s", (before, now, limit, regression) => {
    expect(compare(before, now, limit)).toMatchObject({ regression });
  });

  it("tells figures only one side has, and takes neither for a regression", () => {
    const { changes } = compareBaseline(
      "b.json",
      withFigures({ a: 1, b: 2 }),
      withFigures({ b: 2, c: 3 }),
      0,
    );
    expect(changes).toEqual([
      { what: "c", before: null, now: 3, percent: null, regression: false },
      { what: "a", before: 1, now: null, percent: null, regression: false },
    ]);
  });

  it("tells what the baseline was measured with where that differs", () => {
    const before = {
      ...measured(),
      conditions: { ...measured().conditions, target: "cortex-m0", config: "1" },
    };
    expect(compareBaseline("b.json", before, measured()).conditions).toEqual([
      { what: "target", before: "cortex-m0", now: "cortex-m4" },
      { what: "config", before: "1", now: "01234567" },
    ]);
  });
});

describe("withBaseline", () => {
  const result = exampleResult();
  const report = reportHeap(result);
  const baseline = { ...measured(), figures: new Map([...measured().figures, ["flash bytes", 600]]) };
  const against = { file: "b.json", baseline };

  it("fails the report only above the percentage", () => {
    expect(withBaseline(report, against).ok).toBe(true);
    expect(withBaseline(report, { ...against, failOnRegression: 2 }).ok).toBe(true);
    expect(withBaseline(report, { ...against, failOnRegression: 1.9 }).ok).toBe(false);
    const over = reportHeap(exampleResult(), { budgets: { cycles: {}, flash: bytes(1) } });
    expect(withBaseline(over, against).ok).toBe(false);
  });

  it("adds one key, the last", () => {
    expect(withBaseline(report, against)).toEqual({
      ...report,
      baseline: {
        file: "b.json",
        conditions: [],
        changes: [{ what: "flash bytes", before: 600, now: 612, percent: 2, regression: false }],
        failOnRegression: null,
      },
    });
  });
});

describe("the text", () => {
  const section = (before: Baseline, now: Baseline, limit?: number): string =>
    baselineSection(compareBaseline("b.json", before, now, limit), terminalOf(false)).join("\n");

  it("is one line when nothing changed", () => {
    expect(section(measured(), measured())).toBe("Baseline b.json: nothing changed");
  });

  it("shows the figures that changed, and marks regressions", () => {
    const before = { "flash bytes": 764, "RAM bytes": 32768, "u: malloc mean cycles": 103.5, zero: 0, x: 1 };
    const now = {
      "flash bytes": 780,
      "RAM bytes": 32768,
      "u: malloc mean cycles": 99,
      zero: 1200,
      y: 1,
      z: 1,
    };
    expect(`\n${section(withFigures(before), withFigures(now), 2)}`).toMatchInlineSnapshot(`
      "
      Baseline b.json
                             before    now   change
      flash bytes               764    780  +2.09 %  regression
      u: malloc mean cycles  103.50  99.00  -4.35 %
      zero                        0  1,200   from 0  regression
      Not in the baseline: y and 1 more.
      Not in this run: x."
    `);
  });

  it("says when the baseline was measured with something else", () => {
    const conditions = {
      ...measured().conditions,
      cycleModel: "cortex-m4 old",
      workloads: "500 operations of seed 1",
    };
    expect(`\n${section({ ...measured(), conditions }, measured())}`).toMatchInlineSnapshot(`
      "
      Baseline b.json: nothing changed
      The baseline was measured with another cycle model: cortex-m4 old, now cortex-m4 plain table
      (estimate).
      The baseline was measured with other workloads: 500 operations of seed 1, now 20000 operations of
      seed 7."
    `);
  });

  it("fits its width whatever a trace is called", () => {
    const name = `${"a-recorded-trace-with-a-name-".repeat(5)}: free p99 cycles`;
    const text = section(withFigures({ [name]: 1_000_000 }), withFigures({ [name]: 9_000_000.25 }), 1);
    expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
    const names = text.split("\n").map((line) => line.replace(/ {2}.*/, "").replaceAll(" ", ""));
    expect(names.join("")).toContain(name.replaceAll(" ", ""));
    expect(text).toMatch(/ {2}1,000,000\.00 {2}9,000,000\.25 {2}\+800\.00 % {2}regression$/m);
  });

  it("names every regression in the verdict", () => {
    const before = withFigures({ a: 10, b: 10, c: 10 });
    const now = withFigures({ a: 11, b: 10, c: 12 });
    expect(regressionReason(compareBaseline("b.json", before, now, 2.5))).toBe(
      "more than 2.5 % above the baseline: a, c",
    );
    expect(regressionReason(compareBaseline("b.json", before, now))).toBeUndefined();
  });
});
