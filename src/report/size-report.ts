/** The report of `alloc-gen size`, as data. */
import type { ConfidentSize } from "../sizing/confidence.js";
import type { SizedTrace, SizingResult } from "../sizing/run-sizing.js";
import { windowBytes } from "../sizing/sizing.js";
import type { Trace, TraceOperation } from "../traces/operation.js";
import { engineTitle, witnessTitle } from "./engine-text.js";
import { formatCount } from "./table.js";

export interface SizeReport {
  readonly version: 1;
  /** False where a trace is not served, or the core and the reference differ. */
  readonly ok: boolean;
  /** Prefix of the heap's functions. */
  readonly name: string;
  readonly target: string;
  readonly toolchain: string;
  readonly engine: string;
  /** Who executes a share of what is replayed too, or why nobody does; absent where the engines were chosen. */
  readonly witness?: string;
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
      /** What it asks for: "malloc of 24". */
      readonly call?: string;
      readonly why?: string;
    };
    /** Whether the core does at both sizes what the reference says. */
    readonly confirmed: boolean;
    readonly difference?: string;
    /** What perturbed copies of the trace need, where they were asked for. */
    readonly perturbed?: PerturbedReport;
  }[];
  /** The least heap that serves all of them. */
  readonly leastHeapBytes: number | null;
  /** The largest of the sizes with confidence, where copies were asked for; null where one is not known. */
  readonly confidentHeapBytes?: number | null;
}

export interface PerturbedReport {
  readonly copies: number;
  /** Of the first copy. */
  readonly seed: number;
  /** Share of copies that the quantile covers. */
  readonly confidence: number;
  /** Least heap over peak of a copy; null where no heap in the target's RAM serves it. */
  readonly fragmentation: {
    readonly median: number | null;
    readonly quantile: number | null;
    readonly worst: number | null;
  };
  /** The largest of copies and trace: payload bytes live at once. */
  readonly peakBytes: number;
  /** Quantile of the fragmentation times that peak. */
  readonly heapBytes: number | null;
  /** Other copies that this size was tried on. */
  readonly checked: number;
  /** Of those, the ones that it serves. */
  readonly served: number;
}

export function makeSizeReport({ project, traces, heapBytes, engine, toolchain }: SizingResult): SizeReport {
  const { config } = project.loaded;
  const witness = witnessTitle(engine);
  const isGood = (sized: SizedTrace): boolean =>
    sized.heapBytes !== undefined && sized.difference === undefined;
  return {
    version: 1,
    ok: traces.every(isGood),
    name: config.name,
    target: project.target.name,
    toolchain,
    engine: engineTitle(engine),
    ...(witness === undefined ? {} : { witness }),
    policy: config.policy.kind,
    alignmentBytes: config.heap.alignment,
    windowBytes,
    traces: traces.map((sized) => {
      const { trace, peakBytes, below, difference } = sized;
      return {
        name: trace.name,
        operations: trace.operations.length,
        peakBytes,
        leastHeapBytes: sized.heapBytes ?? null,
        ratio: sized.heapBytes === undefined ? null : sized.heapBytes / peakBytes,
        ...(below === undefined ? {} : { below: { ...below, ...operationOf(trace, below.operation) } }),
        confirmed: isGood(sized),
        ...(difference === undefined ? {} : { difference }),
        ...(sized.confident === undefined ? {} : { perturbed: perturbedReport(sized.confident) }),
      };
    }),
    leastHeapBytes: heapBytes ?? null,
    ...(traces.some(({ confident }) => confident !== undefined)
      ? { confidentHeapBytes: largestOf(traces.map(({ confident }) => confident?.heapBytes)) }
      : {}),
  };
}

export function perturbedReport({ fragmentation, heapBytes, ...rest }: ConfidentSize): PerturbedReport {
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const { median, quantile, worst } = fragmentation;
  return {
    ...rest,
    fragmentation: { median: known(median), quantile: known(quantile), worst: known(worst) },
    heapBytes: heapBytes ?? null,
  };
}

const largestOf = (sizes: readonly (number | undefined)[]): number | null => {
  const known = sizes.flatMap((size) => size ?? []);
  return known.length === sizes.length ? Math.max(...known) : null;
};

/** An operation's call, and its line where the trace is a file. */
function operationOf(
  { operations, lines }: Trace,
  index: number | undefined,
): { readonly line?: number; readonly call?: string } {
  if (index === undefined) return {};
  const [operation, line] = [operations[index], lines?.[index]];
  return {
    ...(line === undefined ? {} : { line }),
    ...(operation === undefined ? {} : { call: callText(operation) }),
  };
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
