/** The part the main job and `verify` share: run the pipeline, print the report. */
import type { Project } from "../pipeline.js";
import { printJson } from "../report/json.js";
import { makeReport, type Report } from "../report/report.js";
import { printText } from "../report/text.js";
import type { Arguments } from "./options.js";
import { makeProgressBar } from "./progress.js";
import type { Surroundings } from "./surroundings.js";

export async function runAndReport(
  project: Project,
  given: Arguments,
  surroundings: Surroundings,
): Promise<Report> {
  const { run } = await surroundings.pipeline();
  const bar = await makeProgressBar(surroundings, given.quiet);
  try {
    const result = await run(project, { progress: bar.progress });
    bar.stop();
    const report = makeReport(result, project.loaded.config.budgets);
    surroundings.out(
      given.json ? printJson(report) : printText(result, report, { colors: surroundings.colors }),
    );
    return report;
  } finally {
    bar.stop();
  }
}
