/** The report of `alloc-gen compare`, as data. */
import type { PeerComparison, EntryTrace } from "../peers/compare-peers.js";
import { strideSizes } from "../peers/strides.js";
import type { Engine } from "../emulators/engine.js";
import type { Project } from "../pipeline.js";
import type { Trace } from "../traces/operation.js";
import { peakBytes } from "../traces/peak.js";
import { describeModel } from "./describe-model.js";

export interface ComparisonReport {
  readonly version: 1;
  /** False where an allocator broke a promise. */
  readonly ok: boolean;
  readonly target: string;
  /** Compiler and version. */
  readonly toolchain: string;
  readonly engine: string;
  readonly cycleModel: string;
  readonly heapBytes: number;
  /** How reallocs were replayed. */
  readonly realloc: "the allocators' own" | "malloc, then free of the old block";
  readonly traces: readonly {
    readonly name: string;
    readonly operations: number;
    readonly peakBytes: number;
  }[];
  /** The generated one first, for each optimisation. */
  readonly allocators: readonly {
    readonly name: string;
    readonly optimize: string;
    readonly alignmentBytes: number;
    readonly flashBytes: number;
    /** RAM outside the heap, control data in it, and one header. */
    readonly controlBytes: number | null;
    /** Distance of neighbouring blocks by payload size in bytes; null: the heap has no room for 17 of them. */
    readonly strideBytes: Readonly<Record<string, number | null>>;
    readonly traces: readonly EntryTraceReport[];
  }[];
}

export interface EntryTraceReport {
  readonly name: string;
  readonly malloc: EntryTrace["malloc"];
  readonly free: EntryTrace["free"];
  readonly realloc?: EntryTrace["malloc"];
  /** The first promise that was broken; figures are then of the operations before. */
  readonly broken?: string;
  readonly leastHeap?: {
    readonly heapBytes: number;
    /** Heap and the control data outside it. */
    readonly ramBytes: number;
    /** `ramBytes` over the trace's `peakBytes`. */
    readonly ratio: number;
    /** Present where a larger size fails: the size from which on all work that were tried. */
    readonly steadyFrom?: number;
  };
}

export function makeComparisonReport(
  project: Project,
  engine: Engine,
  traces: readonly Trace[],
  { entries, ownRealloc }: PeerComparison,
): ComparisonReport {
  const peaks = new Map(traces.map((trace) => [trace.name, peakBytes(trace, !ownRealloc)]));
  return {
    version: 1,
    ok: entries.every((entry) => entry.traces.every(({ broken }) => broken === undefined)),
    target: project.target.name,
    toolchain: (entries[0]?.toolchain ?? "").replace(/ \S+$/, ""),
    engine: `${engine.name} ${engine.version}`,
    cycleModel: describeModel(project.target),
    heapBytes: project.plan.heapBytes,
    realloc: ownRealloc ? "the allocators' own" : "malloc, then free of the old block",
    traces: traces.map(({ name, operations }) => ({
      name,
      operations: operations.length,
      peakBytes: peaks.get(name) ?? 0,
    })),
    allocators: entries.map(({ name, optimize, alignmentBytes, flashBytes, layout, traces: measured }) => ({
      name,
      optimize,
      alignmentBytes,
      flashBytes,
      controlBytes: layout.controlBytes ?? null,
      strideBytes: Object.fromEntries(strideSizes.map((size) => [size, layout.strides[size] ?? null])),
      traces: measured.map((trace) => reportTrace(trace, peaks.get(trace.name) ?? 0)),
    })),
  };
}

function reportTrace(trace: EntryTrace, peak: number): EntryTraceReport {
  const { name, malloc, free, realloc, broken, least } = trace;
  return {
    ...{ name, malloc, free },
    ...(realloc === undefined ? {} : { realloc }),
    ...(broken === undefined ? {} : { broken }),
    ...(least === undefined ? {} : { leastHeap: { ...least, ratio: least.ramBytes / peak } }),
  };
}
