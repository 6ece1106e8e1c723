/**
 * The figures of one run, kept in a file so that later runs can be held against them. One figure a line in a fixed
 * order: version control shows a change of one figure as a change of one line.
 */

/** What the figures were measured with, beside the tool itself. */
export const conditionNames = ["target", "toolchain", "engine", "cycleModel", "config", "workloads"] as const;
export type ConditionName = (typeof conditionNames)[number];

export interface Baseline {
  /** `config` is the first 8 digits of the config's hash, as in the generated C. */
  readonly conditions: Readonly<Record<ConditionName, string>>;
  /** By name, such as "flash bytes" or "uniform: malloc worst cycles"; none is negative. Less is better. */
  readonly figures: ReadonlyMap<string, number>;
}

export const baselineVersion = 1;
/** The first key of the file: what tells a baseline from other JSON. */
export const versionKey = "baselineVersion";

/** The file's text: JSON with one value a line, and a final line break. */
export function printBaseline({ conditions, figures }: Baseline): string {
  const ordered = Object.fromEntries(conditionNames.map((name) => [name, conditions[name]]));
  const lines = [...figures].map(([name, value]) => `    ${JSON.stringify(name)}: ${value}`);
  const head = JSON.stringify({ [versionKey]: baselineVersion, ...ordered }, undefined, 2);
  return `${head.slice(0, -2)},\n  "figures": {\n${lines.join(",\n")}\n  }\n}\n`;
}
