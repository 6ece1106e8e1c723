/** `alloc-gen [config]`: generate, build, emulate, compare, report. */
import { dirname, resolve } from "node:path";
import { findConfig } from "../config-path.js";
import type { RunCommand } from "../commands.js";
import type { Arguments } from "../options.js";
import type { Surroundings } from "../surroundings.js";
import { runAndReport } from "../run-and-report.js";
import { announce, commitWrite, planWrite } from "../write-files.js";

/**
 * The C is written once it is proven: a difference leaves the folder as it was (`generate` writes without proof). A
 * file we may not overwrite is found before the emulation, not after it.
 */
export const mainJob: RunCommand = async (given, surroundings) => {
  const { prepare, generateAll } = await surroundings.pipeline();
  const configPath = findConfig(given.config, surroundings.folder);
  const project = prepare(configPath, projectOptions(given));
  const folder = outputFolder(given, configPath, surroundings);
  const plan = planWrite(folder, await generateAll(project), given.force);
  const report = await runAndReport(project, given, surroundings);
  if (report.workloads.some((workload) => workload.mismatches > 0)) {
    surroundings.err('Nothing was written ("alloc-gen generate" writes the C all the same).\n');
    return 1;
  }
  commitWrite(plan);
  if (!given.quiet) announce(plan, surroundings);
  return report.ok ? 0 : 1;
};

/** What `prepare` takes from the command line. */
export function projectOptions({ target, set }: Arguments): { target?: string; set: readonly string[] } {
  return target === undefined ? { set } : { target, set };
}

/** Absolute path of the folder generated files go to. */
export function outputFolder(given: Arguments, configPath: string, { folder }: Surroundings): string {
  return given.out === undefined
    ? resolve(folder, dirname(configPath), "generated")
    : resolve(folder, given.out);
}
