/** `alloc-gen verify`: the main job without its files. */
import type { RunCommand } from "../commands.js";
import { findConfig } from "../config-path.js";
import { runHeaps } from "../run-heaps.js";
import { projectOptions } from "./main-job.js";

export const verify: RunCommand = async (given, surroundings) => {
  const { prepareHeaps } = await surroundings.pipeline();
  const heaps = prepareHeaps(findConfig(given.config, surroundings.folder), projectOptions(given));
  const { ok } = await runHeaps(heaps, given, surroundings);
  return ok ? 0 : 1;
};
