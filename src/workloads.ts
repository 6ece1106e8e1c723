/** What a config asks to be replayed: generated workloads, and recorded traces. */
import { AllocGenError } from "./diagnostics.js";
import type { Project } from "./prepare.js";
import { generateWorkload } from "./traces/generate.js";
import type { Trace } from "./traces/operation.js";
import { checkTraceFits, readTrace } from "./traces/read.js";

/** The workloads the config asks for. @throws AllocGenError, exit code 2, for traces that are malformed or do not fit. */
export const workloads = (project: Project): readonly Trace[] => [...workloadsInTurn(project)];

/** The same, each generated when it is its turn; recorded traces are read at once. @throws likewise */
export function workloadsInTurn(project: Project): Iterable<Trace> {
  const recorded = recordedTraces(project);
  return inTurn(project, recorded);
}

function* inTurn({ plan, loaded: { config } }: Project, recorded: readonly Trace[]): Generator<Trace> {
  const { seed, operations, workloads: names } = config.verify;
  for (const name of names) {
    yield generateWorkload(name, {
      seed,
      operations,
      heapBytes: plan.heapBytes,
      maximumRequest: plan.maximumRequestBytes,
      minimumRequest: config.limits.smallest ?? 1,
    });
  }
  yield* recorded;
}

function recordedTraces({ plan, loaded: { config } }: Project): readonly Trace[] {
  const recorded = config.verify.traces.map((path) => ({ path, trace: readTrace(path) }));
  const diagnostics = recorded.flatMap(({ path, trace }) =>
    checkTraceFits(
      trace,
      plan.maximumRequestBytes,
      path,
      plan.api.alignedAlloc ? plan.maximumAlignment : plan.alignment,
    ),
  );
  if (diagnostics.length > 0) throw new AllocGenError(2, diagnostics);
  return recorded.map(({ trace }) => trace);
}
