/** What the stages are told of a command line. */
import { dirname, relative, resolve } from "node:path";
import type { PrepareOptions } from "../pipeline.js";
import type { Values } from "./option.js";
import type { projectOptions } from "./options.js";

/** What `prepare` takes of the command line. */
export function prepareOptions({ target, set, heap }: Values<typeof projectOptions>): PrepareOptions {
  return {
    set,
    ...(target === undefined ? {} : { target }),
    ...(heap === undefined ? {} : { heap }),
  };
}

/** Absolute path of the folder generated files go to, by default one beside the config. */
export function outputFolder(out: string | undefined, configPath: string, workingFolder: string): string {
  return resolve(workingFolder, out ?? `${dirname(configPath)}/generated`);
}

/** A path as reports name it: from the working folder, with slashes. */
export function shownPath(path: string, workingFolder: string): string {
  return relative(workingFolder, path).replaceAll("\\", "/");
}
