/** `alloc-gen inspect`: what stands in a dump of the heap, and what is wrong with it. */
import { AllocGenError, diagnose } from "../../diagnostics.js";
import { inspect as inspectMemory } from "../../inspect/inspect.js";
import { inspectionJson, inspectionText, isDamaged } from "../../report/inspection-text.js";
import type { RunCommand } from "../commands.js";
import { findConfig } from "../config-path.js";
import { readDump } from "../dump-file.js";
import { projectOptions } from "./main-job.js";

export const inspect: RunCommand = async (given, { folder, out, colors, pipeline }) => {
  const { file } = given;
  if (file === undefined) throw fault(diagnose("usage", { what: "name a dump of the heap" }));
  const { prepare } = await pipeline();
  const { plan } = prepare(findConfig(given.config, folder), projectOptions(given));
  const { memory, fileOffset, address } = readDump(file, given, plan, folder);
  const inspection = inspectMemory(plan, memory);
  const dump = { file, fileOffset, address, plan, inspection };
  out(given.json ? inspectionJson(dump) : inspectionText(dump, { colors }));
  return isDamaged(dump) ? 1 : 0;
};

const fault = (diagnostic: ReturnType<typeof diagnose>): AllocGenError => new AllocGenError(2, [diagnostic]);
