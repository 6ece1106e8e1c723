/** Generated files on disk: all of them or none, and never over a file that is someone else's. */
import { dirname, join, relative } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { hasBanner } from "../outputs/output.js";
import type { GeneratedFile } from "../pipeline.js";
import type { CliContext } from "./context.js";
import { nodeFiles, type FileSystem } from "./file-system.js";
import { placeFiles, readIfThere, recoverFiles } from "./place-files.js";

/** A file whose text is not on disk yet. */
interface PlannedFile {
  readonly path: string;
  readonly text: string;
  /** Content to put back should a later file fail; undefined when there was no file. */
  readonly before: Buffer | undefined;
}

export interface WritePlan {
  /** Files that will be made or changed; the others have their text already and are left untouched. */
  readonly changed: readonly PlannedFile[];
  readonly unchanged: readonly string[];
}

/**
 * What writing `generated` into `folder` would do. Touches nothing but what an earlier run was killed in: that is
 * finished first.
 *
 * @throws AllocGenError (exit code 2) naming every file that is there and was not generated, unless `force`.
 */
export function planWrite(
  folder: string,
  generated: readonly GeneratedFile[],
  force: boolean,
  files: FileSystem = nodeFiles,
): WritePlan {
  const paths = generated.map(({ name, text }) => ({ path: join(folder, name), text }));
  recoverFiles(
    files,
    paths.map(({ path }) => dirname(path)),
  );
  const planned = paths.map(({ path, text }) => ({ path, text, before: readIfThere(files, path) }));
  const foreign = planned.filter(({ before }) => before !== undefined && !isOurs(before));
  if (foreign.length > 0 && !force) {
    throw new AllocGenError(
      2,
      foreign.map(({ path }) => diagnose("not-generated", { file: path })),
    );
  }
  const isSame = ({ before, text }: PlannedFile): boolean => before?.equals(Buffer.from(text)) ?? false;
  return {
    changed: planned.filter((file) => !isSame(file)),
    unchanged: planned.filter(isSame).map(({ path }) => path),
  };
}

/**
 * Writes what is planned: all files or none, even if the process is killed while it writes (`place-files.ts`).
 *
 * @throws AllocGenError (exit code 2) when a file cannot be written.
 */
export function commitWrite({ changed }: WritePlan, files: FileSystem = nodeFiles): void {
  placeFiles(
    files,
    changed.map(({ path, text, before }) => ({ path, before, after: Buffer.from(text) })),
  );
}

/** One line a file, on standard error. */
export function announce(plan: WritePlan, { folder, err }: CliContext): void {
  for (const { path } of plan.changed) err(`wrote ${relative(folder, path)}\n`);
  for (const path of plan.unchanged) err(`unchanged ${relative(folder, path)}\n`);
}

function isOurs(content: Buffer): boolean {
  return hasBanner(content.toString("utf8"));
}
