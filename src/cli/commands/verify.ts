/** `alloc-gen verify`: the main job without its files. */
import { basename, dirname, resolve } from "node:path";
import { withAhead } from "../../ahead/ahead.js";
import { readInputText } from "../../input-file.js";
import type { GivenSource, Heaps } from "../../pipeline.js";
import type { Given, Run } from "../commands.js";
import { givenMemory } from "../given-memory.js";
import { findConfig } from "../config-path.js";
import { filesOf, outputFolder, prepareOptions } from "../prepare-options.js";
import { runHeaps } from "../run-heaps.js";
import { usageError } from "../usage-error.js";

export const verify: Run<"verify"> = (given, context, output) =>
  withAhead(given.engine, async (ahead) => {
    const { prepareHeaps } = await context.pipeline();
    const configPath = findConfig(given.config, context.folder);
    const memory = givenMemory(given);
    const options = { ...prepareOptions(given), ...(memory === undefined ? {} : { memory }) };
    const heaps = prepareHeaps(configPath, options);
    output.keep(filesOf(configPath, heaps.projects, context.folder));
    const folder = outputFolder(undefined, configPath, context.folder);
    const { ok } = await runHeaps(
      heaps,
      {
        ...given,
        folder,
        ahead,
        triesWaitStates: memory !== undefined,
        ...sourceOptions(given, heaps, context.folder),
      },
      context,
      output,
    );
    return ok ? 0 : 1;
  });

/** The C that is proven in place of the generated one, and its folder. */
function sourceOptions(
  { source: file, writeBaseline }: Given<"verify">,
  { projects }: Heaps,
  workingFolder: string,
): { readonly source: GivenSource | undefined; readonly folder?: string } {
  if (file === undefined) return { source: undefined };
  if (projects.length > 1) {
    const names = projects.map(({ plan }) => JSON.stringify(plan.name)).join(", ");
    throw usageError(`--source is the C of one heap: name it with --heap (${names})`);
  }
  if (writeBaseline) throw usageError("a baseline is of the generated C: --write-baseline without --source");
  if (!file.endsWith(".c")) throw usageError("--source is the C of a heap, a file whose name ends in .c");
  const path = resolve(workingFolder, file);
  return { source: { name: basename(path), text: readInputText(path, file) }, folder: dirname(path) };
}
