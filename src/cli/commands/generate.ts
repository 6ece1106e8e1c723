/** `alloc-gen generate`: the C and the layout module, without proof. */
import { join, resolve } from "node:path";
import { packageFolder } from "../../package-folder.js";
import type { Heaps } from "../../pipeline.js";
import type { Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import type { CliContext } from "../context.js";
import { dependencyText } from "../dependency-file.js";
import { nodeFiles } from "../file-system.js";
import { placeFiles, readIfThere, type FileChange } from "../place-files.js";
import { outputFolder, prepareOptions } from "../prepare-options.js";
import { announce, commitWrite, planWrite } from "../write-files.js";

/** What a change of makes the files other ones: the config, its cores' figures, and alloc-gen itself. */
function sourcesOf(configPath: string, { projects }: Heaps): readonly string[] {
  const targets = projects.map(({ target }) => join(packageFolder(), "targets", target.name, "target.json"));
  return [configPath, ...new Set(targets), join(packageFolder(), "package.json")];
}

/** Of the file for make and ninja, which is written although nothing else changes. */
function dependencyChange(
  depfile: string | undefined,
  configPath: string,
  heaps: Heaps,
  { folder }: CliContext,
): readonly FileChange[] {
  if (depfile === undefined) return [];
  const path = resolve(folder, depfile);
  const text = dependencyText(depfile, sourcesOf(configPath, heaps));
  return [{ path, before: readIfThere(nodeFiles, path), after: Buffer.from(text) }];
}

export const generate: Run<"generate"> = async (given, context) => {
  const pipeline = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const heaps = pipeline.prepareHeaps(configPath, prepareOptions(given));
  const folder = outputFolder(given.out, configPath, context.folder);
  const generated = await pipeline.generateHeaps(heaps);
  const plan = planWrite(folder, generated, given.force);
  const dependencies = dependencyChange(given.depfile, resolve(context.folder, configPath), heaps, context);
  commitWrite(plan);
  placeFiles(nodeFiles, dependencies);
  if (!given.quiet) announce(plan, context);
  if (given.list) for (const { name } of generated) context.out(`${join(folder, name)}\n`);
  return 0;
};
