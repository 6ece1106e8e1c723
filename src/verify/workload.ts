/** One workload on both sides, with figures of every operation. */
import { AheadError } from "../ahead/ahead-error.js";
import type { BranchWays, Session } from "../emulators/engine.js";
import { sampledBytes } from "../emulators/payload-sample.js";
import {
  byFunction,
  OperationCode,
  type ByFunction,
  type HeapOperations,
  type OperationName,
} from "../traces/operation.js";
import { Equivalence, type Bench, type Difference } from "./equivalence.js";
import { asSeen, explainDifference } from "./locate.js";
import { PredictionCheck, type Costs } from "./prediction.js";
import type {
  Distribution,
  FunctionFigures,
  Mismatch,
  PredictionCount,
  WorkloadResult,
} from "./verification.js";

/** Operations between two comparisons of the metadata. */
export const usualInterval = 1024;

export interface WorkloadOutcome {
  readonly result: WorkloadResult;
  readonly addresses: number;
  readonly metadata: number;
  readonly payloadBytes: number;
  readonly stackBytes: ByFunction<number>;
  /** Modelled cycles of the longest stretch with interrupts kept out. */
  readonly maskingCycles: ByFunction<number>;
  readonly coverage: ReadonlyMap<number, BranchWays>;
  /** Operations that the engine's witness executed too. */
  readonly witnessed: number;
}

const noPrediction: PredictionCount = { exact: 0, wrong: 0 };
const nothing: Distribution = { mean: 0, p50: 0, p99: 0, max: 0 };

/** Order statistics; percentiles are the nearest rank. Sorts `values` in place. */
export function distribution(values: Uint32Array): Distribution {
  const { length } = values;
  if (length === 0) return nothing;
  values.sort();
  const rank = (share: number) => values[Math.max(0, Math.ceil(share * length) - 1)] as number;
  const sum = values.reduce((total, value) => total + value, 0);
  return { mean: sum / length, p50: rank(0.5), p99: rank(0.99), max: values[length - 1] as number };
}

export interface WorkloadOptions {
  /** Told the operations done so far. */
  readonly onProgress?: (done: number) => void;
  /** What the build's paths cost; without it nothing is predicted. */
  readonly costs?: Costs;
  /** Whether a difference is made short and drawn. True where left out. */
  readonly shrinks?: boolean;
  /** Operations between two comparisons of the metadata; 1024 where left out. */
  readonly interval?: number;
  /** As the session's: true where left out. */
  readonly checkPayloads?: boolean;
  /** As the session's: true where left out. */
  readonly count?: boolean;
  /** The same operations, replayed on another thread already. Its differences are looked for again without it. */
  readonly ahead?: Session;
}

/** @param operations lowered from a trace. */
export function verifyWorkload(
  bench: Bench,
  name: string,
  operations: HeapOperations,
  options: WorkloadOptions = {},
): WorkloadOutcome {
  const { costs, shrinks = true, checkPayloads = true, count = true } = options;
  const predictions = costs && new PredictionCheck(costs, operations);
  const ahead =
    options.ahead && verifyAhead(options.ahead, { bench, name, operations, predictions }, options);
  if (ahead !== undefined) return ahead;
  const comparison = new Equivalence(bench, operations, { checkPayloads, count }, costs !== undefined);
  try {
    const { good, difference } = compareAll(comparison, operations, predictions, options);
    const mismatch =
      difference && (shrinks ? explainDifference(bench, operations, good, difference) : asSeen(difference));
    return outcomeOf({ bench, name, operations, predictions }, comparison, good, mismatch);
  } finally {
    comparison.close();
  }
}

/** Undefined where the sides differ, or the thread failed: its session is further than what was compared. */
function verifyAhead(
  ahead: Session,
  workload: Workload,
  options: WorkloadOptions,
): WorkloadOutcome | undefined {
  const { bench, operations, predictions } = workload;
  const engine = { ...bench.engine, open: () => ahead };
  const comparison = new Equivalence({ ...bench, engine }, operations, {}, predictions !== undefined);
  try {
    const { good, difference } = compareAll(comparison, operations, predictions, options);
    return difference === undefined ? outcomeOf(workload, comparison, good, undefined) : undefined;
  } catch (error) {
    if (error instanceof AheadError) return undefined;
    throw error;
  } finally {
    comparison.close();
  }
}

