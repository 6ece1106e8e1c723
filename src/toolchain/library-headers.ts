/** Where the headers of the C library are, which comes with the machine's GCC. */
import { devNull } from "node:os";
import { basename, resolve } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { runTool } from "./run-tool.js";
import type { Toolchain } from "./toolchain.js";

/**
 * Folders in which GCC looks for headers with those flags, without its own, in the order of its search.
 * @param flags `--specs` may choose another C library
 * @throws AllocGenError, exit code 3: GCC refuses the flags
 */
export async function libraryHeaders(gcc: Toolchain, flags: readonly string[]): Promise<readonly string[]> {
  const name = basename(gcc.compiler);
  const step = "name the folders of its headers";
  const all = [...flags, "-E", "-v", "-x", "c", devNull];
  const result = await runTool({ program: gcc.path, name, flags: all, folder: process.cwd(), step });
  if (result.kind === "failed") {
    throw new AllocGenError(3, [
      diagnose("compiler-failed", { compiler: name, step, output: result.output }),
    ]);
  }
  return searchedFolders(result.stderr);
}

/** GCC's own, for which every compiler has others: <lib>/gcc/<machine>/<version>/include. */
const ownHeaders = /[\\/]gcc[\\/][^\\/]+[\\/][^\\/]+[\\/]include(?:-fixed)?$/;

/** The list that GCC prints with -v. */
export function searchedFolders(printed: string): readonly string[] {
  const list =
    /^#include <\.\.\.> search starts here:\r?\n(.*?)^End of search list\./ms.exec(printed)?.[1] ?? "";
  return list
    .split(/\r?\n/)
    .filter((line) => line.startsWith(" "))
    .map((line) => resolve(line.trim()))
    .filter((folder) => !ownHeaders.test(folder));
}
