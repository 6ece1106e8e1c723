/** The figures of each workload, told to people. */
import { namesOf, type ByFunction, type OperationName } from "../../traces/operation.js";
import type { FunctionFigures } from "../../verify/verification.js";
import type { HeapReport } from "../report.js";
import { formatCount, tableRow, type Column } from "../table.js";
import type { Colors, Section } from "./text-parts.js";

/** 100 columns with the two spaces between them; figures have no thousands separators, to fit. */
const workloadColumns: readonly Column[] = [
  { align: "left", width: 17 },
  { align: "right", width: 9 },
  { align: "right", width: 7 },
  { align: "left", width: 7 },
  ...Array.from({ length: 6 }, () => ({ align: "right", width: 7 }) as const),
];

export function workloadSection(report: HeapReport, colors: Colors): Section {
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
