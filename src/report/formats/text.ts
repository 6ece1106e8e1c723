/** The report for people: sections of plain lines that fit 100 columns. */
import picocolors from "picocolors";
import { describeProbe, describeWrong } from "../checks.js";
import { namesOf } from "../../traces/operation.js";
import type { Format } from "../format.js";
import { mismatchLines, mismatchTitle, type MismatchLine } from "../mismatch.js";
import type { HeapReport, Report, WorkloadReport } from "../report.js";
import { autoTable, formatCount, formatFigure, reportWidth, tableRow, wrap, type Column } from "../table.js";
import { baselineSection, regressionReason } from "./text-baseline.js";
import { boundSection, excesses, interruptMaskingSection } from "./text-bounds.js";
import { interruptsSection, unprotected } from "./text-interrupts.js";
import { misuseSection, missed } from "./text-misuse.js";
import { witnessedText } from "../witnessed-text.js";
import { joinSections, type Colors, type Section } from "./text-parts.js";
import { workloadSection } from "./text-workloads.js";

export const text: Format<Report> = {
  print: (report) => printAll(report, picocolors.createColors(false)),
  printColored: (report) => printAll(report, picocolors.createColors(true)),
};

function printAll({ heaps, outputProofs }: Report, colors: Colors): string {
  const parts = heaps.map((heap) => heapText(heap, colors));
  return [...parts, ...outputProofs.map(({ lines }) => joinSections([lines]))].join("\n");
}

function heapText(report: HeapReport, colors: Colors): string {
  return joinSections([
    headerSection(report, colors),
    [report.memoryMap],
    sizeSection(report, colors),
    workloadSection(report, colors),
    ...report.workloads.map((workload) => mismatchSection(workload, colors)),
    notReachedSection(report),
    interfaceSection(report, colors),
    boundSection(report, colors),
    interruptMaskingSection(report, colors),
    interruptsSection(report, colors),
    misuseSection(report, colors),
    checkedSection(report, colors),
    budgetSection(report, colors),
    report.baseline === undefined ? [] : baselineSection(report.baseline, colors, reportWidth),
    [verdict(report, colors)],
  ]);
}

function headerSection(report: HeapReport, colors: Colors): Section {
  const { plan: figures } = report;
  const blocks = [
    report.policy,
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
    `${colors.bold(report.name)} for ${colors.bold(report.target)}: ${report.targetDescription}`,
    ...autoTable(
      ["left", "left"],
      [
        ["toolchain", report.toolchain],
        ["engine", report.engine],
        ["cycles", `modelled: ${report.cycleModel}`],
        ["policy", blocks.join(", ")],
        ["plan", layout.join(", ")],
        ...(report.givenSource === undefined
          ? []
          : [["C", `${report.givenSource}, in place of the generated C`]]),
      ],
    ),
  ];
}

