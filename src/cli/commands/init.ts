/** `alloc-gen init`: a first config, from a few answers or from none. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultAnswers, initialConfigText, type InitialAnswers } from "../../config/initial.js";
import { initialHeapSize, severalMemories, type InitialChip } from "../../config/initial-chip.js";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import { chipNamed, targetOfChip } from "../chosen-chip.js";
import type { Given, Run } from "../commands.js";
import { configFileName } from "../config-path.js";
import { usageError } from "../usage-error.js";

export const init: Run<"init"> = async (given, context) => {
  const path = join(context.folder, configFileName);
  if (existsSync(path) && !given.force) {
    throw new AllocGenError(2, [diagnose("file-exists", { file: configFileName })]);
  }
  const chip = chosenChip(given);
  const asks = context.interactive && !given.yes;
  const answers = asks ? await (await import("../questions.js")).askForConfig(chip) : defaultsFor(chip);
  if (answers === undefined) {
    context.err("Nothing was written.\n");
    return 2;
  }
  write(path, answers);
  if (!given.quiet) {
    if (answers.chip !== undefined) context.err(`${takenChip(answers.chip, given.chip)}\n`);
    context.err(`wrote ${configFileName}; "alloc-gen" generates and proves the allocator\n`);
  }
  return 0;
};

/** @throws AllocGenError (exit code 2) where the chip is unknown, has no target yet, or has one memory for several heaps */
function chosenChip({ chip: written, heaps }: Given<"init">): InitialChip | undefined {
  if (written === undefined) {
    if (heaps === "regions") throw usageError("--heaps regions is for a chip: name it with --chip");
    return undefined;
  }
  const chip = chipNamed(written);
  targetOfChip(chip);
  if (heaps === "regions" && severalMemories(chip).length < 2) {
    throw usageError(`--heaps regions is for a chip with several memories, and ${chip.name} has one`);
  }
  return { chip, heaps };
}

const defaultsFor = (chip: InitialChip | undefined): InitialAnswers =>
  chip === undefined ? defaultAnswers : { ...defaultAnswers, chip, heapSize: initialHeapSize(chip.chip) };

/** Which chip is meant, and that the file has what is known of it. */
function takenChip({ chip: { name, core } }: InitialChip, written: string | undefined): string {
  const isOther = written !== undefined && written.toLowerCase() !== name.toLowerCase();
  return `${isOther ? `${written} is ${name}` : name}, a ${core}; the file says what is known of its RAM`;
}

function write(path: string, answers: InitialAnswers): void {
  try {
    writeFileSync(path, initialConfigText(answers));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AllocGenError(2, [diagnose("file-unwritable", { file: path, why })]);
  }
}
