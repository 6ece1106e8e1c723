/** `alloc-gen verify`: the main job without its files. */
import type { Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import { outputFolder, prepareOptions } from "../prepare-options.js";
import { runHeaps } from "../run-heaps.js";

export const verify: Run<"verify"> = async (given, context, output) => {
  const { prepareHeaps } = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const heaps = prepareHeaps(configPath, prepareOptions(given));
  const folder = outputFolder(undefined, configPath, context.folder);
  const { ok } = await runHeaps(heaps, { ...given, folder }, context, output);
  return ok ? 0 : 1;
};
