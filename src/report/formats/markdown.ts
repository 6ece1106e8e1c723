/** A summary in GitHub's Markdown that a pull request can carry: verdict, figures, and their change. */
import type { FigureChange } from "../regression.js";
import { describeLocation, suitesOf, type Failure, type Suite } from "../checks.js";
import type { Format } from "../format.js";
import type { HeapReport, Report, WorkloadReport } from "../report.js";
import { witnessedText } from "../witnessed-text.js";
import { formatCount, formatFigure, formatMean } from "../table.js";
import { code, escapeText, fenced, table } from "./markdown-parts.js";

export const markdown: Format<Report> = { print };

function print(report: Report): string {
  const suites = suitesOf(report);
  const sections = suites.flatMap((suite) => {
    const heap = report.heaps.find(({ name }) => name === suite.heap);
    return [
      heading(suite),
      ...failureSection(suite.checks.flatMap(({ failures }) => failures)),
      ...warningSection(suite.checks.flatMap(({ warnings = [] }) => warnings)),
      ...(heap === undefined ? [] : heapSections(heap)),
    ];
  });
  return `${sections.join("\n\n")}\n`;
}

function heading({ name, checks }: Suite): string {
  const failed = checks.filter(({ failures }) => failures.length > 0).length;
  const verdict =
    failed === 0 ? `OK, ${checks.length} checks` : `FAILED, ${failed} of ${checks.length} checks`;
  return `### ${escapeText(name)}: ${verdict}`;
}

function failureSection(failures: readonly Failure[]): readonly string[] {
  if (failures.length === 0) return [];
  const lines = failures.map(({ message, place }) => {
    const [where] = describeLocation(place);
    return `- ${escapeText(message)}${where === undefined ? "" : ` (${code(where)})`}`;
  });
  const details = failures.flatMap((failure) => failure.details ?? []);
  if (details.length === 0) return [lines.join("\n")];
  return [
    lines.join("\n"),
    `<details><summary>The shortest sequences that differ</summary>\n\n${fenced(details.join("\n"))}\n\n</details>`,
  ];
}

const warningSection = (warnings: readonly Failure[]): readonly string[] =>
  warnings.length === 0
    ? []
    : [warnings.map(({ message }) => `- Warning: ${escapeText(message)}`).join("\n")];

function heapSections(heap: HeapReport): readonly string[] {
  const { size, proofs, toolchain, engine, cycleModel, workloads, budgets, baseline, witnessed } = heap;
  const deepest = Math.max(0, ...Object.values(size.stackBytes));
  const bounds = proofs.flatMap(({ function: name, cycles }) =>
    "bound" in cycles ? [[`${name}, any call`, `${formatCount(cycles.bound)} cycles`]] : [],
  );
  const figures = table(
    ["Figure", ""],
    [
      ["flash", `${formatCount(size.flashBytes)} bytes`],
      ["RAM", `${formatCount(size.ramBytes)} bytes`],
      ["stack seen", `${formatCount(deepest)} bytes`],
      ...bounds,
    ],
  );
  const conditions = [toolchain, engine, `cycles modelled: ${cycleModel}`].map(escapeText).join("; ");
  return [
    figures,
    workloadTable(workloads),
    ...(budgets.length === 0
      ? []
      : [
          table(
            ["Budget", "actual", "limit", ""],
            budgets.map(({ what, actual, limit, ok }) => [
              what,
              formatFigure(actual),
              formatFigure(limit),
              ok ? "" : "exceeded",
            ]),
          ),
        ]),
    ...(baseline === undefined ? [] : [baselineSection(baseline.file, baseline.changes)]),
    ...(baseline?.conditions ?? []).map(
      ({ what, before, now }) => `The baseline has another ${what}: ${code(before)}, now ${code(now)}.`,
    ),
    conditions,
    ...(witnessed === undefined ? [] : [`Witnessed ${escapeText(witnessedText(witnessed))}.`]),
  ];
}

function workloadTable(workloads: readonly WorkloadReport[]): string {
  const cycles = (workload: WorkloadReport, name: "malloc" | "free"): string[] => {
    const { mean, p99, max } = workload[name].cycles;
    return [formatMean(mean), formatCount(p99), formatCount(max)];
  };
  const rows = workloads.map((workload) => [
    workload.name,
    formatCount(workload.operations),
    ...cycles(workload, "malloc"),
    ...cycles(workload, "free"),
  ]);
  const head = ["mean", "p99", "max"];
  return table(
    [
      "Workload",
      "operations",
      ...head.map((name) => `malloc ${name}`),
      ...head.map((name) => `free ${name}`),
    ],
    rows,
  );
}

function baselineSection(file: string, changes: readonly FigureChange[]): string {
  if (changes.length === 0) return `Against ${code(file)} nothing changed.`;
  const figure = (value: number | null): string => (value === null ? "-" : formatFigure(value));
  const rows = changes.map(({ what, before, now, percent, regression }) => [
    what,
    figure(before),
    figure(now),
    percent === null ? "" : `${percent > 0 ? "+" : ""}${percent.toFixed(2)} %`,
    regression ? "regression" : "",
  ]);
  return `Against ${code(file)}:\n\n${table(["Figure", "before", "now", "change", ""], rows)}`;
}
