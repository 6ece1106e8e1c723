/**
 * A run as a trace that Perfetto and chrome://tracing open: calls as slices, what the memory is used for as counters. The form is
 * the Trace Event Format's JSON object form. Time is counted in modelled cycles, of which one is a microsecond there.
 */
import type { Format } from "../format.js";
import type { Report } from "../report.js";
import { operationName } from "../../traces/operation.js";
import type { HeapPictures, WorkloadPictures } from "../../pictures/pictures.js";

export const perfetto: Format<Report> = { print, drawsRuns: true };

/** Calls of a workload that have a slice, about. Of those that stand together in a longer one the dearest has it. */
export const mostSlices = 20_000;

/** As the Trace Event Format names its members. */
type TraceEvent =
  | {
      readonly ph: "M";
      readonly pid: number;
      readonly name: string;
      readonly args: { readonly name: string };
    }
  | {
      readonly ph: "X";
      readonly pid: number;
      readonly tid: number;
      readonly name: string;
      readonly ts: number;
      readonly dur: number;
      readonly args: Readonly<Record<string, number>>;
    }
  | {
      readonly ph: "C";
      readonly pid: number;
      readonly name: string;
      readonly ts: number;
      readonly args: Readonly<Record<string, number>>;
    };

function print({ pictures = [], toolVersion }: Report): string {
  const processes = pictures.flatMap((heap) => heap.workloads.map((workload) => ({ heap, workload })));
  const events = processes.flatMap(({ heap, workload }, index) => eventsOf(heap, workload, index + 1));
  // An event a line: the file can be read, and compared.
  const lines = events.map((event) => JSON.stringify(event)).join(",\n");
  const about = {
    tool: `alloc-gen ${toolVersion}`,
    time: "modelled cycles: one is shown as a microsecond",
    slices: `at most ${mostSlices} calls of a workload; where it has more, the dearest of each group`,
  };
  return `{"otherData":${JSON.stringify(about)},"traceEvents":[\n${lines}\n]}\n`;
}

/** A workload is a process, as its time begins anew. */
function eventsOf({ name }: HeapPictures, workload: WorkloadPictures, pid: number): readonly TraceEvent[] {
  const times = beginnings(workload.cycles);
  return [
    { ph: "M", pid, name: "process_name", args: { name: `${name}: ${workload.name}` } },
    ...slices(workload, times, pid),
    ...counters(workload, times, pid),
  ];
}

/** When each operation begins, and when all are done. */
function beginnings(cycles: Uint32Array): Float64Array {
  const times = new Float64Array(cycles.length + 1);
  for (const [index, taken] of cycles.entries()) times[index + 1] = (times[index] ?? 0) + taken;
  return times;
}

function slices(
  { kinds, cycles }: WorkloadPictures,
  times: Float64Array,
  pid: number,
): readonly TraceEvent[] {
  const group = Math.max(1, Math.ceil(kinds.length / mostSlices));
  const found: TraceEvent[] = [];
  for (let from = 0; from < kinds.length; from += group) {
    let dearest = from;
    for (let index = from; index < Math.min(from + group, kinds.length); index++)
      if ((cycles[index] ?? 0) > (cycles[dearest] ?? 0)) dearest = index;
    found.push({
      ph: "X",
      pid,
      tid: 1,
      name: operationName(kinds[dearest] ?? 0),
      ts: times[dearest] ?? 0,
      dur: cycles[dearest] ?? 0,
      args: { operation: dearest },
    });
  }
  return found;
}

function counters({ memory }: WorkloadPictures, times: Float64Array, pid: number): readonly TraceEvent[] {
  return Array.from(memory.at.keys()).flatMap((index): TraceEvent[] => {
    const ts = times[memory.at[index] ?? 0] ?? 0;
    const counter = (name: string, values: Uint32Array): TraceEvent => ({
      ph: "C",
      pid,
      name,
      ts,
      args: { bytes: values[index] ?? 0 },
    });
    return [
      counter("live", memory.payload),
      counter("free", memory.free),
      counter("largest free", memory.largestFree),
    ];
  });
}
