/** The report for people: sections of plain lines that fit the terminal, 100 columns where there is none. */
import { describeProbe, describeWrong } from "../checks.js";
import { namesOf } from "../../traces/operation.js";
import type { Format } from "../format.js";
import { mismatchLines, mismatchTitle, type MismatchLine } from "../mismatch.js";
import type { HeapReport, Report, WorkloadReport } from "../report.js";
import { fitTable, type TableShape } from "../fit-table.js";
import { formatCount, formatFigure, wrap } from "../table.js";
import { baselineSection, regressionReason } from "./text-baseline.js";
import { boundSection, excesses, interruptMaskingSection } from "./text-bounds.js";
import { interruptsSection, unprotected } from "./text-interrupts.js";
import { witnessedText } from "../witnessed-text.js";
import { joinSections, terminalOf, type Section, type Terminal } from "./text-parts.js";
import { workloadSection } from "./text-workloads.js";

export const text: Format<Report> = {
  print: (report, width) => printAll(report, terminalOf(false, width)),
  printColored: (report, width) => printAll(report, terminalOf(true, width)),
};

function printAll({ heaps, outputProofs }: Report, terminal: Terminal): string {
  const parts = heaps.map((heap) => heapText(heap, terminal));
  return [...parts, ...outputProofs.map(({ lines }) => joinSections([lines]))].join("\n");
}

function heapText(report: HeapReport, terminal: Terminal): string {
  return joinSections([
    headerSection(report, terminal),
    [report.memoryMap],
    sizeSection(report, terminal),
    workloadSection(report, terminal),
    ...report.workloads.map((workload) => mismatchSection(workload, terminal)),
    notReachedSection(report, terminal),
    interfaceSection(report, terminal),
    boundSection(report, terminal),
    interruptMaskingSection(report, terminal),
    interruptsSection(report, terminal),
    checkedSection(report, terminal),
    budgetSection(report, terminal),
    report.baseline === undefined ? [] : baselineSection(report.baseline, terminal),
    [verdict(report, terminal)],
  ]);
}

function headerSection(report: HeapReport, terminal: Terminal): Section {
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
    `${terminal.bold(report.name)} for ${terminal.bold(report.target)}: ${report.targetDescription}`,
    ...fitTable(
      { aligns: ["left", "left"] },
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
      terminal.width,
    ),
  ];
}

function sizeSection(report: HeapReport, terminal: Terminal): Section {
  const { flashBytes, ramBytes, functions, stackBytes } = report.size;
  const code = Object.entries(functions).map(([name, size]) => `${name} ${formatCount(size)}`);
  const stack = Object.entries(stackBytes).map(([name, size]) => `${name} ${formatCount(size)}`);
  const rows: [string, string, string][] = [
    ["flash", formatCount(flashBytes), code.join(", ")],
    ["RAM", formatCount(ramBytes), "the heap, control data included"],
    ["stack", formatCount(Math.max(0, ...Object.values(stackBytes))), stack.join(", ")],
  ];
  const shape: TableShape = { aligns: ["left", "right", "left"], least: [5, 8] };
  return [terminal.bold("Size in bytes"), ...fitTable(shape, rows, terminal.width)];
}

/** The sentence, the minimal sequence and both heaps after it; nothing when the workload has no mismatch. */
function mismatchSection({ name, mismatch }: WorkloadReport, terminal: Terminal): Section {
  if (mismatch === undefined) return [];
  const title = wrap(mismatchTitle(name, mismatch), terminal.width).map(terminal.red);
  return [...title, ...mismatchLines(mismatch).flatMap((line) => mismatchLine(line, terminal))];
}

function mismatchLine({ kind, text: line }: MismatchLine, terminal: Terminal): Section {
  switch (kind) {
    case "heading":
      return [terminal.bold(line)];
    case "sentence":
      return wrap(line, terminal.width);
    case "verbatim":
      return [line];
  }
}

