/** `alloc-gen generate`: the C and the layout module, without proof. */
import type { Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import { outputFolder, prepareOptions } from "../prepare-options.js";
import { announce, commitWrite, planWrite } from "../write-files.js";

export const generate: Run<"generate"> = async (given, context) => {
  const pipeline = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const heaps = pipeline.prepareHeaps(configPath, prepareOptions(given));
  const folder = outputFolder(given.out, configPath, context.folder);
  const plan = planWrite(folder, await pipeline.generateHeaps(heaps), given.force);
  commitWrite(plan);
  if (!given.quiet) announce(plan, context);
  return 0;
};
