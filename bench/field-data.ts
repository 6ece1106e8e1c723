/** What the bench measures, as bench/results.json keeps it. */
import type { CallFigures } from "../src/peers/replay.js";
import type { LeastHeap } from "../src/peers/least-heap.js";

/** Cores of the picture: every figure is measured on them. */
export const mainCores = ["cortex-m4", "cortex-m0plus"] as const;
/** Cores that stand beside them with flash and the cycles of the drawn traces; a peer need not build for them. */
export const otherCores = ["cortex-m33", "hazard3"] as const;
export const cores = [...mainCores, ...otherCores] as const;
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
  /** Hash of images, cycle model and traces: while all stay as they are, so do the figures. */
  readonly of?: string;
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
  /** Why it was not measured on a core: the first line of what its build or its run said. */
  readonly lacking?: Readonly<Partial<Record<Core, string>>>;
  readonly leastHeaps: readonly LeastHeapFigures[];
  /** Left out where copies were not tried. */
  readonly robust?: readonly RobustFigures[];
}

/** Null where no heap in the target's RAM serves the trace. */
export interface LeastHeapFigures {
  readonly trace: string;
  readonly least: LeastHeap | null;
  /** Hash of the image and the trace that it was found with: while both stay as they are, so does the answer. */
  readonly of: string;
}

/**
 * Least RAM over the payload live at most, as the mean over perturbed copies of a trace: a single least heap is chance by
 * up to a tenth. Null where a copy is served by no heap.
 */
export interface RobustFigures {
  readonly trace: string;
  /** Of the least heap that a binary search finds. */
  readonly edge: number | null;
  /** Of the size from which on all that were tried serve. */
  readonly steady: number | null;
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
  /** Of the cores that were measured. */
  readonly models: Readonly<Partial<Record<Core, string>>>;
  readonly traces: readonly TraceFacts[];
  /** Generated ones first. */
  readonly allocators: readonly AllocatorFigures[];
}