/** The call of a single function that differs; nothing where none does. */
function interfaceSection({ interface: { mismatch } }: HeapReport, terminal: Terminal): Section {
  if (mismatch === undefined) return [];
  return [
    ...wrap(describeProbe(mismatch), terminal.width).map(terminal.red),
    terminal.bold("Calls before it:"),
    ...mismatch.before.map((line) => `  ${line}`),
  ];
}

const notReachedSection = ({ notReached = [] }: HeapReport, terminal: Terminal): Section =>
  notReached.length === 0
    ? []
    : wrap(
        `Not run, because the C and the reference differ before: ${notReached.join(", ")}.`,
        terminal.width,
      );

const otherSizes = (sizes: readonly number[]): string =>
  `also in ${sizes.map(formatCount).join(", ")} bytes of memory; init refuses less`;

function checkedSection(report: HeapReport, terminal: Terminal): Section {
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
    ...labelled("Checked", sentence, terminal),
    ...(report.witnessed === undefined
      ? []
      : labelled("Witnessed", witnessedText(report.witnessed), terminal)),
    ...(report.sizes === undefined ? [] : labelled("Sizes", otherSizes(report.sizes), terminal)),
    ...labelled("Called", calledFunctions(report), terminal),
    ...report.interface.notRun.flatMap(({ what, reason }, index) =>
      labelled(index === 0 ? "Not run" : "", `${what}: ${reason}`, terminal),
    ),
    ...labelled("Predicted", predictedCycles(report), terminal),
    ...labelled("Covered", `${covered} of ${branches} conditional branches went both ways`, terminal),
    ...coverage.left.flatMap(({ address, never, source = "" }) =>
      labelled("", `never ${never}: 0x${address.toString(16)} ${source}`.trimEnd(), terminal),
    ),
    ...labelled("Took", `${total.toFixed(2)} s: ${seconds.join(", ")}`, terminal),
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
function labelled(label: string, text: string, terminal: Terminal): string[] {
  const width = 10;
  return wrap(text, terminal.width - width).map((line, index) =>
    index === 0 ? terminal.bold(label.padEnd(width)) + line : " ".repeat(width) + line,
  );
}

function budgetSection(report: HeapReport, terminal: Terminal): Section {
  if (report.budgets.length === 0) return [];
  const lines = fitTable(
    { aligns: ["left", "right", "left", "right", "left"] },
    report.budgets.map(({ what, limit, actual, ok }) => [
      what,
      formatFigure(actual),
      "of",
      formatFigure(limit),
      ok ? "" : "exceeded",
    ]),
    terminal.width,
    (line, row) => (report.budgets[row]?.ok === false ? terminal.red(line) : line),
  );
  return [terminal.bold("Budgets"), ...lines];
}

function verdict(report: HeapReport, terminal: Terminal): string {
  const differing = report.workloads.filter((workload) => workload.mismatches > 0);
  const wronglyPredicted = report.workloads.filter(({ wrongPrediction }) => wrongPrediction !== undefined);
  const { mismatch } = report.interface;
  const exceeded = report.budgets.filter((budget) => !budget.ok);
  const regressed = report.baseline && regressionReason(report.baseline);
  if (report.ok) {
    const good = terminal.green("OK: the C matches the reference.");
    return wronglyPredicted.length === 0 ? good : `${good}\n${wrongWarning(wronglyPredicted, terminal)}`;
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
    ...excesses(report.proofs),
    ...(exceeded.length > 0 ? [`over budget: ${exceeded.map((budget) => budget.what).join(", ")}`] : []),
    ...(regressed === undefined ? [] : [regressed]),
  ];
  return wrap(`FAILED: ${reasons.join("; ")}.`, terminal.width)
    .map(terminal.red)
    .join("\n");
}

/** The C has done what the reference did, in other cycles: the prediction is more likely wrong than the C. */
const wrongWarning = (workloads: readonly WorkloadReport[], terminal: Terminal): string =>
  wrap(
    `Warning: cycles were predicted wrongly (${workloads.map(({ name }) => name).join(", ")}). That is most likely a fault of alloc-gen: please report it, with the config. --strict makes it fail.`,
    terminal.width,
  )
    .map(terminal.yellow)
    .join("\n");
