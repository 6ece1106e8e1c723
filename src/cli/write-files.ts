/** Generated files on disk: all of them or none, and never over a file that is someone else's. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { hasBanner } from "../outputs/output.js";
import type { GeneratedFile } from "../pipeline.js";
import type { CliContext } from "./context.js";

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
 * What writing `files` into `folder` would do. Touches nothing.
 *
 * @throws AllocGenError (exit code 2) naming every file that is there and was not generated, unless `force`.
 */
export function planWrite(folder: string, files: readonly GeneratedFile[], force: boolean): WritePlan {
  const planned = files.map(({ name, text }) => {
    const path = join(folder, name);
    return { path, text, before: readIfThere(path) };
  });
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
 * Writes what is planned. Each text goes to a temporary file first and is renamed into place when all of them are on
 * disk; should a rename fail, the files before it get their old content back.
 *
 * @throws AllocGenError (exit code 2) when a file cannot be written.
 */
export function commitWrite({ changed }: WritePlan): void {
  const temporaries: string[] = [];
  const placed: PlannedFile[] = [];
  let current = "";
  try {
    for (const { path, text } of changed) {
      current = path;
      mkdirSync(dirname(path), { recursive: true });
      temporaries.push(temporary(path));
      writeFileSync(temporary(path), text);
    }
    for (const file of changed) {
      current = file.path;
      renameSync(temporary(file.path), file.path);
      placed.push(file);
    }
  } catch (error) {
    for (const path of temporaries) rmSync(path, { force: true });
    for (const { path, before } of placed) {
      if (before === undefined) rmSync(path, { force: true });
      else writeFileSync(path, before);
    }
    throw unwritable(current, error);
  }
}

/** One line a file, on standard error. */
export function announce(plan: WritePlan, { folder, err }: CliContext): void {
  for (const { path } of plan.changed) err(`wrote ${relative(folder, path)}\n`);
  for (const path of plan.unchanged) err(`unchanged ${relative(folder, path)}\n`);
}

/** In the same folder, for a rename must not cross file systems. */
function temporary(path: string): string {
  return `${path}.${process.pid}.tmp`;
}

function readIfThere(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function isOurs(content: Buffer): boolean {
  return hasBanner(content.toString("utf8"));
}

function unwritable(file: string, error: unknown): AllocGenError {
  const why = error instanceof Error ? error.message : String(error);
  return new AllocGenError(2, [diagnose("file-unwritable", { file, why })]);
}
