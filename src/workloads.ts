/** What a config asks to be replayed: generated workloads, and recorded traces. */
import { AllocGenError } from "./diagnostics.js";
import type { Project } from "./prepare.js";
import { generateWorkload } from "./traces/generate.js";
import type { Trace } from "./traces/operation.js";
import { checkTraceFits, readTrace } from "./traces/read.js";

/** The workloads the config asks for. @throws AllocGenError, exit code 2, for traces that are malformed or do not fit. */
export function workloads(project: Project): readonly Trace[] {
  const { config } = project.loaded;
  const { plan } = project;
  const generated = config.verify.workloads.map((name) =>
    generateWorkload(name, {
      seed: config.verify.seed,
      operations: config.verify.operations,
      heapBytes: plan.heapBytes,
      maximumRequest: plan.maximumRequestBytes,
      minimumRequest: config.limits.smallest ?? 1,
    }),
  );
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
  return [...generated, ...recorded.map(({ trace }) => trace)];
}
