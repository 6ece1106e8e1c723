/** `alloc-gen [config]`: generate, build, emulate, compare, report. */
import { withAhead, type Ahead } from "../../ahead/ahead.js";
import { differs, type Report } from "../../report/report.js";
import type { Given, Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import { filesOf, outputFolder, prepareOptions } from "../prepare-options.js";
import type { CliContext, ExitCode } from "../context.js";
import type { ReportOutput } from "../output.js";
import { runHeaps } from "../run-heaps.js";
import { announce, commitWrite, planWrite } from "../write-files.js";

/**
 * The C is written once it is proven: a difference leaves the folder as it was (`generate` writes without proof). A
 * file we may not overwrite is found before the emulation, not after it.
 */
export const mainJob: Run<"main"> = (given, context, output) =>
  withAhead(given.engine, (ahead) => proveAndWrite(given, context, output, ahead));

async function proveAndWrite(
  given: Given<"main">,
  context: CliContext,
  output: ReportOutput<Report>,
  ahead: Promise<Ahead | undefined>,
): Promise<ExitCode> {
  const { prepareHeaps, generateHeaps } = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const heaps = prepareHeaps(configPath, prepareOptions(given));
  const folder = outputFolder(given.out, configPath, context.folder);
  output.keep(filesOf(configPath, heaps.projects, context.folder));
  const plan = planWrite(folder, await generateHeaps(heaps), given.force);
  output.keep([...plan.changed.map(({ path }) => path), ...plan.unchanged]);
  const report = await runHeaps(heaps, { ...given, folder, writeBaseline: false, ahead }, context, output);
  if (differs(report)) {
    context.err('Nothing was written ("alloc-gen generate" writes the C without proof).\n');
    return 1;
  }
  commitWrite(plan);
  if (!given.quiet) announce(plan, context);
  return report.ok ? 0 : 1;
}
