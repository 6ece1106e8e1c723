/** `alloc-gen generate`: the C and the layout module, without proof. */
import type { RunCommand } from "../commands.js";
import { findConfig } from "../config-path.js";
import { announce, commitWrite, planWrite } from "../write-files.js";
import { outputFolder, projectOptions } from "./main-job.js";

export const generate: RunCommand = async (given, surroundings) => {
  const pipeline = await surroundings.pipeline();
  const configPath = findConfig(given.config, surroundings.folder);
  const heaps = pipeline.prepareHeaps(configPath, projectOptions(given));
  const folder = outputFolder(given, configPath, surroundings);
  const plan = planWrite(folder, await pipeline.generateHeaps(heaps), given.force);
  commitWrite(plan);
  if (!given.quiet) announce(plan, surroundings);
  return 0;
};
