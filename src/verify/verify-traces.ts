/** The directed operations and the workloads of a run, one after another, up to the first that differs. */
import type { Ahead } from "../ahead/ahead.js";
import type { Replay } from "../ahead/shared.js";
import type { Session } from "../emulators/engine.js";
import type { HeapOperations, Trace } from "../traces/operation.js";
import { sessionOptionsOf, type Bench } from "./equivalence.js";
import { directedTraces, type DirectedTrace } from "./directed-traces.js";
import { Handover } from "./handover.js";
import { heapFill } from "./heap-fills.js";
import { lowered } from "./lowered.js";
import { onWitness } from "./on-witness.js";
import type { Costs } from "./prediction.js";
import { usualInterval, verifyWorkload, type WorkloadOptions, type WorkloadOutcome } from "./workload.js";

export interface VerifyTracesOptions {
  /** What the build's paths cost; without it nothing is predicted. */
  readonly costs?: Costs;
  /** Told the operations done of the workload's, and those done before it. */
  readonly onProgress?: (workload: string, done: number, before: number) => void;
  /** Told when a part of the work is done. */
  readonly onStage?: (stage: "directed" | "reference" | "emulate and compare") => void;
  /** Where they were begun already. */
  readonly directed?: readonly BegunTrace[];
  /** Chooses directed operations where there are too many and none were begun. */
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

/** Operations that are to be verified. */
export interface BegunTrace extends DirectedTrace {
  readonly bench: Bench;
  /** Whether it is the engine's witness that executes them. */
  readonly isWitness: boolean;
  readonly operations: () => HeapOperations;
  /** Where there is another thread. */
  readonly ahead?: Replayed;
}

/** What another thread replays. */
interface Replayed {
  /** Its turn has come. Undefined: it was not begun, and never is. */
  readonly take: () => Session | undefined;
  readonly close: () => void;
}

/** Where there is another thread, it begins to replay them; without one they are lowered when they are verified. */
export function beginTraces(bench: Bench, traces: Iterable<Trace>, thread?: Ahead): readonly BegunTrace[] {
  const begin = beginner(thread, false);
  return Array.from(traces, (trace, index) =>
    begin({ ...bench, heapFill: heapFill(index) }, { trace, interval: usualInterval, checkPayloads: true }),
  );
}

/** Likewise those that the plan asks for. @param seed chooses which, where there are too many */
export function beginDirected(bench: Bench, seed: number, thread?: Ahead): readonly BegunTrace[] {
  // They are for what random operations do not ask, and few: the witness runs them by itself.
  const watched = onWitness(bench);
  const begin = beginner(thread, watched !== bench);
  return directedTraces(bench.plan, seed).map((directed) => begin(watched, directed));
}

function beginner(thread: Ahead | undefined, isWitness: boolean) {
  const handover = new Handover();
  return (bench: Bench, directed: DirectedTrace): BegunTrace => {
    const { trace } = directed;
    let known: HeapOperations | undefined;
    const operations = () => (known ??= lowered(bench.plan, trace, bench.image.heapAddress));
    const begun = { ...directed, bench, isWitness, operations };
    if (thread === undefined) return begun;
    let session: Session | undefined;
    const begin = () => (session = thread.begin(replayOf(begun)));
    const waiting = { length: trace.operations.length, begin };
    handover.add(waiting);
    const close = () => {
      if (session !== undefined) handover.done(waiting);
      session?.close();
      session = undefined;
    };
    return { ...begun, ahead: { take: () => (handover.take(waiting) ? session : undefined), close } };
  };
}

function replayOf({ bench, isWitness, operations, interval, checkPayloads }: BegunTrace): Replay {
  const { image, target, heapFill } = bench;
  const options = { ...sessionOptionsOf(bench), checkPayloads };
  return { isWitness, image, target, options, heapFill, interval, operations: operations() };
}

export function verifyTraces(
  bench: Bench,
  traces: readonly BegunTrace[],
  options: VerifyTracesOptions = {},
): TracesOutcome {
  const { seed = 0, directed = beginDirected(bench, seed) } = options;
  try {
    return verifyBegun(directed, traces, options);
  } finally {
    for (const { ahead } of [...directed, ...traces]) ahead?.close();
  }
}

function verifyBegun(
  begunDirected: readonly BegunTrace[],
  traces: readonly BegunTrace[],
  { costs, onProgress, onStage, shrinks = true, count = true }: VerifyTracesOptions,
): TracesOutcome {
  const how = { shrinks, count };
  const directed = untilDifferent(begunDirected, (begun) => {
    const outcome = verifyOne(begun, how);
    return begun.isWitness ? { ...outcome, witnessed: begun.operations().length } : outcome;
  });
  onStage?.("directed");
  if (directed.some(isDifferent)) return { directed, outcomes: [], notReached: namesOf(traces) };
  let before = 0;
  const outcomes = untilDifferent(traces, (begun) => {
    begun.operations();
    onStage?.("reference");
    const { name, operations } = begun.trace;
    const outcome = verifyOne(begun, {
      ...how,
      ...(costs === undefined ? {} : { costs }),
      onProgress: (done) => onProgress?.(name, done, before),
    });
    onStage?.("emulate and compare");
    before += operations.length;
    return outcome;
  });
  return { directed, outcomes, notReached: namesOf(traces.slice(outcomes.length)) };
}

const namesOf = (traces: readonly BegunTrace[]): readonly string[] => traces.map(({ trace }) => trace.name);
const isDifferent = ({ result }: WorkloadOutcome): boolean => result.mismatch !== undefined;

function verifyOne(
  { bench, trace, operations, interval, checkPayloads, ahead }: BegunTrace,
  how: WorkloadOptions,
): WorkloadOutcome {
  const session = ahead?.take();
  const options = { ...how, interval, checkPayloads, ...(session === undefined ? {} : { ahead: session }) };
  try {
    return verifyWorkload(bench, trace.name, operations(), options);
  } finally {
    ahead?.close();
  }
}

/** Outcomes up to the first that is a difference. */
function untilDifferent(
  traces: readonly BegunTrace[],
  verify: (trace: BegunTrace) => WorkloadOutcome,
): readonly WorkloadOutcome[] {
  const outcomes: WorkloadOutcome[] = [];
  for (const trace of traces) {
    const outcome = verify(trace);
    outcomes.push(outcome);
    if (isDifferent(outcome)) break;
  }
  return outcomes;
}
