/** The directed operations and the workloads of a run, one after another, up to the first that differs. */
import type { Trace } from "../traces/operation.js";
import type { Bench } from "./equivalence.js";
import { directedTraces } from "./directed-traces.js";
import { heapFill } from "./heap-fills.js";
import { lowered } from "./lowered.js";
import type { Costs } from "./prediction.js";
import { verifyWorkload, type WorkloadOutcome } from "./workload.js";

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
}

export interface TracesOutcome {
  /** Of the directed operations; where they differ it is the last, and no workload was run. */
  readonly directed: readonly WorkloadOutcome[];
  /** In the order of the traces; where one differs it is the last. */
  readonly outcomes: readonly WorkloadOutcome[];
  /** Names of the traces behind the one that differs. */
  readonly notReached: readonly string[];
}

export function verifyTraces(
  bench: Bench,
  traces: readonly Trace[],
  { costs, onProgress, onStage, shrinks = true, seed = 0 }: VerifyTracesOptions = {},
): TracesOutcome {
  const directed = verifyDirectedTraces(bench, seed, shrinks);
  onStage?.("directed");
  if (directed.some(({ result }) => result.mismatch !== undefined))
    return { directed, outcomes: [], notReached: traces.map(({ name }) => name) };
  const outcomes: WorkloadOutcome[] = [];
  let before = 0;
  for (const { name, ...trace } of traces) {
    const operations = lowered(bench.plan, { name, ...trace }, bench.image.heapAddress);
    onStage?.("reference");
    const outcome = verifyWorkload({ ...bench, heapFill: heapFill(outcomes.length) }, name, operations, {
      onProgress: (done) => onProgress?.(name, done, before),
      ...(costs === undefined ? {} : { costs }),
      shrinks,
    });
    onStage?.("emulate and compare");
    before += trace.operations.length;
    outcomes.push(outcome);
    if (outcome.result.mismatch !== undefined) break;
  }
  return { directed, outcomes, notReached: traces.slice(outcomes.length).map(({ name }) => name) };
}

function verifyDirectedTraces(bench: Bench, seed: number, shrinks: boolean): readonly WorkloadOutcome[] {
  const outcomes: WorkloadOutcome[] = [];
  for (const { trace, interval, checkPayloads } of directedTraces(bench.plan, seed)) {
    const operations = lowered(bench.plan, trace, bench.image.heapAddress);
    const outcome = verifyWorkload(bench, trace.name, operations, { shrinks, interval, checkPayloads });
    outcomes.push(outcome);
    if (outcome.result.mismatch !== undefined) break;
  }
  return outcomes;
}