function sizeSection(report: HeapReport, colors: Colors): Section {
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

/** The sentence, the minimal sequence and both heaps after it; nothing when the workload has no mismatch. */
function mismatchSection({ name, mismatch }: WorkloadReport, colors: Colors): Section {
  if (mismatch === undefined) return [];
  const title = wrap(mismatchTitle(name, mismatch), reportWidth).map(colors.red);
  return [...title, ...mismatchLines(mismatch).flatMap((line) => mismatchLine(line, colors))];
}

function mismatchLine({ kind, text: line }: MismatchLine, colors: Colors): Section {
  switch (kind) {
    case "heading":
      return [colors.bold(line)];
    case "sentence":
      return wrap(line, reportWidth);
    case "verbatim":
      return [line];
  }
}

/** The call of a single function that differs; nothing where none does. */
function interfaceSection({ interface: { mismatch } }: HeapReport, colors: Colors): Section {
  if (mismatch === undefined) return [];
  return [
    ...wrap(describeProbe(mismatch), reportWidth).map(colors.red),
    colors.bold("Calls before it:"),
    ...mismatch.before.map((line) => `  ${line}`),
  ];
}

const notReachedSection = ({ notReached = [] }: HeapReport): Section =>
  notReached.length === 0
    ? []
    : wrap(`Not run, because the C and the reference differ before: ${notReached.join(", ")}.`, reportWidth);

const otherSizes = (sizes: readonly number[]): string =>
  `also in ${sizes.map(formatCount).join(", ")} bytes of memory; init refuses less`;

function checkedSection(report: HeapReport, colors: Colors): Section {
  const { checked, coverage, seconds: stages } = report;
  const { branches, covered } = coverage;
  const sentence = [
    `${formatCount(checked.operations)} operations`,
    `${formatCount(checked.addresses)} addresses`,
    `all metadata ${formatCount(checked.metadata)} times`,
    `${formatCount(checked.payloadBytes)} payload bytes`,
  ].join(", ");
  const seconds = Object.entries(stages).map(([stage, spent]) => `${stage} ${spent.toFixed(2)}`);
  const total = Object.values(stages).reduce((sum, spent) => sum + spent, 0);
  return [
    ...labelled("Checked", sentence, colors),
    ...(report.witnessed === undefined ? [] : labelled("Witnessed", witnessedText(report.witnessed), colors)),
    ...(report.sizes === undefined ? [] : labelled("Sizes", otherSizes(report.sizes), colors)),
    ...labelled("Called", calledFunctions(report), colors),
    ...report.interface.notRun.flatMap(({ what, reason }, index) =>
      labelled(index === 0 ? "Not run" : "", `${what}: ${reason}`, colors),
    ),
    ...labelled("Predicted", predictedCycles(report), colors),
    ...labelled("Covered", `${covered} of ${branches} conditional branches went both ways`, colors),
    ...coverage.left.flatMap(({ address, never, source = "" }) =>
      labelled("", `never ${never}: 0x${address.toString(16)} ${source}`.trimEnd(), colors),
    ),
    ...labelled("Took", `${total.toFixed(2)} s: ${seconds.join(", ")}`, colors),
  ];
}

const calledFunctions = ({ interface: { functions, calls, states } }: HeapReport): string =>
  `${functions} public functions ${formatCount(calls)} times, in ${states} states of the heap`;

/** How many operations' cycles the reference predicted, and the first that it got wrong. */
function predictedCycles(report: HeapReport): string {
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
  return `${text}; first wrong in ${bad.name}: ${describeWrong(bad.wrongPrediction)}`;
}

/** A bold label with its text beside it; what does not fit the line goes on below the text. */
function labelled(label: string, text: string, colors: Colors): string[] {
  const width = 10;
  return wrap(text, reportWidth - width).map((line, index) =>
    index === 0 ? colors.bold(label.padEnd(width)) + line : " ".repeat(width) + line,
  );
}

function budgetSection(report: HeapReport, colors: Colors): Section {
  if (report.budgets.length === 0) return [];
  const lines = autoTable(
    ["left", "right", "left", "right", "left"],
    report.budgets.map(({ what, limit, actual, ok }) => [
      what,
      formatFigure(actual),
      "of",
      formatFigure(limit),
      ok ? "" : "exceeded",
    ]),
  );
  return [
    colors.bold("Budgets"),
    ...report.budgets.map(({ ok }, index) => (ok ? (lines[index] ?? "") : colors.red(lines[index] ?? ""))),
  ];
}

function verdict(report: HeapReport, colors: Colors): string {
  const differing = report.workloads.filter((workload) => workload.mismatches > 0);
  const wronglyPredicted = report.workloads.filter(({ wrongPrediction }) => wrongPrediction !== undefined);
  const { mismatch } = report.interface;
  const exceeded = report.budgets.filter((budget) => !budget.ok);
  const regressed = report.baseline && regressionReason(report.baseline);
  if (report.ok) {
    const good = colors.green("OK: the C matches the reference.");
    return wronglyPredicted.length === 0 ? good : `${good}\n${wrongWarning(wronglyPredicted, colors)}`;
  }
  const reasons = [
    ...(differing.length > 0
      ? [`the C and the reference differ (${differing.map((workload) => workload.name).join(", ")})`]
      : []),
    ...(mismatch === undefined ? [] : [`${mismatch.function} differs from the reference`]),
    ...(report.strict && wronglyPredicted.length > 0
      ? [`cycles were predicted wrongly (${wronglyPredicted.map(({ name }) => name).join(", ")})`]
      : []),
    ...unprotected(report),
    ...missed(report),
    ...excesses(report.proofs),
    ...(exceeded.length > 0 ? [`over budget: ${exceeded.map((budget) => budget.what).join(", ")}`] : []),
    ...(regressed === undefined ? [] : [regressed]),
  ];
  return wrap(`FAILED: ${reasons.join("; ")}.`, reportWidth)
    .map(colors.red)
    .join("\n");
}

/** The C has done what the reference did, in other cycles: the prediction is more likely wrong than the C. */
const wrongWarning = (workloads: readonly WorkloadReport[], colors: Colors): string =>
  wrap(
    `Warning: cycles were predicted wrongly (${workloads.map(({ name }) => name).join(", ")}). That is most likely a fault of alloc-gen: please report it, with the config. --strict makes it fail.`,
    reportWidth,
  )
    .map(colors.yellow)
    .join("\n");
