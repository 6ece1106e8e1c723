/** `alloc-gen [config]`: generate, build, emulate, compare, report. */
import { dirname, resolve } from "node:path";
import { findConfig } from "../config-path.js";
import type { RunCommand } from "../commands.js";
import type { PrepareOptions } from "../../pipeline.js";
import type { Arguments } from "../options.js";
import type { Surroundings } from "../surroundings.js";
import { runHeaps } from "../run-heaps.js";
import { announce, commitWrite, planWrite } from "../write-files.js";

/**
 * The C is written once it is proven: a difference leaves the folder as it was (`generate` writes without proof). A
 * file we may not overwrite is found before the emulation, not after it.
 */
export const mainJob: RunCommand = async (given, surroundings) => {
  const { prepareHeaps, generateHeaps } = await surroundings.pipeline();
  const configPath = findConfig(given.config, surroundings.folder);
  const heaps = prepareHeaps(configPath, projectOptions(given));
  const folder = outputFolder(given, configPath, surroundings);
  const plan = planWrite(folder, await generateHeaps(heaps), given.force);
  const { ok, differs } = await runHeaps(heaps, given, surroundings);
  if (differs) {
    surroundings.err('Nothing was written ("alloc-gen generate" writes the C all the same).\n');
    return 1;
  }
  commitWrite(plan);
  if (!given.quiet) announce(plan, surroundings);
  return ok ? 0 : 1;
};

/** What `prepare` takes from the command line. */
export function projectOptions({ target, set, heap }: Arguments): PrepareOptions {
  return {
    set,
    ...(target === undefined ? {} : { target }),
    ...(heap === undefined ? {} : { heap }),
  };
}

/** Absolute path of the folder generated files go to. */
export function outputFolder(given: Arguments, configPath: string, { folder }: Surroundings): string {
  return given.out === undefined
    ? resolve(folder, dirname(configPath), "generated")
    : resolve(folder, given.out);
}
