/** The figures of each workload, told to people. */
import { namesOf, type ByFunction, type OperationName } from "../../traces/operation.js";
import type { FunctionFigures } from "../../verify/verification.js";
import type { HeapReport } from "../report.js";
import { fitTable, type TableShape } from "../fit-table.js";
import { formatCount } from "../table.js";
import type { Terminal, Section } from "./text-parts.js";

/** 100 columns with the two spaces between them; figures have no thousands separators, to fit. */
const workloadTable: TableShape = {
  aligns: ["left", "right", "right", "left", ...Array.from({ length: 6 }, () => "right" as const)],
  least: [17, 9, 7, 7, 7, 7, 7, 7, 7, 7],
  keys: [0, 3],
  groups: [1, 4, 7],
  breaks: [0],
};

export function workloadSection(report: HeapReport, terminal: Terminal): Section {
  const figures = ["mean", "p99", "max"];
  const rows = report.workloads.flatMap((workload) => {
    const { name, operations, malloc, mismatches } = workload;
    const first = [name, formatCount(operations), formatCount(malloc.failed), "malloc", ...cells(malloc)];
    const others = namesOf(workload).filter((function_) => function_ !== "malloc");
    return [
      { cells: first, differs: mismatches > 0 },
      ...others.flatMap((other) => functionRow(workload, other)),
    ];
  });
  const heads = [
    ["", "", "", "", "", "instr.", "", "", "cycles"],
    ["Workload", "ops", "failed", "", ...figures, ...figures],
  ];
  return fitTable(workloadTable, [...heads, ...rows.map((row) => row.cells)], terminal.width, (line, row) => {
    if (row === 1) return terminal.bold(line);
    return rows[row - heads.length]?.differs === true ? terminal.red(line) : line;
  });
}

/** A function beside malloc; the failed calls of one that allocates are its own. Not called, not told. */
function functionRow(workload: ByFunction<FunctionFigures>, name: OperationName) {
  const figures = workload[name];
  if (figures === undefined || (figures.calls === 0 && name !== "free")) return [];
  const failed = name === "free" ? "" : formatCount(figures.failed);
  const label = name === "alignedAlloc" ? "aligned" : name;
  return [{ cells: ["", "", failed, label, ...cells(figures)], differs: false }];
}

function cells({ instructions, cycles }: FunctionFigures): string[] {
  return [instructions, cycles].flatMap(({ mean, p99, max }) => [mean.toFixed(1), String(p99), String(max)]);
}
