/** The directed operations and the workloads of a run, one after another, up to the first that differs. */
import type { Ahead } from "../ahead/ahead.js";
import type { Session } from "../emulators/engine.js";
import type { HeapOperations, Trace } from "../traces/operation.js";
import { sessionOptionsOf, type Bench } from "./equivalence.js";
import { directedTraces } from "./directed-traces.js";
import { heapFill } from "./heap-fills.js";
import { lowered } from "./lowered.js";
import { onWitness } from "./on-witness.js";
import type { Costs } from "./prediction.js";
import { usualInterval, verifyWorkload, type WorkloadOutcome } from "./workload.js";

export interface VerifyTracesOptions {
  /** What the build's paths cost; without it nothing is predicted. */
  readonly costs?: Costs;
  /** Told the operations done of the workload's, and those done before it. */
  readonly onProgress?: (workload: string, done: number, before: number) => void;
  /** Told when a part of the work is done. */
  readonly onStage?: (stage: "directed" | "reference" | "emulate and compare") => void;
  /** Chooses directed operations where there are too many. */
  readonly seed?: number;
  /** Whether a difference is made short and drawn, which takes many runs. True where left out. */
  readonly shrinks?: boolean;
  /** False: no figures, which takes a third of the time. True where left out. */
  readonly count?: boolean;
}

export interface TracesOutcome {
  /** Of the directed operations; where they differ it is the last, and no workload was run. */
  readonly directed: readonly WorkloadOutcome[];
  /** In the order of the traces; where one differs it is the last. */
  readonly outcomes: readonly WorkloadOutcome[];
  /** Names of the traces behind the one that differs. */
  readonly notReached: readonly string[];
}

/** A workload that is to be verified. */
export interface BegunTrace {
  readonly name: string;
  /** Of the trace, before it was lowered. */
  readonly length: number;
  readonly bench: Bench;
  readonly operations: () => HeapOperations;
  /** Where another thread replays them already. */
  readonly ahead?: Session;
}

/** Operations that another thread replays: what it finds is kept until it is looked at, 60 bytes of each. */
const mostAhead = 2_000_000;

/** Where there is another thread, it begins to replay the first of them; the others are lowered when they are verified. */
export function beginTraces(bench: Bench, traces: readonly Trace[], thread?: Ahead): readonly BegunTrace[] {
  let total = 0;
  return traces.map((trace, index) => {
    total += trace.operations.length;
    const ahead = total <= mostAhead ? thread : undefined;
    const filled = { ...bench, heapFill: heapFill(index) };
    let known: HeapOperations | undefined;
    const lower = () => (known ??= lowered(bench.plan, trace, bench.image.heapAddress));
    const begun = { name: trace.name, length: trace.operations.length, bench: filled };
    if (ahead === undefined) return { ...begun, operations: lower };
    const { image, target } = bench;
    const options = { ...sessionOptionsOf(bench), checkPayloads: true };
    const replay = { image, target, options, heapFill: filled.heapFill, interval: usualInterval };
    return { ...begun, operations: lower, ahead: ahead.begin({ ...replay, operations: lower() }) };
  });
}

export function verifyTraces(
  bench: Bench,
  traces: readonly BegunTrace[],
  options: VerifyTracesOptions = {},
): TracesOutcome {
  try {
    return verifyBegun(bench, traces, options);
  } finally {
    for (const { ahead } of traces) ahead?.close();
  }
}

function verifyBegun(
  bench: Bench,
  traces: readonly BegunTrace[],
  { costs, onProgress, onStage, shrinks = true, seed = 0, count = true }: VerifyTracesOptions,
): TracesOutcome {
  const directed = verifyDirectedTraces(bench, seed, { shrinks, count });
  onStage?.("directed");
  if (directed.some(({ result }) => result.mismatch !== undefined))
    return { directed, outcomes: [], notReached: traces.map(({ name }) => name) };
  const outcomes: WorkloadOutcome[] = [];
  let before = 0;
  for (const trace of traces) {
    const operations = trace.operations();
    onStage?.("reference");
    const outcome = verifyWorkload(trace.bench, trace.name, operations, {
      onProgress: (done) => onProgress?.(trace.name, done, before),
      ...(costs === undefined ? {} : { costs }),
      shrinks,
      count,
      ...(trace.ahead === undefined ? {} : { ahead: trace.ahead }),
    });
    onStage?.("emulate and compare");
    before += trace.length;
    outcomes.push(outcome);
    if (outcome.result.mismatch !== undefined) break;
  }
  return { directed, outcomes, notReached: traces.slice(outcomes.length).map(({ name }) => name) };
}

function verifyDirectedTraces(
  bench: Bench,
  seed: number,
  how: { readonly shrinks: boolean; readonly count: boolean },
): readonly WorkloadOutcome[] {
  const outcomes: WorkloadOutcome[] = [];
  // They are for what random operations do not ask, and few: the witness runs them by itself.
  const watched = onWitness(bench);
  const isWitnessed = watched !== bench;
  for (const { trace, interval, checkPayloads } of directedTraces(bench.plan, seed)) {
    const operations = lowered(bench.plan, trace, bench.image.heapAddress);
    const outcome = verifyWorkload(watched, trace.name, operations, { ...how, interval, checkPayloads });
    outcomes.push(isWitnessed ? { ...outcome, witnessed: operations.length } : outcome);
    if (outcome.result.mismatch !== undefined) break;
  }
  return outcomes;
}
