/** `alloc-gen generate`: the C and the layout module, without proof. */
import { join, resolve } from "node:path";
import { packageFolder } from "../../package-folder.js";
import type { Heaps } from "../../pipeline.js";
import type { Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import { dependencyText } from "../dependency-file.js";
import { nodeFiles } from "../file-system.js";
import { placeFiles } from "../place-files.js";
import { outputFolder, prepareOptions } from "../prepare-options.js";
import { announce, commitWrite, planWrite } from "../write-files.js";

/** What a change of makes the files other ones: the config, its cores' figures, and alloc-gen itself. */
function sourcesOf(configPath: string, { projects }: Heaps): readonly string[] {
  const targets = projects.map(({ target }) => join(packageFolder(), "targets", target.name, "target.json"));
  return [configPath, ...new Set(targets), join(packageFolder(), "package.json")];
}

export const generate: Run<"generate"> = async (given, context) => {
  const pipeline = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const heaps = pipeline.prepareHeaps(configPath, prepareOptions(given));
  const folder = outputFolder(given.out, configPath, context.folder);
  const generated = await pipeline.generateHeaps(heaps);
  const plan = planWrite(folder, generated, given.force);
  commitWrite(plan);
  if (given.depfile !== undefined) {
    const path = resolve(context.folder, given.depfile);
    const text = dependencyText(given.depfile, sourcesOf(resolve(context.folder, configPath), heaps));
    placeFiles(nodeFiles, [{ path, before: nodeFiles.read(path), after: Buffer.from(text) }]);
  }
  if (!given.quiet) announce(plan, context);
  if (given.list) for (const { name } of generated) context.out(`${join(folder, name)}\n`);
  return 0;
};
