/** The report of `alloc-gen compare` as a page: bars for each figure, the least first. */
import type { Format } from "../format.js";
import { comparisonText } from "../peers-text.js";
import { label, type ComparisonReport, type EntryTraceReport } from "../peers-report.js";
import { formatCount } from "../table.js";
import { printPage } from "./document.js";
import {
  bars,
  details,
  facts,
  joined,
  paragraph,
  preformatted,
  type Bar,
  type Markup,
  type PageSection,
} from "./markup.js";

export const comparisonPage: Format<ComparisonReport> = { print };

type AllocatorReport = ComparisonReport["allocators"][number];

function print(report: ComparisonReport): string {
  const { target, ok } = report;
  return printPage({
    title: `Allocators for ${target}`,
    verdict: {
      ok,
      text: ok
        ? "OK: every block lies in the heap, is aligned, overlaps no other, and keeps its payload."
        : "BROKEN PROMISES",
    },
    introduction: facts([
      ["toolchain", report.toolchain],
      ["engine", report.engine],
      ["cycles", `modelled: ${report.cycleModel}`],
      ["heap", `${formatCount(report.heapBytes)} bytes for each`],
      ["realloc", report.realloc],
    ]),
    sections: [
      { id: "size", title: "Size", content: sizes(report) },
      ...report.traces.map((trace, index) => traceSection(report, trace, index)),
      {
        id: "text",
        title: "Text",
        content: details("As it is printed", preformatted(comparisonText.print(report))),
      },
    ],
    views: [],
  });
}

/** The least first; what is not known comes last. */
function sorted(rows: readonly Bar[]): readonly Bar[] {
  return rows.toSorted((left, right) => (left.value ?? Infinity) - (right.value ?? Infinity));
}

/** The generated allocator is told from the others by its colour. */
function barsOf(
  report: ComparisonReport,
  title: string,
  unit: string,
  of: (allocator: AllocatorReport) => Pick<Bar, "value" | "note">,
): Markup {
  const own = report.allocators[0]?.name;
  const rows = report.allocators.map((allocator): Bar => {
    const figure = of(allocator);
    return {
      label: label(report, allocator),
      ...figure,
      ...(allocator.name === own ? { tone: "own" } : {}),
    };
  });
  return bars(title, unit, sorted(rows));
}

const grid = (parts: readonly Markup[]): Markup => ({
  html: `<div class="grid">${joined(parts).html}</div>`,
});

const sizes = (report: ComparisonReport): Markup =>
  grid([
    barsOf(report, "Flash", "bytes", ({ flashBytes: value }) => ({ value })),
    barsOf(report, "Control data", "bytes outside the heap and in it, and a header", (allocator) => ({
      value: allocator.controlBytes,
    })),
  ]);

function traceSection(
  report: ComparisonReport,
  { name, operations, peakBytes }: ComparisonReport["traces"][number],
  index: number,
): PageSection {
  const traceOf = ({ traces }: AllocatorReport): EntryTraceReport | undefined =>
    traces.find((trace) => trace.name === name);
  const figure =
    (value: (trace: EntryTraceReport) => number | undefined, note?: (trace: EntryTraceReport) => string) =>
    (allocator: AllocatorReport): Pick<Bar, "value" | "note"> => {
      const trace = traceOf(allocator);
      if (trace === undefined) return { value: null };
      if (trace.broken !== undefined) return { value: null, note: "broken" };
      return { value: value(trace) ?? null, ...(note === undefined ? {} : { note: note(trace) }) };
    };
  const cycles = (key: "malloc" | "free", of: "mean" | "max") =>
    barsOf(
      report,
      `${key}, ${of === "mean" ? "mean" : "most"}`,
      "modelled cycles",
      figure(
        (trace) => trace[key].cycles[of],
        (trace) => (of === "max" ? "" : `99 % at most ${formatCount(trace[key].cycles.p99)}`),
      ),
    );
  const broken = report.allocators.flatMap((allocator) => {
    const why = traceOf(allocator)?.broken;
    return why === undefined ? [] : [paragraph(`${label(report, allocator)}: ${why}`)];
  });
  return {
    id: `trace-${index}`,
    title: name,
    content: joined([
      paragraph(`${formatCount(operations)} operations, at most ${formatCount(peakBytes)} bytes live.`),
      ...broken,
      grid([
        cycles("malloc", "mean"),
        cycles("free", "mean"),
        cycles("malloc", "max"),
        cycles("free", "max"),
        barsOf(
          report,
          "Least RAM that serves it",
          "bytes",
          figure(
            (trace) => trace.leastHeap?.ramBytes,
            ({ leastHeap }) =>
              leastHeap === undefined
                ? ""
                : `${leastHeap.ratio.toFixed(3)} of the peak${leastHeap.steadyFrom === undefined ? "" : "; a larger heap fails again"}`,
          ),
        ),
        barsOf(
          report,
          "Requests that failed",
          `of ${formatCount(report.heapBytes)} bytes`,
          figure((trace) => trace.malloc.failed),
        ),
      ]),
    ]),
  };
}
