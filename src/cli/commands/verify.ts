/** `alloc-gen verify`: the main job without its files. */
import type { RunCommand } from "../commands.js";
import { findConfig } from "../config-path.js";
import { runAndReport } from "../run-and-report.js";
import { projectOptions } from "./main-job.js";

export const verify: RunCommand = async (given, surroundings) => {
  const { prepare } = await surroundings.pipeline();
  const project = prepare(findConfig(given.config, surroundings.folder), projectOptions(given));
  const report = await runAndReport(project, given, surroundings);
  return report.ok ? 0 : 1;
};
