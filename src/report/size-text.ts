/** The report of `alloc-gen size` for people. */
import type { Format } from "./format.js";
import type { SizeReport } from "./size-report.js";
import { autoTable, formatCount } from "./table.js";

export const sizeText: Format<SizeReport> = { print };

function print(report: SizeReport): string {
  const { alignmentBytes } = report;
  const title = `${report.name} for ${report.target}: the least heap.size that serves`;
  const head = autoTable(
    ["left", "left"],
    [
      ["policy", `${report.policy}, alignment ${alignmentBytes}`],
      ["toolchain", report.toolchain],
      ["engine", report.engine],
      ...(report.witness === undefined ? [] : [["witness", report.witness]]),
    ],
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
  const table = autoTable(
    ["left", "right", "right", "right", "right", "left"],
    [
      ["Trace", "ops", "peak live", "least heap", "ratio", `${alignmentBytes} bytes less`],
      ...rows,
      ...(rows.length > 1 && report.leastHeapBytes !== null ? [all] : []),
    ],
  );
  return `${[[title, ...head], table, verdict(report)].map((lines) => lines.join("\n")).join("\n\n")}\n`;
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
