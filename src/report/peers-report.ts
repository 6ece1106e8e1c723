/** The report of `alloc-gen compare`, as data. */
import type { Entry, EntryTrace, PeerComparison } from "../peers/compare-peers.js";
import { strideSizes } from "../peers/strides.js";
import type { Engine } from "../emulators/engine.js";
import { engineTitle, witnessTitle } from "./engine-text.js";
import type { Project } from "../pipeline.js";
import type { Trace } from "../traces/operation.js";
import { peakBytes } from "../traces/peak.js";
import { describeModel } from "./describe-model.js";

export interface ComparisonReport {
  readonly version: 1;
  /** False where an allocator broke a promise. */
  readonly ok: boolean;
  readonly target: string;
  /** Compiler and version; several with a comma between them. */
  readonly toolchain: string;
  readonly engine: string;
  /** Who executes a share of what is measured too, or why nobody does; absent where the engines were chosen. */
  readonly witness?: string;
  readonly cycleModel: string;
  readonly heapBytes: number;
  /** How reallocs were replayed. */
  readonly realloc: "the allocators' own" | "malloc, then free of the old block";
  readonly traces: readonly {
    readonly name: string;
    readonly operations: number;
    readonly peakBytes: number;
  }[];
  /** The generated one first, for each optimisation; each with every compiler. */
  readonly allocators: readonly {
    readonly name: string;
    /** "arm-none-eabi-gcc 12.2.1" */
    readonly compiler: string;
    /** Whether no compiler made it here: its malloc came in a library, which `compiler` linked. */
    readonly precompiled: boolean;
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
  const witness = witnessTitle(engine);
  const peaks = new Map(traces.map((trace) => [trace.name, peakBytes(trace, !ownRealloc)]));
  const compiled = entries.filter(({ isPrecompiled }) => !isPrecompiled);
  return {
    version: 1,
    ok: entries.every((entry) => entry.traces.every(({ broken }) => broken === undefined)),
    target: project.target.name,
    toolchain: [...new Set(compiled.map(compilerOf))].join(", "),
    engine: engineTitle(engine),
    ...(witness === undefined ? {} : { witness }),
    cycleModel: describeModel(project.target),
    heapBytes: project.plan.heapBytes,
    realloc: ownRealloc ? "the allocators' own" : "malloc, then free of the old block",
    traces: traces.map(({ name, operations }) => ({
      name,
      operations: operations.length,
      peakBytes: peaks.get(name) ?? 0,
    })),
    allocators: entries.map((entry) => ({
      name: entry.name,
      compiler: compilerOf(entry),
      precompiled: entry.isPrecompiled,
      optimize: entry.optimize,
      alignmentBytes: entry.alignmentBytes,
      flashBytes: entry.flashBytes,
      controlBytes: entry.layout.controlBytes ?? null,
      strideBytes: Object.fromEntries(strideSizes.map((size) => [size, entry.layout.strides[size] ?? null])),
      traces: entry.traces.map((trace) => reportTrace(trace, peaks.get(trace.name) ?? 0)),
    })),
  };
}

/** The toolchain without the optimisation. */
const compilerOf = ({ toolchain }: Entry): string => toolchain.replace(/ \S+$/, "");

/** What made an allocator, where the report has several compilers; undefined where it need not be said. */
export function shownCompiler(
  { allocators }: ComparisonReport,
  { compiler, precompiled }: ComparisonReport["allocators"][number],
): string | undefined {
  if (allocators.every((other) => other.compiler === compiler)) return undefined;
  return precompiled ? `library, ${compiler}` : compiler;
}

/** Tells an allocator from the others of the report: "app_heap -O2", "app_heap (clang 14.0.6) -O2". */
export function label(report: ComparisonReport, allocator: ComparisonReport["allocators"][number]): string {
  const compiler = shownCompiler(report, allocator);
  return [allocator.name, ...(compiler === undefined ? [] : [`(${compiler})`]), allocator.optimize].join(" ");
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
