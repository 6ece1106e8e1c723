/** The report of `alloc-gen compare` in Markdown: a table for each trace. */
import { strideSizes } from "../peers/strides.js";
import { label, type ComparisonReport } from "./peers-report.js";
import type { Format } from "./format.js";
import { escapeText, table } from "./formats/markdown-parts.js";
import { formatCount, formatFigure, formatMean } from "./table.js";

export const comparisonMarkdown: Format<ComparisonReport> = { print };

function print(report: ComparisonReport): string {
  const { ok, target, toolchain, engine, witness, cycleModel, heapBytes, traces, allocators } = report;
  const conditions = [
    toolchain,
    engine,
    ...(witness === undefined ? [] : [`witness: ${witness}`]),
    `cycles modelled: ${cycleModel}`,
    `heap ${formatCount(heapBytes)} bytes`,
  ];
  const broken = allocators.flatMap((allocator) =>
    allocator.traces.flatMap((trace) =>
      trace.broken === undefined
        ? []
        : [`- ${escapeText(`${label(report, allocator)}, ${trace.name}: ${trace.broken}`)}`],
    ),
  );
  const sections = [
    `### Allocators for ${escapeText(target)}: ${ok ? "OK" : "broken promises"}`,
    ...(broken.length === 0 ? [] : [broken.join("\n")]),
    layoutTable(report),
    ...traces.flatMap(({ name, operations }) => [
      `**${escapeText(name)}** (${formatCount(operations)} operations)`,
      traceTable(report, name),
    ]),
    conditions.map(escapeText).join("; "),
  ];
  return `${sections.join("\n\n")}\n`;
}

const orDash = (value: number | null | undefined): string =>
  value === null || value === undefined ? "-" : formatCount(value);

/** A distance may have a half. */
const strideText = (value: number | null | undefined): string =>
  value === null || value === undefined ? "-" : formatFigure(value);

function layoutTable(report: ComparisonReport): string {
  return table(
    ["Allocator", "flash", "control", `blocks ${strideSizes.join("/")}`],
    report.allocators.map((allocator) => [
      label(report, allocator),
      formatCount(allocator.flashBytes),
      orDash(allocator.controlBytes),
      strideSizes.map((size) => strideText(allocator.strideBytes[size])).join("/"),
    ]),
  );
}

function traceTable(report: ComparisonReport, trace: string): string {
  const figures = ["mean", "p99", "max"];
  const head = ["malloc", "free"].flatMap((called) => figures.map((figure) => `${called} ${figure}`));
  const rows = report.allocators.flatMap((allocator) => {
    const measured = allocator.traces.find(({ name }) => name === trace);
    if (measured === undefined) return [];
    if (measured.broken !== undefined)
      return [[label(report, allocator), "broken", ...Array<string>(8).fill("")]];
    const { malloc, free, leastHeap } = measured;
    const cycles = [malloc, free].flatMap(({ cycles: { mean, p99, max } }) => [
      formatMean(mean),
      formatCount(p99),
      formatCount(max),
    ]);
    const ratio = leastHeap === undefined ? "-" : leastHeap.ratio.toFixed(3);
    return [
      [label(report, allocator), ...cycles, formatCount(malloc.failed), orDash(leastHeap?.ramBytes), ratio],
    ];
  });
  return table(["Allocator", ...head, "failed", "least RAM", "ratio"], rows);
}
