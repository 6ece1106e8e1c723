/** Which config file a command works on. */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { AllocGenError, diagnose, type Diagnostic } from "../diagnostics.js";
import { nearestWord } from "../suggest.js";
import { commandNames } from "./commands.js";

export const configFileName = "alloc-gen.json";

/**
 * The config as messages name it, relative to the working directory where the user named it so: the named file,
 * `alloc-gen.json` of the named folder, or that of the working directory.
 *
 * @throws AllocGenError (exit code 2) when there is none.
 */
export function findConfig(named: string | undefined, workingFolder: string): string {
  const path = resolve(workingFolder, named ?? ".");
  if (named !== undefined && !existsSync(path)) throw fault(missing(named));
  if (!statSync(path).isDirectory()) return named ?? path;
  if (!existsSync(join(path, configFileName))) throw fault(diagnose("no-config", { folder: path }));
  return join(named ?? ".", configFileName);
}

/** A word without a dot or slash may be a mistyped command. */
function missing(named: string): Diagnostic {
  if (/[./\\]/.test(named)) return diagnose("file-missing", { file: named });
  const words = commandNames.filter((name) => name !== "main");
  return diagnose("no-such-config", { found: named, nearest: nearestWord(named, words) });
}

function fault(diagnostic: Diagnostic): AllocGenError {
  return new AllocGenError(2, [diagnostic]);
}
