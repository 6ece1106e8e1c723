/** `alloc-gen inspect`: what stands in a dump of the heap, and what is wrong with it. */
import { inspect as inspectMemory, operationUnderWay } from "../../inspect/inspect.js";
import { printable } from "../../printable.js";
import { isDamaged } from "../../report/inspection-text.js";
import type { Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import { readDump } from "../dump-file.js";
import { filesOf, prepareOptions } from "../prepare-options.js";
import { usageError } from "../usage-error.js";

export const inspect: Run<"inspect"> = async (given, { folder, pipeline }, output) => {
  const { file } = given;
  if (file === undefined) throw usageError("name a dump of the heap");
  const { prepare } = await pipeline();
  const configPath = findConfig(given.config, folder);
  const project = prepare(configPath, prepareOptions(given));
  output.keep(filesOf(configPath, [project], folder));
  const { plan } = project;
  const { memory, ...place } = readDump(file, given, plan, folder);
  const inspection = inspectMemory(plan, memory);
  const underWay = operationUnderWay(plan, memory, inspection);
  const dump = {
    ...{ file: printable(file), ...place, plan, inspection },
    ...(underWay === undefined ? {} : { underWay }),
  };
  await output.print(dump);
  return isDamaged(dump) ? 1 : 0;
};
