/** The difference from a baseline, told to people. */
import type { ConditionName } from "../baseline.js";
import {
  regressionLimit,
  type BaselineReport,
  type ConditionChange,
  type FigureChange,
} from "../regression.js";
import { fitTable } from "../fit-table.js";
import { wrap } from "../table.js";
import type { Terminal } from "./text-parts.js";

/** One line when nothing changed; else the figures that did, one a line. */
export function baselineSection(baseline: BaselineReport, terminal: Terminal): readonly string[] {
  const { width } = terminal;
  const { file, conditions, changes } = baseline;
  const notes = conditions.flatMap((condition) => wrap(conditionText(condition), width)).map(terminal.yellow);
  const title = terminal.bold("Baseline");
  if (changes.length === 0) return [`${title} ${file}: nothing changed`, ...notes];
  const known = changes.filter(({ before, now }) => before !== null && now !== null);
  return [
    `${title} ${file}`,
    ...notes,
    ...(known.length > 0 ? table(known, terminal) : []),
    ...missing("Not in the baseline", changes, "before", width),
    ...missing("Not in this run", changes, "now", width),
  ];
}

/** Why the run fails, undefined when it does not: every figure by name. */
export function regressionReason(baseline: BaselineReport): string | undefined {
  const names = baseline.changes.filter(({ regression }) => regression).map(({ what }) => what);
  if (names.length === 0) return undefined;
  return `${regressionLimit(baseline)}: ${names.join(", ")}`;
}

const conditionWords: Readonly<Record<ConditionName, string>> = {
  target: "another target",
  toolchain: "another toolchain",
  engine: "another engine",
  cycleModel: "another cycle model",
  config: "another config",
  workloads: "other workloads",
};

function conditionText({ what, before, now }: ConditionChange): string {
  return `The baseline was measured with ${conditionWords[what]}: ${before}, now ${now}.`;
}

/** A trace may have a long name: it goes on below. */
function table(changes: readonly FigureChange[], terminal: Terminal): readonly string[] {
  const cells = changes.map(({ what, before, now, percent, regression }) => [
    what,
    ...formatFigures(before ?? 0, now ?? 0),
    percent === null ? "from 0" : `${percent > 0 ? "+" : ""}${percent.toFixed(2)} %`,
    regression ? "regression" : "",
  ]);
  return fitTable(
    { aligns: ["left", "right", "right", "right", "left"], breaks: [0] },
    [["", "before", "now", "change", ""], ...cells],
    terminal.width,
    (line, row) => (changes[row - 1]?.regression === true ? terminal.red(line) : line),
  );
}

/** Whole figures as they are, a mean and its earlier value with the two decimals a baseline keeps. */
function formatFigures(...values: readonly number[]): readonly string[] {
  const digits = values.every(Number.isInteger) ? 0 : 2;
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return values.map((value) => value.toLocaleString("en-US", form));
}

/** Figures that only one side has: their names are in the JSON, people are told how many and which is the first. */
function missing(
  where: string,
  changes: readonly FigureChange[],
  side: "before" | "now",
  width: number,
): readonly string[] {
  const figures = changes.filter((figure) => figure[side] === null);
  const [first] = figures;
  if (first === undefined) return [];
  const others = figures.length === 1 ? "" : ` and ${figures.length - 1} more`;
  return wrap(`${where}: ${first.what}${others}.`, width);
}
