/** `alloc-gen size`: the least heap that serves a trace. */
import { makeSizeReport, sizeText } from "../../report/size-report.js";
import { runSizing } from "../../sizing/run-sizing.js";
import { openEngine } from "../../verify/engines.js";
import type { RunCommand } from "../commands.js";
import { findConfig } from "../config-path.js";
import { makeProgressBar } from "../progress.js";
import { givenTraces } from "../given-traces.js";
import { projectOptions } from "./main-job.js";

export const size: RunCommand = async (given, surroundings) => {
  const { prepare } = await surroundings.pipeline();
  const project = prepare(findConfig(given.config, surroundings.folder), projectOptions(given));
  const traces = givenTraces(given, project, project.plan.alignment, surroundings);
  const bar = await makeProgressBar(surroundings, given.quiet);
  try {
    const engine = openEngine(given.engine);
    const result = await runSizing(project, traces, { engine, progress: bar.progress });
    bar.stop();
    const report = makeSizeReport(result);
    surroundings.out(given.json ? `${JSON.stringify(report, undefined, 2)}\n` : sizeText(result, report));
    return report.ok ? 0 : 1;
  } finally {
    bar.stop();
  }
};
