/** The report of `alloc-gen size` for people. */
import type { Format } from "./format.js";
import type { SizeReport } from "./size-report.js";
import { fitTable } from "./fit-table.js";
import { formatCount, formatFigure, formatMean, reportWidth, wrapLines } from "./table.js";

export const sizeText: Format<SizeReport> = { print };

function print(report: SizeReport, width = reportWidth): string {
  const { alignmentBytes } = report;
  const title = `${report.name} for ${report.target}: the least heap.size that serves`;
  const head = fitTable(
    { aligns: ["left", "left"] },
    [
      ["policy", `${report.policy}, alignment ${alignmentBytes}`],
      ["toolchain", report.toolchain],
      ["engine", report.engine],
      ...(report.witness === undefined ? [] : [["witness", report.witness]]),
    ],
    width,
  );
  const rows = report.traces.map((row) => [
    row.name,
    formatCount(row.operations),
    formatCount(row.peakBytes),
    row.leastHeapBytes === null ? "-" : formatCount(row.leastHeapBytes),
    row.ratio === null ? "-" : row.ratio.toFixed(3),
    edgeText(row),
  ]);
  const all = ["all of them", "", "", formatCount(report.leastHeapBytes ?? 0), "", ""];
  const table = fitTable(
    { aligns: ["left", "right", "right", "right", "right", "left"] },
    [
      ["Trace", "ops", "peak live", "least heap", "ratio", `${alignmentBytes} bytes less`],
      ...rows,
      ...(rows.length > 1 && report.leastHeapBytes !== null ? [all] : []),
    ],
    width,
  );
  const perturbed = perturbedLines(report, width);
  const parts = [
    [...wrapLines([title], width), ...head],
    table,
    ...(perturbed.length > 0 ? [perturbed] : []),
    wrapLines(verdict(report), width),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** What perturbed copies need, where they were asked for. */
function perturbedLines({ traces, confidentHeapBytes }: SizeReport, width: number): readonly string[] {
  const rows = traces.flatMap(({ name, peakBytes, perturbed }) => {
    if (perturbed === undefined) return [];
    const { fragmentation, heapBytes, checked, served } = perturbed;
    const ratio = (value: number | null): string => (value === null ? "-" : value.toFixed(3));
    return [
      [
        name,
        ratio(fragmentation.median),
        ratio(fragmentation.quantile),
        ratio(fragmentation.worst),
        formatCount(perturbed.peakBytes),
        `${formatMean((100 * perturbed.peakBytes) / peakBytes - 100)} %`,
        heapBytes === null ? "-" : formatCount(heapBytes),
        `${served} of ${checked}`,
      ],
    ];
  });
  const [first] = traces.flatMap(({ perturbed }) => perturbed ?? []);
  if (first === undefined) return [];
  const percent = `${formatFigure(100 * first.confidence)} %`;
  const table = fitTable(
    { aligns: ["left", "right", "right", "right", "right", "right", "right", "right"] },
    [
      ["Perturbed", "median", percent, "worst", "largest peak", "above", "heap.size", "served"],
      ...rows,
      ...(rows.length > 1 && typeof confidentHeapBytes === "number"
        ? [["all of them", "", "", "", "", "", formatCount(confidentHeapBytes), ""]]
        : []),
    ],
    width,
  );
  return [
    ...table,
    ...wrapLines(
      [
        `Least heap over peak of ${first.copies} perturbed copies (seed ${first.seed}); heap.size is its ${percent} quantile times the`,
        `largest peak. "served": other copies that this size serves. All by the reference.`,
      ],
      width,
    ),
  ];
}

function edgeText(row: SizeReport["traces"][number]): string {
  if (row.leastHeapBytes === null) return "no heap that fits the target's RAM serves it";
  const { below } = row;
  if (below === undefined) return "less than the peak";
  if (below.operation === undefined) return below.why ?? "";
  const where = below.line === undefined ? `operation ${below.operation}` : `line ${below.line}`;
  return `${below.call ?? ""} returns NULL (${where})`;
}

function verdict({ ok, traces, alignmentBytes, windowBytes }: SizeReport): readonly string[] {
  const differences = traces.flatMap(({ name, difference }) =>
    difference === undefined ? [] : [`${name}: ${difference}`],
  );
  if (differences.length > 0) return ["DIFFERENT on the core and in the reference:", ...differences];
  if (!ok) return ["NOT SERVED: no heap that fits the target's RAM serves every trace."];
  return [
    `Every multiple of ${alignmentBytes} up to ${formatCount(windowBytes)} bytes above serves it too, by the reference.`,
    "OK: the core serves every request with the least heap, and below it fails where the reference fails.",
  ];
}
