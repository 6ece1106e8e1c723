/** `alloc-gen init`: a first config, from a few answers or from none. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultAnswers, initialConfigText, type InitialAnswers } from "../../config/initial.js";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import type { Run } from "../commands.js";
import { configFileName } from "../config-path.js";

export const init: Run<"init"> = async (given, context) => {
  const path = join(context.folder, configFileName);
  if (existsSync(path) && !given.force) {
    throw new AllocGenError(2, [diagnose("file-exists", { file: configFileName })]);
  }
  const asks = context.interactive && !given.yes;
  const answers = asks ? await (await import("../questions.js")).askForConfig() : defaultAnswers;
  if (answers === undefined) {
    context.err("Nothing was written.\n");
    return 2;
  }
  write(path, answers);
  if (!given.quiet) {
    context.err(`wrote ${configFileName}; "alloc-gen" generates and proves the allocator\n`);
  }
  return 0;
};

function write(path: string, answers: InitialAnswers): void {
  try {
    writeFileSync(path, initialConfigText(answers));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AllocGenError(2, [diagnose("file-unwritable", { file: path, why })]);
  }
}
