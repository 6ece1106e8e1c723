/** The report of `alloc-gen trace info`, as data. */
import { describeTrace, type Figures } from "../traces/describe.js";
import type { Trace } from "../traces/operation.js";

/** `null` stands for what a trace does not have. */
export interface TraceReport {
  readonly version: 1;
  readonly name: string;
  /** Header lines. */
  readonly header: Readonly<Record<string, string>>;
  readonly operations: number;
  readonly counts: Figures["counts"];
  readonly sizes: NonNullable<Figures["sizes"]> | null;
  readonly lifetimes: NonNullable<Figures["lifetimes"]> | null;
  readonly peak: Figures["peak"];
  readonly mostBlocks: number;
  readonly left: {
    readonly blocks: number;
    readonly bytes: number;
    readonly byTag: readonly {
      readonly tag: string | null;
      readonly blocks: number;
      readonly bytes: number;
    }[];
    readonly largest: readonly {
      readonly operation: number;
      /** Of the file. */
      readonly line: number | null;
      readonly bytes: number;
      readonly tag: string | null;
    }[];
  };
  readonly failed: Figures["failed"];
  readonly times: NonNullable<Figures["times"]> | null;
}

export function makeTraceReport(trace: Trace): TraceReport {
  const { sizes, lifetimes, left, times, ...figures } = describeTrace(trace);
  return {
    version: 1,
    name: trace.name,
    header: Object.fromEntries(trace.header),
    ...figures,
    sizes: sizes ?? null,
    lifetimes: lifetimes ?? null,
    left: {
      ...left,
      byTag: left.byTag.map((group) => ({ ...group, tag: group.tag ?? null })),
      largest: left.largest.map((block) => ({
        ...block,
        line: trace.lines?.[block.operation - 1] ?? null,
        tag: block.tag ?? null,
      })),
    },
    times: times ?? null,
  };
}
