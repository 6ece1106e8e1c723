/** The report of `alloc-gen time` for people. */
import type { AnnotatedInstruction, Cost, TimeReport } from "../function-timing/time-function.js";
import type { Format } from "./format.js";
import { fitTable, type TableLine } from "./fit-table.js";
import { formatCount, reportWidth, wrapLines } from "./table.js";

/** Lines of source that are shown; the rest is in the JSON. */
const shownLines = 20;

export const timeText: Format<TimeReport> = { print };

function print(report: TimeReport, width = reportWidth): string {
  const { cycleModel, estimate, engine, target, calls, first, least, most } = report;
  const isSaid = !estimate || cycleModel.includes("estimate");
  const head = [
    `${report.function} in ${report.file}, on ${target}`,
    `cycles     modelled: ${cycleModel}${isSaid ? "" : " (estimate)"}`,
    `engine     ${engine}`,
    `counted    first instruction through return${report.withCall ? ", and the caller's call instruction" : ""}`,
    `returned   ${report.returned.register} = 0x${report.returned.value.toString(16).padStart(8, "0")}`,
    "",
    `${formatCount(first.instructions)} instructions, ${formatCount(first.cycles)} cycles`,
  ];
  const repeated =
    calls.length > 1
      ? [
          `${formatCount(calls.length)} calls: first ${figure(first)}, least ${figure(least)}, most ${figure(most)}`,
        ]
      : [];
  const sections = [
    wrapLines([...head, ...repeated], width),
    table(
      "Function",
      report.functions.map(({ name, ...cost }) => [name, cost]),
      first,
      width,
    ),
    ...(report.lines.length > 0
      ? [
          table(
            "Source line",
            report.lines.slice(0, shownLines).map(({ line, ...cost }) => [line, cost]),
            first,
            width,
          ),
        ]
      : []),
    ...(report.instructions === undefined ? [] : [annotation(report.instructions, width)]),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const figure = ({ cycles }: Cost): string => `${formatCount(cycles)} cycles`;

function table(
  title: string,
  rows: readonly (readonly [string, Cost])[],
  whole: Cost,
  width: number,
): readonly string[] {
  return fitTable(
    { aligns: ["left", "right", "right", "right"], breaks: [0] },
    [
      [title, "instr.", "cycles", "share"],
      ...rows.map(([name, { instructions, cycles }]) => [
        name,
        formatCount(instructions),
        formatCount(cycles),
        `${((100 * cycles) / Math.max(1, whole.cycles)).toFixed(1)} %`,
      ]),
    ],
    width,
  );
}

function annotation(instructions: readonly AnnotatedInstruction[], width: number): readonly string[] {
  const rows: TableLine[] = [["Address", "count", "cycles", "", ""]];
  let current: string | undefined;
  for (const { address, function: name, text, line, count, cycles } of instructions) {
    if (name !== current) rows.push(`${name}:`);
    current = name;
    rows.push([
      address.toString(16).padStart(8, "0"),
      formatCount(count),
      formatCount(cycles),
      text,
      line ?? "",
    ]);
  }
  return fitTable({ aligns: ["left", "right", "right", "left", "left"] }, rows, width);
}
