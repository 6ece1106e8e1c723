/** What the stages are told of a command line. */
import { dirname, relative, resolve } from "node:path";
import type { PrepareOptions, Project } from "../pipeline.js";
import { printable } from "../printable.js";
import type { Values } from "./option.js";
import type { projectOptions } from "./options.js";

/** What `prepare` takes of the command line. */
export function prepareOptions({ target, chip, set, heap }: Values<typeof projectOptions>): PrepareOptions {
  return {
    set,
    ...(target === undefined ? {} : { target }),
    ...(chip === undefined ? {} : { chip }),
    ...(heap === undefined ? {} : { heap }),
  };
}

/** Absolute path of the folder generated files go to, by default one beside the config. */
export function outputFolder(out: string | undefined, configPath: string, workingFolder: string): string {
  return resolve(workingFolder, out ?? `${dirname(configPath)}/generated`);
}

/** Absolute paths of the config and of the traces it names. */
export function filesOf(
  configPath: string,
  projects: readonly Project[],
  workingFolder: string,
): readonly string[] {
  const traces = projects.flatMap(({ loaded }) => loaded.config.verify.traces);
  return [resolve(workingFolder, configPath), ...traces];
}

/** A path as reports name it: from the working folder, with slashes. */
export function shownPath(path: string, workingFolder: string): string {
  return printable(relative(workingFolder, path).replaceAll("\\", "/"));
}
