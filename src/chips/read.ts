/** Reads the table of chips, when somebody asks for one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../package-folder.js";
import type { Chip } from "./chip.js";
import { parseChips } from "./parse.js";

let read: readonly Chip[] | undefined;

/** Every chip that is known. */
export function allChips(): readonly Chip[] {
  read ??= parseChips(readFileSync(join(packageFolder(), "targets", "chips", "chips.tsv"), "utf8"));
  return read;
}
