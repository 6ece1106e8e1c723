/** The part the main job and `verify` share: run every heap and what outputs prove, print the report, keep the baseline. */
import { resolve } from "node:path";
import type { Ahead } from "../ahead/ahead.js";
import type { EngineChoice } from "../emulators/engine.js";
import { hasProofs } from "../outputs/choose.js";
import type { OutputProof } from "../outputs/output.js";
import type { GivenSource, Heaps, Project } from "../pipeline.js";
import type { HeapPictures } from "../pictures/pictures.js";
import { measureBaseline } from "../report/measure-baseline.js";
import { makeReport, reportHeap, withBaseline } from "../report/make-report.js";
import { differs, type HeapReport, type Report } from "../report/report.js";
import {
  baselineWrite,
  planBaseline,
  type BaselineOptions,
  type BaselineTask,
  type BaselineWriteTask,
} from "./baseline-file.js";
import type { ReportOutput } from "./output.js";
import { shownPath } from "./prepare-options.js";
import { makeProgressBar } from "./progress.js";
import type { CliContext } from "./context.js";
import { usageError } from "./usage-error.js";
import { announce, commitWrite } from "./write-files.js";

interface RunOptions extends BaselineOptions {
  readonly engine: EngineChoice;
  readonly quiet: boolean;
  readonly strict: boolean;
  /** Absolute path of the folder that the C stands in, or would. */
  readonly folder: string;
  /** C to be proven in place of the generated one, of a single heap. */
  readonly source?: GivenSource | undefined;
  /** Whether cycles are told for other wait states too. */
  readonly triesWaitStates?: boolean;
  /** A thread for the engine. */
  readonly ahead: Promise<Ahead | undefined>;
}

export async function runHeaps(
  heaps: Heaps,
  options: RunOptions,
  context: CliContext,
  output: ReportOutput<Report>,
): Promise<Report> {
  const task = baselineTask(heaps, options, context);
  if (task.kind === "compare") output.keep([resolve(context.folder, task.file)]);
  if (task.kind === "write") output.keep([task.path]);
  const drawn = { ...options, draws: await output.drawsRuns() };
  const runs: RanHeap[] = [];
  for (const project of heaps.projects) runs.push(await runOne(project, task, drawn, context));
  const made = makeReport(
    runs.map(({ report }) => report),
    await prove(heaps, options, context),
  );
  const pictures = runs.flatMap((run) => run.pictures ?? []);
  const report = pictures.length === 0 ? made : { ...made, pictures };
  await output.print(report);
  if (task.kind === "write") keepBaseline(task, report, options.quiet, context);
  return report;
}

interface RanHeap {
  readonly report: HeapReport;
  readonly pictures?: HeapPictures | undefined;
}

async function runOne(
  project: Project,
  task: BaselineTask,
  options: RunOptions & { readonly draws: boolean },
  context: CliContext,
): Promise<RanHeap> {
  const { quiet, strict, engine, folder, source, ahead, triesWaitStates = false, draws } = options;
  const { run } = await context.pipeline();
  const bar = await makeProgressBar(context, quiet);
  try {
    const result = await run(project, {
      progress: bar.progress,
      engine,
      ahead,
      triesWaitStates,
      ...(source === undefined ? {} : { source }),
    });
    const measured = reportHeap(result, { strict, sourceFolder: shownPath(folder, context.folder) });
    const report = task.kind === "compare" ? withBaseline(measured, task) : measured;
    // Of C that is wrong the shortest sequence is told that shows it.
    const isWrong = result.verification.workloads.some(({ mismatch }) => mismatch !== undefined);
    if (!draws || isWrong) return { report };
    const { drawResult } = await import("../pictures/draw-result.js");
    return {
      report,
      pictures: drawResult(result, source, (done, total) => bar.progress("draw", done, total)),
    };
  } finally {
    bar.stop();
  }
}

async function prove(
  heaps: Heaps,
  { engine }: RunOptions,
  context: CliContext,
): Promise<readonly OutputProof[]> {
  if (!hasProofs(heaps.outputs)) return [];
  const { proveHeaps } = await context.pipeline();
  return proveHeaps(heaps, engine);
}

/** A baseline is of one heap. */
function baselineTask({ projects, outputs }: Heaps, options: RunOptions, context: CliContext): BaselineTask {
  const [only, ...more] = projects;
  if (only !== undefined && more.length === 0 && !hasProofs(outputs)) {
    return planBaseline(options, only.loaded.file, only.target.name, context);
  }
  const { baseline, writeBaseline, failOnRegression } = options;
  if (baseline === undefined && !writeBaseline && failOnRegression === undefined) return { kind: "none" };
  const names = projects.map(({ plan }) => JSON.stringify(plan.name)).join(", ");
  throw usageError(`a baseline is of one heap: name it with --heap (${names})`);
}

function keepBaseline(task: BaselineWriteTask, report: Report, quiet: boolean, context: CliContext): void {
  const [heap] = report.heaps;
  if (heap === undefined || differs(report)) {
    // The figures of C that is wrong are nothing to hold later runs against.
    context.err(`${task.file} was not written.\n`);
    return;
  }
  const plan = baselineWrite(task, measureBaseline(heap));
  commitWrite(plan);
  if (!quiet) announce(plan, context);
}
