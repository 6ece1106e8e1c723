/** The report of `alloc-gen trace info` for people. */
import type { Distribution } from "../traces/describe.js";
import type { Format } from "./format.js";
import { fitTable } from "./fit-table.js";
import { formatCount, formatFigure, reportWidth, wrapLines } from "./table.js";
import type { TraceReport } from "./trace-report.js";

export const traceText: Format<TraceReport> = { print };

function print(report: TraceReport, width = reportWidth): string {
  const parts = [
    head(report, width),
    distributionText("Sizes of requests", "bytes", report.sizes, width),
    distributionText("Lifetimes of blocks that are freed", "operations", report.lifetimes, width),
    leftText(report, width),
    wrapLines(failedText(report), width),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function head(
  { name, operations, counts, peak, mostBlocks, times, header }: TraceReport,
  width: number,
): readonly string[] {
  const kinds = Object.entries(counts).filter(([, count]) => count > 0);
  const lost = header["lost_events"];
  return [
    `${name} (${formatCount(operations)} operations)`,
    ...fitTable(
      { aligns: ["left", "left"] },
      [
        ["calls", kinds.map(([kind, count]) => `${formatCount(count)} ${kind}`).join(", ")],
        [
          "peak",
          `${formatCount(peak.bytes)} bytes in ${blocksText(peak.blocks)}, after operation ${formatCount(peak.operation)}`,
        ],
        ["most blocks", formatCount(mostBlocks)],
        ...(times === null ? [] : [["time", timeText(times, header["clock_hz"])]]),
        ...(lost === undefined ? [] : [["lost", `${lost} events of the recording`]]),
      ],
      width,
    ),
  ];
}

function timeText({ first, last }: NonNullable<TraceReport["times"]>, clock: string | undefined): string {
  const ticks = `${formatCount(last - first)} ticks`;
  return Number(clock) > 0 ? `${ticks}, ${((last - first) / Number(clock)).toFixed(3)} s` : ticks;
}

function distributionText(
  title: string,
  unit: string,
  values: Distribution | null,
  width: number,
): readonly string[] {
  if (values === null) return [];
  const { bars, least, median, mean, p90, most, count } = values;
  const largest = Math.max(...bars.map((bar) => bar.count));
  const rows = bars.map((bar) => [
    bar.from === bar.to ? formatCount(bar.to) : `${formatCount(bar.from)} to ${formatCount(bar.to)}`,
    formatCount(bar.count),
    `${((100 * bar.count) / count).toFixed(1)} %`,
    "#".repeat(Math.ceil((40 * bar.count) / largest)),
  ]);
  const sentence = `${title}, in ${unit}: ${formatCount(least)} to ${formatCount(most)}, mean ${formatFigure(mean)}, median ${formatCount(median)}, 90 % at most ${formatCount(p90)}`;
  return [
    ...wrapLines([sentence], width),
    ...fitTable({ aligns: ["right", "right", "right", "left"] }, rows, width - 2).map((line) => `  ${line}`),
  ];
}

/** Tags that are listed; the others are in the JSON. */
const mostTags = 10;

function leftText({ left }: TraceReport, width: number): readonly string[] {
  if (left.blocks === 0) return ["Left at the end: nothing"];
  const isTagged = left.byTag.some(({ tag }) => tag !== null);
  const byTag = left.byTag
    .slice(0, mostTags)
    .map(({ tag, blocks, bytes }) => [
      `${formatCount(bytes)} bytes`,
      blocksText(blocks),
      tag ?? "without a tag",
    ]);
  const largest = left.largest.map(({ bytes, operation, line }) => [
    `${formatCount(bytes)} bytes`,
    `operation ${formatCount(operation)}${line === null ? "" : `, line ${formatCount(line)}`}`,
  ]);
  const more = left.byTag.length - mostTags;
  return [
    `Left at the end: ${formatCount(left.bytes)} bytes in ${blocksText(left.blocks)}${isTagged ? ", by tag" : ", the largest"}`,
    ...fitTable({ aligns: ["right", "right", "left"] }, isTagged ? byTag : largest, width - 2).map(
      (line) => `  ${line}`,
    ),
    ...(isTagged && more > 0 ? [`  and ${more} more tags`] : []),
  ];
}

function failedText({ failed }: TraceReport): readonly string[] {
  if (failed.count === 0) return [];
  const kinds = Object.entries(failed.counts).filter(([, count]) => count > 0);
  return [
    `Failed when it was recorded: ${kinds.map(([kind, count]) => `${formatCount(count)} ${kind}`).join(", ")}, the largest of ${formatCount(failed.largest)} bytes`,
  ];
}

const blocksText = (count: number): string => `${formatCount(count)} ${count === 1 ? "block" : "blocks"}`;
