/** Runs every heap of a config, and the front over them, and prints the reports. */
import { AllocGenError, diagnose } from "../diagnostics.js";
import type { Heaps, Project } from "../pipeline.js";
import { frontText, reportFront, type SeveralReport } from "../report/front.js";
import { makeReport, type Report } from "../report/report.js";
import { printText } from "../report/text.js";
import type { Arguments } from "./options.js";
import { makeProgressBar } from "./progress.js";
import { runAndReport } from "./run-and-report.js";
import type { Surroundings } from "./surroundings.js";

export interface HeapsOutcome {
  readonly ok: boolean;
  /** Whether the C and the reference differ anywhere: then the C is not to be written. */
  readonly differs: boolean;
}

export async function runHeaps(
  heaps: Heaps,
  given: Arguments,
  surroundings: Surroundings,
): Promise<HeapsOutcome> {
  const [only, ...more] = heaps.projects;
  if (only !== undefined && more.length === 0 && heaps.front === undefined) {
    const report = await runAndReport(only, given, surroundings);
    return { ok: report.ok, differs: differs(report) };
  }
  refuseBaselines(given, heaps.projects);
  const reports: SeveralReport["heaps"][number][] = [];
  for (const project of heaps.projects) {
    reports.push({ name: project.plan.name, ...(await runOne(project, given, surroundings)) });
  }
  const front = await runFront(heaps, given, surroundings);
  const ok = reports.every((report) => report.ok) && front?.ok !== false;
  if (given.json) {
    const report: SeveralReport = {
      version: 1,
      ok,
      heaps: reports,
      ...(front === undefined ? {} : { front }),
    };
    surroundings.out(`${JSON.stringify(report, undefined, 2)}\n`);
  }
  return { ok, differs: reports.some(differs) || front?.ok === false };
}

const differs = ({ workloads }: Report): boolean => workloads.some(({ mismatches }) => mismatches > 0);

async function runOne(project: Project, given: Arguments, surroundings: Surroundings): Promise<Report> {
  const { run } = await surroundings.pipeline();
  const bar = await makeProgressBar(surroundings, given.quiet);
  try {
    const result = await run(project, { progress: bar.progress, engine: given.engine });
    bar.stop();
    const report = makeReport(result, project.loaded.config.budgets);
    if (!given.json) surroundings.out(`${printText(result, report, { colors: surroundings.colors })}\n`);
    return report;
  } finally {
    bar.stop();
  }
}

async function runFront(
  heaps: Heaps,
  given: Arguments,
  surroundings: Surroundings,
): Promise<SeveralReport["front"]> {
  if (heaps.front === undefined) return undefined;
  const { proveHeaps } = await surroundings.pipeline();
  const report = reportFront(heaps.front, await proveHeaps(heaps, heaps.front, given.engine));
  if (!given.json) surroundings.out(`${frontText(report)}\n`);
  return report;
}

/** A baseline is of one heap. */
function refuseBaselines(given: Arguments, projects: readonly Project[]): void {
  const { baseline, writeBaseline, failOnRegression } = given;
  if (baseline === undefined && !writeBaseline && failOnRegression === undefined) return;
  const names = projects.map(({ plan }) => JSON.stringify(plan.name)).join(", ");
  throw new AllocGenError(2, [
    diagnose("usage", { what: `a baseline is of one heap: name it with --heap (${names})` }),
  ]);
}
