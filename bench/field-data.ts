/** What the bench measures, as bench/results.json keeps it. */
import type { CallFigures } from "../src/peers/replay.js";
import type { LeastHeap } from "../src/peers/least-heap.js";

export const cores = ["cortex-m4", "cortex-m0plus"] as const;
export const levels = ["-Os", "-O2", "-O3"] as const;
export type Core = (typeof cores)[number];
export type Level = (typeof levels)[number];

/** An allocator on one core at one level of optimisation. */
export interface Build {
  readonly core: Core;
  readonly level: Level;
  readonly flashBytes: number;
  /** Of each trace that was replayed. */
  readonly traces: readonly TraceFigures[];
}

export interface TraceFigures {
  readonly name: string;
  readonly malloc: CallFigures;
  readonly free: CallFigures;
}

export interface AllocatorFigures {
  readonly name: string;
  readonly generated: boolean;
  /** Which release of a peer. */
  readonly version?: string;
  /** For one purpose: measured on a trace of its own. */
  readonly special?: true;
  readonly alignmentBytes: number;
  readonly controlBytes: number | null;
  /** By payload size. */
  readonly strideBytes: Readonly<Record<string, number | null>>;
  readonly builds: readonly Build[];
  readonly leastHeaps: readonly LeastHeapFigures[];
}

/** Null where no heap in the target's RAM serves the trace. */
export interface LeastHeapFigures {
  readonly trace: string;
  readonly least: LeastHeap | null;
  /** Hash of the image and the trace that it was found with: while both stay as they are, so does the answer. */
  readonly of: string;
}

export interface TraceFacts {
  readonly name: string;
  readonly operations: number;
  readonly peakBytes: number;
}

export interface FieldResults {
  /** "2026-11-23" */
  readonly date: string;
  readonly toolchain: string;
  readonly engine: string;
  readonly models: Readonly<Record<Core, string>>;
  readonly traces: readonly TraceFacts[];
  /** Generated ones first. */
  readonly allocators: readonly AllocatorFigures[];
}