/** Batch by batch up to the first difference. `good`: operations before the batch with it. */
function compareAll(
  comparison: Equivalence,
  { length }: HeapOperations,
  predictions: PredictionCheck | undefined,
  { onProgress, interval = usualInterval }: WorkloadOptions,
): { readonly good: number; readonly difference: Difference | undefined } {
  let good = 0;
  let difference = comparison.start();
  while (difference === undefined && good < length) {
    const to = Math.min(good + interval, length);
    difference = comparison.advance(to);
    if (difference === undefined) {
      predictions?.hold(good, comparison.takePaths(), comparison.emulated.cycles);
      good = to;
    }
    onProgress?.(good);
  }
  return { good, difference };
}

interface Workload {
  readonly bench: Bench;
  readonly name: string;
  readonly operations: HeapOperations;
  /** Where cycles are predicted. */
  readonly predictions: PredictionCheck | undefined;
}

function outcomeOf(
  { bench, name, operations, predictions }: Workload,
  comparison: Equivalence,
  good: number,
  mismatch: Mismatch | undefined,
): WorkloadOutcome {
  const session = comparison.emulated;
  const { counts, firstWrong } = predictions?.result ?? {};
  const figures = (name: OperationName): FunctionFigures => ({
    ...functionFigures(OperationCode[name], operations, good, session),
    predicted: counts?.get(name) ?? noPrediction,
  });
  return {
    result: {
      name,
      operations: operations.length,
      ...(mismatch === undefined ? {} : { mismatch }),
      ...(firstWrong === undefined ? {} : { wrongPrediction: firstWrong }),
      ...byFunction(bench.image.entries, figures),
    },
    addresses: good - countOf(operations, OperationCode.free, good),
    metadata: comparison.metadataComparisons,
    payloadBytes: checkedBytes(operations, good, session),
    stackBytes: session.stackBytes(),
    maskingCycles: byFunction(bench.image.entries, (name) =>
      longestMaskingOf(OperationCode[name], operations, good, session.maskingCycles),
    ),
    coverage: session.coverage(),
    witnessed: session.witnessed?.() ?? 0,
  };
}

function countOf(operations: HeapOperations, code: number, length: number): number {
  let count = 0;
  for (let index = 0; index < length; index++) if (operations.kind[index] === code) count++;
  return count;
}

/** Of payloads, as far as they are filled and checked. */
function checkedBytes(operations: HeapOperations, length: number, { results, heap }: Session): number {
  let sum = 0;
  for (let index = 0; index < length; index++) {
    if (operations.kind[index] !== OperationCode.free && results[index] !== 0)
      sum += sampledBytes(operations.argument[index] as number, heap.length);
  }
  return sum;
}

function longestMaskingOf(
  code: number,
  { kind }: HeapOperations,
  length: number,
  masked: Uint32Array,
): number {
  let most = 0;
  for (let index = 0; index < length; index++) {
    if (kind[index] === code) most = Math.max(most, masked[index] as number);
  }
  return most;
}

function functionFigures(
  code: number,
  operations: HeapOperations,
  length: number,
  session: {
    readonly instructions: Uint32Array;
    readonly cycles: Uint32Array;
    readonly results: Uint32Array;
  },
): Omit<FunctionFigures, "predicted"> {
  const calls = countOf(operations, code, length);
  const instructions = new Uint32Array(calls);
  const cycles = new Uint32Array(calls);
  let failed = 0;
  for (let index = 0, at = 0; index < length; index++) {
    if (operations.kind[index] !== code) continue;
    instructions[at] = session.instructions[index] as number;
    cycles[at] = session.cycles[index] as number;
    if (code !== OperationCode.free && session.results[index] === 0) failed++;
    at++;
  }
  return { calls, failed, instructions: distribution(instructions), cycles: distribution(cycles) };
}
