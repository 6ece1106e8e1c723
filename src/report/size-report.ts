/** The report of `alloc-gen size`, as data and for people. */
import type { SizedTrace, SizingResult } from "../sizing/run-sizing.js";
import { windowBytes } from "../sizing/sizing.js";
import type { TraceOperation } from "../traces/operation.js";
import { autoTable, formatCount } from "./table.js";

export interface SizeReport {
  readonly version: 1;
  /** False where a trace is not served, or the core and the reference differ. */
  readonly ok: boolean;
  readonly target: string;
  readonly toolchain: string;
  readonly engine: string;
  readonly policy: string;
  readonly alignmentBytes: number;
  /** Every size in so many bytes above an answer works too. */
  readonly windowBytes: number;
  readonly traces: readonly {
    readonly name: string;
    readonly operations: number;
    /** Payload bytes live at most; a realloc that is malloc and free counts both blocks. */
    readonly peakBytes: number;
    /** null: no heap in the target's RAM serves the trace. */
    readonly leastHeapBytes: number | null;
    /** Least heap over peak. */
    readonly ratio: number | null;
    /** The size below, and what fails with it. */
    readonly below?: {
      readonly heapBytes: number;
      /** Index of the trace's first operation that gets NULL, and its line where the trace is a file. */
      readonly operation?: number;
      readonly line?: number;
      readonly why?: string;
    };
    /** Whether the core does at both sizes what the reference says. */
    readonly confirmed: boolean;
    readonly difference?: string;
  }[];
  /** The least heap that serves all of them. */
  readonly leastHeapBytes: number | null;
}

export function makeSizeReport({ project, traces, heapBytes, engine, toolchain }: SizingResult): SizeReport {
  const { config } = project.loaded;
  const isGood = (sized: SizedTrace): boolean =>
    sized.heapBytes !== undefined && sized.difference === undefined;
  return {
    version: 1,
    ok: traces.every(isGood),
    target: project.target.name,
    toolchain,
    engine: `${engine.name} ${engine.version}`,
    policy: config.policy.kind,
    alignmentBytes: config.heap.alignment,
    windowBytes,
    traces: traces.map((sized) => {
      const { trace, peakBytes, below, difference } = sized;
      const line = below?.operation === undefined ? undefined : trace.lines?.[below.operation];
      return {
        name: trace.name,
        operations: trace.operations.length,
        peakBytes,
        leastHeapBytes: sized.heapBytes ?? null,
        ratio: sized.heapBytes === undefined ? null : sized.heapBytes / peakBytes,
        ...(below === undefined ? {} : { below: { ...below, ...(line === undefined ? {} : { line }) } }),
        confirmed: isGood(sized),
        ...(difference === undefined ? {} : { difference }),
      };
    }),
    leastHeapBytes: heapBytes ?? null,
  };
}

export function sizeText({ project, traces }: SizingResult, report: SizeReport): string {
  const { alignmentBytes } = report;
  const title = `${project.loaded.config.name} for ${report.target}: the least heap.size that serves`;
  const head = autoTable(
    ["left", "left"],
    [
      ["policy", `${report.policy}, alignment ${alignmentBytes}`],
      ["toolchain", report.toolchain],
      ["engine", report.engine],
    ],
  );
  const rows = report.traces.map((row, index) => [
    row.name,
    formatCount(row.operations),
    formatCount(row.peakBytes),
    row.leastHeapBytes === null ? "-" : formatCount(row.leastHeapBytes),
    row.ratio === null ? "-" : row.ratio.toFixed(3),
    edgeText(row, traces[index]),
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

function edgeText(row: SizeReport["traces"][number], sized: SizedTrace | undefined): string {
  if (row.leastHeapBytes === null) return "no heap in the target's RAM serves it";
  const { below } = row;
  if (below === undefined) return "less than the peak";
  if (below.operation === undefined) return below.why ?? "";
  const operation = sized?.trace.operations[below.operation];
  const where = below.line === undefined ? `operation ${below.operation}` : `line ${below.line}`;
  return `${operation === undefined ? "" : callText(operation)} gets NULL (${where})`;
}

function callText(operation: TraceOperation): string {
  switch (operation.kind) {
    case "malloc":
    case "calloc":
    case "realloc":
      return `${operation.kind} of ${formatCount(operation.size)}`;
    case "aligned":
      return `aligned allocation of ${formatCount(operation.size)}`;
    case "free":
      return "free";
  }
}

function verdict({ ok, traces, alignmentBytes }: SizeReport): readonly string[] {
  const differences = traces.flatMap(({ name, difference }) =>
    difference === undefined ? [] : [`${name}: ${difference}`],
  );
  if (differences.length > 0) return ["DIFFERENT on the core and in the reference:", ...differences];
  if (!ok) return ["NOT SERVED: no heap that the target's RAM holds serves every trace."];
  return [
    `Every multiple of ${alignmentBytes} up to ${formatCount(windowBytes)} bytes above works too, says the reference.`,
    "OK: the core serves every request with the least heap, and fails where the reference fails below it.",
  ];
}
