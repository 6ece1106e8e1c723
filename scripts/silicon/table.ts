/** What the models say beside what was published, and the errors of each core. */
import type { PublishedCase } from "./cases.js";

export interface Outcome extends Pick<PublishedCase, "function" | "given" | "published" | "use"> {
  readonly target: string;
  readonly modelled: number;
}

/** Of the published figure, as a fraction; negative where the model says less. */
export const errorOf = ({ published, modelled }: Pick<Outcome, "published" | "modelled">): number =>
  (modelled - published) / published;

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;

export interface Summary {
  readonly target: string;
  /** "all" but those with tables in flash. */
  readonly use: PublishedCase["use"] | "all";
  readonly cases: number;
  readonly exact: number;
  readonly mean: number;
  readonly largest: number;
}

/** Mean and largest error of each target: of all its cases, of those that rules were found with, and of the others. */
export function summaries(outcomes: readonly Outcome[]): readonly Summary[] {
  const targets = [...new Set(outcomes.map(({ target }) => target))];
  return targets.flatMap((target) =>
    (["all", "rule", "check", "flash"] as const).flatMap((use) => {
      const isMeant = (each: Outcome): boolean => (use === "all" ? each.use !== "flash" : each.use === use);
      const of = outcomes.filter((each) => each.target === target && isMeant(each));
      const errors = of.map((each) => Math.abs(errorOf(each)));
      if (errors.length === 0) return [];
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      const exact = errors.filter((error) => error === 0).length;
      return [{ target, use, cases: errors.length, exact, mean, largest: Math.max(...errors) }];
    }),
  );
}

/** A line of each case, then the errors by core. */
export function siliconLines(outcomes: readonly Outcome[]): readonly string[] {
  const call = ({ function: name, given }: Outcome): string =>
    `${name}(${given.filter((word) => !word.startsWith("buffer:")).join(", ")})`;
  const cases = outcomes.map((each) => [
    each.target,
    call(each),
    String(each.published),
    String(each.modelled),
    percent(errorOf(each)),
    each.use,
  ]);
  const means = summaries(outcomes).map(({ target, use, cases: count, exact, mean, largest }) => [
    target,
    use,
    String(count),
    String(exact),
    percent(mean),
    percent(largest),
  ]);
  return [
    ...aligned([["core", "function", "published", "modelled", "error", "use"], ...cases]),
    "",
    ...aligned([["core", "use", "cases", "exact", "mean", "largest"], ...means]),
  ];
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) =>
        column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}
