/** The part the main job and `verify` share: run the pipeline, print the report, keep the baseline. */
import type { Project, RunResult } from "../pipeline.js";
import { measureBaseline } from "../report/baseline.js";
import { printJson } from "../report/json.js";
import { makeReport, withBaseline, type Report } from "../report/report.js";
import { printText } from "../report/text.js";
import { baselineWrite, planBaseline, type BaselineWriteTask } from "./baseline-file.js";
import type { Arguments } from "./options.js";
import { makeProgressBar } from "./progress.js";
import type { Surroundings } from "./surroundings.js";
import { announce, commitWrite } from "./write-files.js";

export async function runAndReport(
  project: Project,
  given: Arguments,
  surroundings: Surroundings,
): Promise<Report> {
  const { run } = await surroundings.pipeline();
  const task = planBaseline(given, project.loaded.file, project.target.name, surroundings);
  const bar = await makeProgressBar(surroundings, given.quiet);
  try {
    const result = await run(project, { progress: bar.progress, engine: given.engine });
    bar.stop();
    const measured = makeReport(result, project.loaded.config.budgets);
    const report = task.kind === "compare" ? withBaseline(result, measured, task) : measured;
    surroundings.out(
      given.json ? printJson(report) : printText(result, report, { colors: surroundings.colors }),
    );
    if (task.kind === "write") keepBaseline(task, result, report, given.quiet, surroundings);
    return report;
  } finally {
    bar.stop();
  }
}

function keepBaseline(
  task: BaselineWriteTask,
  result: RunResult,
  report: Report,
  quiet: boolean,
  surroundings: Surroundings,
): void {
  if (report.workloads.some(({ mismatches }) => mismatches > 0)) {
    // The figures of C that is wrong are nothing to hold later runs against.
    surroundings.err(`${task.file} was not written.\n`);
    return;
  }
  const plan = baselineWrite(task, measureBaseline(result, report));
  commitWrite(plan);
  if (!quiet) announce(plan, surroundings);
}
