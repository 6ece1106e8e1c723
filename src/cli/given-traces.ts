/** The traces that `size` and `compare` replay. */
import { resolve } from "node:path";
import { AllocGenError } from "../diagnostics.js";
import type { Project } from "../pipeline.js";
import type { Trace } from "../traces/operation.js";
import { checkTraceFits, readTrace } from "../traces/read.js";
import type { CliContext } from "./context.js";
import { usageError } from "./usage-error.js";

/**
 * Those named with --trace, else those of the config.
 *
 * @param alignment bytes that every allocator aligns its payloads to
 * @throws AllocGenError, exit code 2: there are none, or they are malformed or ask for another alignment
 */
export function givenTraces(
  written: readonly string[],
  project: Project,
  alignment: number,
  { folder }: CliContext,
): readonly Trace[] {
  const named = written.map((file) => ({ file, path: resolve(folder, file) }));
  const own = project.loaded.config.verify.traces.map((path) => ({ file: path, path }));
  const chosen = named.length > 0 ? named : own;
  if (chosen.length === 0) throw usageError("name a trace: --trace FILE");
  const traces = chosen.map(({ path }) => readTrace(path));
  const faults = traces.flatMap((trace, index) =>
    checkTraceFits(trace, Infinity, chosen[index]?.file ?? "", alignment),
  );
  if (faults.length > 0) throw new AllocGenError(2, faults);
  return traces;
}
