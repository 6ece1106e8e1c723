/** The report of `alloc-gen compare` for people: one table, a part of it for each trace. */
import { label, shownCompiler, type ComparisonReport, type EntryTraceReport } from "./peers-report.js";
import { strideSizes } from "../peers/strides.js";
import type { Format } from "./format.js";
import { fitTable } from "./fit-table.js";
import { formatCount, formatMean, reportWidth, wrapLines } from "./table.js";

type AllocatorReport = ComparisonReport["allocators"][number];

export const comparisonText: Format<ComparisonReport> = { print };

function print(report: ComparisonReport, width = reportWidth): string {
  const head = fitTable(
    { aligns: ["left", "left"] },
    [
      ["toolchain", report.toolchain],
      ["engine", report.engine],
      ...(report.witness === undefined ? [] : [["witness", report.witness]]),
      ["cycles", `modelled: ${report.cycleModel}`],
      ["heap", `${formatCount(report.heapBytes)} bytes for each`],
      ["realloc", report.realloc],
    ],
    width,
  );
  const sections = [
    [`Allocators for ${report.target}`, ...head],
    table(report, width),
    wrapLines(
      [
        `blocks: bytes from one block to the next, payloads of ${strideSizes.join(", ")} bytes`,
        "control: RAM outside the heap, control data in it, and one header",
        "least RAM: the least that serves the trace, heap and control data; ratio: over the peak of live payload",
        ...(hasLibrary(report)
          ? ["library: comes compiled, and is measured once; the compiler named links it"]
          : []),
        ...(hasUnsteady(report) ? ["*: a larger heap fails the trace again"] : []),
      ],
      width,
    ),
    wrapLines(verdict(report), width),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function table(report: ComparisonReport, width: number): readonly string[] {
  const rows = report.traces.flatMap((trace) => [
    "",
    `${trace.name} (${formatCount(trace.operations)} operations)`,
    ...report.allocators.map((allocator) =>
      row(
        allocator,
        compilerCells(report, allocator),
        allocator.traces.find(({ name }) => name === trace.name),
      ),
    ),
  ]);
  const blocks = `blocks ${strideSizes.join("/")}`;
  const compilers = report.allocators.slice(0, 1).flatMap((allocator) => compilerCells(report, allocator));
  const before = ["", "", ...compilers.map(() => "")];
  const columns = [
    ...before,
    "flash",
    "control",
    blocks,
    "mean",
    "p99",
    "max",
    "mean",
    "p99",
    "max",
    "failed",
  ];
  const groups = [...before, "", "", "", "malloc", "", "", "free", "", "", ""];
  const first = before.length;
  return fitTable(
    {
      aligns: [...before.map(() => "left" as const), ...Array<"right">(12).fill("right")],
      keys: before.map((_, index) => index),
      // Flash and what blocks take; then malloc, free, and what the heap needs.
      groups: [0, 3, 6, 9].map((column) => first + column),
    },
    [groups, [...columns, "least RAM", "ratio"], ...rows],
    width,
  );
}

/** One cell, or none. */
function compilerCells(report: ComparisonReport, allocator: AllocatorReport): readonly string[] {
  const compiler = shownCompiler(report, allocator);
  return compiler === undefined ? [] : [compiler];
}

function row(
  allocator: AllocatorReport,
  compiler: readonly string[],
  trace: EntryTraceReport | undefined,
): string[] {
  const { name, optimize, flashBytes, controlBytes, strideBytes } = allocator;
  const strides = strideSizes.map((size) => strideText(strideBytes[size] ?? null)).join("/");
  const made = [`  ${name}`, ...compiler, optimize];
  const layout = [...made, formatCount(flashBytes), numberText(controlBytes), strides];
  if (trace === undefined) return layout;
  if (trace.broken !== undefined) return [...layout, "BROKEN"];
  const { malloc, free, leastHeap } = trace;
  const star = leastHeap?.steadyFrom === undefined ? "" : "*";
  return [
    ...layout,
    ...[malloc, free].flatMap(({ cycles }) => [
      formatMean(cycles.mean),
      formatCount(cycles.p99),
      formatCount(cycles.max),
    ]),
    formatCount(malloc.failed),
    leastHeap === undefined ? "-" : `${star}${formatCount(leastHeap.ramBytes)}`,
    leastHeap === undefined ? "-" : leastHeap.ratio.toFixed(3),
  ];
}

const numberText = (value: number | null): string => (value === null ? "-" : formatCount(value));
const strideText = (value: number | null): string =>
  value === null ? "-" : value.toLocaleString("en-US", { maximumFractionDigits: 1 });

const hasUnsteady = ({ allocators }: ComparisonReport): boolean =>
  allocators.some(({ traces }) => traces.some(({ leastHeap }) => leastHeap?.steadyFrom !== undefined));

const hasLibrary = (report: ComparisonReport): boolean =>
  report.allocators.some(
    (allocator) => allocator.precompiled && shownCompiler(report, allocator) !== undefined,
  );

function verdict(report: ComparisonReport): readonly string[] {
  if (report.ok)
    return ["OK: every block lies in the heap, is aligned, overlaps no other, and keeps its payload."];
  const broken = report.allocators.flatMap((allocator) =>
    allocator.traces.flatMap((trace) =>
      trace.broken === undefined ? [] : [`${label(report, allocator)}, ${trace.name}: ${trace.broken}`],
    ),
  );
  return ["BROKEN PROMISES:", ...broken];
}
