/** A folder for the files of one build, gone when the build is over. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";

/**
 * Runs `work` in a new folder of the system's one for temporary files ($TMPDIR).
 * @param name what the folder's name begins with
 * @throws AllocGenError, exit code 3: no folder can be made there, or a file cannot be written; and what `work` throws
 */
export async function inWorkFolder<Result>(
  name: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = makeWorkFolder(name);
  try {
    return await work(folder);
  } catch (error) {
    throw workFolderError(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The folder alone, for work that ends elsewhere: whoever makes it removes it.
 * @param parent by default the system's folder for temporary files
 * @throws AllocGenError, exit code 3
 */
export function makeWorkFolder(name: string, parent: string = tmpdir()): string {
  try {
    return mkdtempSync(join(parent, name));
  } catch (error) {
    throw workFolderError(error, parent);
  }
}

/** What the file system said, in our words; any other error as it is. */
export function workFolderError(error: unknown, folder: string = tmpdir()): unknown {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return error;
  const code = String(error.code);
  const why = reasons[code] ?? code;
  return new AllocGenError(3, [diagnose("work-folder", { folder, why })]);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "it is no folder",
  ENOSPC: "no space is left",
  EDQUOT: "no space is left for this user",
  EACCES: "permission denied",
  EROFS: "the file system is read-only",
};
