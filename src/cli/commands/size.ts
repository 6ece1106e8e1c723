/** `alloc-gen size`: the least heap that serves a trace. */
import { makeSizeReport } from "../../report/size-report.js";
import { runSizing } from "../../sizing/run-sizing.js";
import { openEngine } from "../../verify/engines.js";
import type { Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import { makeProgressBar } from "../progress.js";
import { givenConfidence } from "../given-confidence.js";
import { givenTraces } from "../given-traces.js";
import { filesOf, prepareOptions } from "../prepare-options.js";

export const size: Run<"size"> = async (given, context, output) => {
  const { prepare } = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const project = prepare(configPath, prepareOptions(given));
  output.keep(filesOf(configPath, [project], context.folder));
  const traces = givenTraces(given.trace, project, project.plan.alignment, context);
  const confidence = givenConfidence(given);
  const bar = await makeProgressBar(context, given.quiet);
  try {
    const engine = openEngine(given.engine);
    const result = await runSizing(project, traces, {
      engine,
      progress: bar.progress,
      ...(confidence === undefined ? {} : { confidence }),
    });
    bar.stop();
    const report = makeSizeReport(result);
    await output.print(report);
    return report.ok ? 0 : 1;
  } finally {
    bar.stop();
  }
};
