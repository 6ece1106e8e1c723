import { expect, it } from "vitest";
import { siliconLines, summaries, type Outcome } from "./table.js";

const outcome = (target: string, published: number, modelled: number, use: Outcome["use"]): Outcome => ({
  target,
  function: "encrypt",
  given: ["buffer:16", "10"],
  published,
  modelled,
  use,
});

const outcomes = [outcome("cortex-m3", 200, 198, "rule"), outcome("cortex-m3", 100, 103, "check")];

it("sums errors up by target and use", () => {
  const of = (use: string, cases: number, mean: number, largest: number) => ({
    target: "cortex-m3",
    use,
    cases,
    exact: 0,
    mean,
    largest,
  });
  expect(summaries(outcomes)).toEqual([
    of("all", 2, 0.02, 0.03),
    of("rule", 1, 0.01, 0.01),
    of("check", 1, 0.03, 0.03),
  ]);
  expect(summaries([outcome("cortex-m0", 5, 5, "check")])[0]).toMatchObject({ exact: 1, mean: 0 });
});

it("keeps what has its tables in flash apart", () => {
  const flash = outcome("cortex-m3", 100, 90, "flash");
  expect(summaries([...outcomes, flash]).map(({ use, cases }) => [use, cases])).toEqual([
    ["all", 2],
    ["rule", 1],
    ["check", 1],
    ["flash", 1],
  ]);
});

it("prints a line of each case and of each target", () => {
  expect(siliconLines(outcomes)).toEqual([
    "core       function     published  modelled    error    use",
    "cortex-m3  encrypt(10)        200       198  -1.00 %   rule",
    "cortex-m3  encrypt(10)        100       103   3.00 %  check",
    "",
    "core       use    cases  exact    mean  largest",
    "cortex-m3  all        2      0  2.00 %   3.00 %",
    "cortex-m3  rule       1      0  1.00 %   1.00 %",
    "cortex-m3  check      1      0  3.00 %   3.00 %",
  ]);
});
