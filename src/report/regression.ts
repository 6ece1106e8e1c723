/** A run held against the baseline of an earlier one. */
import { conditionNames, type Baseline, type ConditionName } from "./baseline.js";

export interface ConditionChange {
  readonly what: ConditionName;
  readonly before: string;
  readonly now: string;
}

export interface FigureChange {
  /** "flash bytes", "uniform: malloc worst cycles" */
  readonly what: string;
  /** Null: not in the baseline. */
  readonly before: number | null;
  /** Null: not in this run. */
  readonly now: number | null;
  /** Percent of `before`; null where one of the two is missing or `before` is 0. */
  readonly percent: number | null;
  /** Whether the increase is above the percentage allowed; an increase from 0 is above any. */
  readonly regression: boolean;
}

export interface BaselineReport {
  /** As messages name it. */
  readonly file: string;
  /** What the baseline was measured with where that is not what this run was measured with. */
  readonly conditions: readonly ConditionChange[];
  /** Figures that are not what they were, in the order of the run, those it does not have last. */
  readonly changes: readonly FigureChange[];
  /** Percentage above which an increase fails the run; null: none does. */
  readonly failOnRegression: number | null;
}

/** @param failOnRegression percentage from 0 above which an increase is a regression; undefined: nothing is */
export function compareBaseline(
  file: string,
  before: Baseline,
  now: Baseline,
  failOnRegression?: number,
): BaselineReport {
  const gone = [...before.figures.keys()].filter((what) => !now.figures.has(what));
  return {
    file,
    conditions: conditionNames
      .map((what) => ({ what, before: before.conditions[what], now: now.conditions[what] }))
      .filter((condition) => condition.before !== condition.now),
    changes: [...now.figures.keys(), ...gone]
      .map((what) => change(what, before.figures.get(what), now.figures.get(what), failOnRegression))
      .filter((figure) => figure.before !== figure.now),
    failOnRegression: failOnRegression ?? null,
  };
}

/** "more than 5 % above the baseline" */
export function regressionLimit({ failOnRegression }: BaselineReport): string {
  return `more than ${failOnRegression ?? 0} % above the baseline`;
}

/** So that 10 to 10.1 is 1 % in binary arithmetic too. */
const tolerance = 1e-9;

function change(
  what: string,
  before: number | undefined,
  now: number | undefined,
  limit: number | undefined,
): FigureChange {
  if (before === undefined || now === undefined) {
    return { what, before: before ?? null, now: now ?? null, percent: null, regression: false };
  }
  const percent = before === 0 ? null : (100 * (now - before)) / before;
  const above = limit !== undefined && now > before && (percent === null || percent > limit + tolerance);
  return { what, before, now, percent, regression: above };
}
