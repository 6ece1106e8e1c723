/** The report for people: sections of plain lines that fit 100 columns. */
import picocolors from "picocolors";
import type { RunResult } from "../pipeline.js";
import { drawMemoryMap } from "../plan/draw.js";
import { baselineSection, regressionReason } from "./baseline-text.js";
import { boundLines, excesses } from "./bounds.js";
import { latencyLines } from "./latency.js";
import { mismatchSection } from "./mismatch-text.js";
import type { Report } from "./report.js";
import type { FunctionFigures } from "../verify/verification.js";
import { namesOf, type ByFunction, type OperationName } from "../traces/operation.js";
import { autoTable, formatCount, formatMean, tableRow, wrap, type Column } from "./table.js";

export const reportWidth = 100;

type Colors = ReturnType<typeof picocolors.createColors>;
type Section = readonly string[];

/** The report in full, with a final line break. Colours only when asked for. */
export function printText(result: RunResult, report: Report, options: { readonly colors: boolean }): string {
  const colors = picocolors.createColors(options.colors);
  const sections: readonly Section[] = [
    headerSection(result, report, colors),
    [drawMemoryMap(result.project.plan)],
    sizeSection(report, colors),
    workloadSection(report, colors),
    ...report.workloads.map((workload) => mismatchSection(workload, colors, reportWidth)),
    boundSection(result, colors),
    latencySection(result, colors),
    checkedSection(result, report, colors),
    budgetSection(report, colors),
    report.baseline === undefined ? [] : baselineSection(report.baseline, colors, reportWidth),
    [verdict(result, report, colors)],
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

function headerSection(result: RunResult, report: Report, colors: Colors): Section {
  const { loaded, target, plan } = result.project;
  const { plan: figures } = report;
  const blocks = [
    plan.policy.kind,
    `blocks from ${figures.minimumBlockBytes} B`,
    `requests to ${formatCount(figures.maximumRequestBytes)} B`,
  ];
  const layout = [
    `heap ${formatCount(figures.heapBytes)} B`,
    `alignment ${figures.alignmentBytes}`,
    `header ${figures.headerBytes} B`,
    `control ${formatCount(figures.controlBytes)} B`,
  ];
  return [
    `${colors.bold(loaded.config.name)} for ${colors.bold(target.name)}: ${target.description}`,
    ...autoTable(
      ["left", "left"],
      [
        ["toolchain", report.toolchain],
        ["engine", report.engine],
        ["cycles", `modelled: ${report.cycleModel}`],
        ["policy", blocks.join(", ")],
        ["plan", layout.join(", ")],
      ],
    ),
  ];
}

function sizeSection(report: Report, colors: Colors): Section {
  const { flashBytes, ramBytes, functions, stackBytes } = report.size;
  const code = Object.entries(functions).map(([name, size]) => `${name} ${formatCount(size)}`);
  const stack = Object.entries(stackBytes).map(([name, size]) => `${name} ${formatCount(size)}`);
  const detail = (text: string): string[] => wrap(text, reportWidth - 17);
  const rows: [string, string, string][] = [
    ["flash", formatCount(flashBytes), code.join(", ")],
    ["RAM", formatCount(ramBytes), "the heap, control data included"],
    ["stack", formatCount(Math.max(0, ...Object.values(stackBytes))), stack.join(", ")],
  ];
  const columns: readonly Column[] = [
    { align: "left", width: 5 },
    { align: "right", width: 8 },
    { align: "left", width: reportWidth - 17 },
  ];
  return [
    colors.bold("Size in bytes"),
    ...rows.flatMap(([what, size, more]) =>
      detail(more).map((line, index) => tableRow(columns, index === 0 ? [what, size, line] : ["", "", line])),
    ),
  ];
}

/** 100 columns with the two spaces between them; figures have no thousands separators, to fit. */
const workloadColumns: readonly Column[] = [
  { align: "left", width: 17 },
  { align: "right", width: 9 },
  { align: "right", width: 7 },
  { align: "left", width: 7 },
  ...Array.from({ length: 6 }, () => ({ align: "right", width: 7 }) as const),
];

function workloadSection(report: Report, colors: Colors): Section {
  const figures = ["mean", "p99", "max"];
  const title = tableRow(workloadColumns, ["", "", "", "", "", "instr.", "", "", "cycles"]);
  const head = ["Workload", "ops", "failed", "", ...figures, ...figures];
  return [
    title,
    colors.bold(tableRow(workloadColumns, head)),
    ...report.workloads.flatMap((workload) => {
      const { name, operations, malloc, mismatches } = workload;
      const first = [name, formatCount(operations), formatCount(malloc.failed), "malloc", ...cells(malloc)];
      const line = tableRow(workloadColumns, first);
      const others = namesOf(workload).filter((function_) => function_ !== "malloc");
      return [
        mismatches > 0 ? colors.red(line) : line,
        ...others.flatMap((other) => functionRow(workload, other)),
      ];
    }),
  ];
}

/** A function beside malloc; the failed calls of one that allocates are its own. Not called, not told. */
function functionRow(workload: ByFunction<FunctionFigures>, name: OperationName): string[] {
  const figures = workload[name];
  if (figures === undefined || (figures.calls === 0 && name !== "free")) return [];
  const failed = name === "free" ? "" : formatCount(figures.failed);
  const label = name === "alignedAlloc" ? "aligned" : name;
  return [tableRow(workloadColumns, ["", "", failed, label, ...cells(figures)])];
}

function cells({ instructions, cycles }: FunctionFigures): string[] {
  return [instructions, cycles].flatMap(({ mean, p99, max }) => [mean.toFixed(1), String(p99), String(max)]);
}

function boundSection(result: RunResult, colors: Colors): Section {
  const { table, notes } = boundLines(result);
  return [
    colors.bold("Bounds on any call, proven on the binary"),
    ...table,
    ...notes.flatMap((note) => wrap(note, reportWidth)),
  ];
}

function latencySection(result: RunResult, colors: Colors): Section {
  const { table, notes } = latencyLines(result);
  if (table.length === 0) return [];
  const head = `Interrupts wait for so many cycles (${result.project.plan.lock.kind})`;
  return [colors.bold(head), ...table, ...notes.flatMap((note) => wrap(note, reportWidth))];
}

function checkedSection(result: RunResult, report: Report, colors: Colors): Section {
  const { checked } = result.verification;
  const { branches, covered } = report.coverage;
  const sentence = [
    `${formatCount(checked.operations)} operations`,
    `${formatCount(checked.addresses)} addresses`,
    `all metadata ${formatCount(checked.metadata)} times`,
    `${formatCount(checked.payloadBytes)} payload bytes`,
  ].join(", ");
  const seconds = Object.entries(result.seconds).map(([stage, spent]) => `${stage} ${spent.toFixed(2)}`);
  const total = Object.values(result.seconds).reduce((sum, spent) => sum + spent, 0);
  return [
    ...labelled("Checked", sentence, colors),
    ...labelled("Foretold", foretold(report), colors),
    ...labelled("Covered", `${covered} of ${branches} conditional branches went both ways`, colors),
    ...report.coverage.left.flatMap(({ address, never, source = "" }) =>
      labelled("", `never ${never}: 0x${address.toString(16)} ${source}`.trimEnd(), colors),
    ),
    ...labelled("Took", `${total.toFixed(2)} s: ${seconds.join(", ")}`, colors),
  ];
}

/** How many operations' cycles the reference predicted, and the first that it got wrong. */
function foretold(report: Report): string {
  const counts = report.workloads.flatMap((workload) =>
    namesOf(workload).map((name) => workload[name]?.predicted ?? { exact: 0, wrong: 0 }),
  );
  const sum = (of: (count: { readonly exact: number; readonly wrong: number }) => number) =>
    counts.reduce((total, count) => total + of(count), 0);
  const exact = sum((count) => count.exact);
  const wrong = sum((count) => count.wrong);
  const text = `the cycles of ${formatCount(exact + wrong)} operations, ${wrong === 0 ? "all" : formatCount(exact)} exactly`;
  const bad = report.workloads.find(({ wrongPrediction }) => wrongPrediction !== undefined);
  if (bad?.wrongPrediction === undefined) return text;
  const { operation, predicted, measured } = bad.wrongPrediction;
  return `${text}; first wrong: operation ${operation} of ${bad.name}, ${predicted} foretold, ${measured} measured`;
}

/** A bold label with its text beside it; what does not fit the line goes on below the text. */
function labelled(label: string, text: string, colors: Colors): string[] {
  const width = 10;
  return wrap(text, reportWidth - width).map((line, index) =>
    index === 0 ? colors.bold(label.padEnd(width)) + line : " ".repeat(width) + line,
  );
}

function budgetSection(report: Report, colors: Colors): Section {
  if (report.budgets.length === 0) return [];
  const format = (value: number): string =>
    Number.isInteger(value) ? formatCount(value) : formatMean(value);
  const lines = autoTable(
    ["left", "right", "left", "right", "left"],
    report.budgets.map(({ what, limit, actual, ok }) => [
      what,
      format(actual),
      "of",
      format(limit),
      ok ? "" : "exceeded",
    ]),
  );
  return [
    colors.bold("Budgets"),
    ...report.budgets.map(({ ok }, index) => (ok ? (lines[index] ?? "") : colors.red(lines[index] ?? ""))),
  ];
}

function verdict(result: RunResult, report: Report, colors: Colors): string {
  const differing = report.workloads.filter((workload) => workload.mismatches > 0);
  const foretoldWrong = report.workloads.filter(({ wrongPrediction }) => wrongPrediction !== undefined);
  const exceeded = report.budgets.filter((budget) => !budget.ok);
  const regressed = report.baseline && regressionReason(report.baseline);
  if (report.ok) return colors.green("OK: the C does what the reference says.");
  const reasons = [
    ...(differing.length > 0
      ? [`the C and the reference differ (${differing.map((workload) => workload.name).join(", ")})`]
      : []),
    ...(foretoldWrong.length > 0
      ? [`cycles were foretold wrongly (${foretoldWrong.map(({ name }) => name).join(", ")})`]
      : []),
    ...excesses(result),
    ...(exceeded.length > 0 ? [`over budget: ${exceeded.map((budget) => budget.what).join(", ")}`] : []),
    ...(regressed === undefined ? [] : [regressed]),
  ];
  return wrap(`FAILED: ${reasons.join("; ")}.`, reportWidth)
    .map(colors.red)
    .join("\n");
}
