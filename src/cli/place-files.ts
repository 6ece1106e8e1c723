/**
 * Several files that change together, even if the process is killed in between.
 *
 * New contents go to temporary files, then a journal says which file each belongs to, then each is renamed into place,
 * then the journal goes. Before the journal is there nothing has changed; from then on the change can be finished by
 * whoever finds the journal, and the next run does.
 */
import { createHash } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import type { FileSystem } from "./file-system.js";

export interface FileChange {
  readonly path: string;
  /** Undefined: there is to be no file. */
  readonly after: Buffer | undefined;
  /** Undefined: there was none. */
  readonly before: Buffer | undefined;
}

/** A change as the journal has it. */
interface Entry {
  readonly path: string;
  /** Name of the temporary file beside it; null where the file goes. */
  readonly temporary: string | null;
  /** Digest of the file that may be replaced; null: there was none. */
  readonly before: string | null;
}

/** Names of ours in a folder: the process that made them, and of a temporary file the folder of its journal. */
const ownName = /^\.alloc-gen\.(?<process>\d+)\.(?:\d+\.(?<home>[0-9a-f]+)\.tmp|journal)$/;
const journalName = (process: number): string => `.alloc-gen.${process}.journal`;
const homeOf = (folder: string): string => digestOf(resolve(folder)).slice(0, 16);

/**
 * All changes or none. Where one fails, those before it are taken back in the same way.
 * @throws AllocGenError (exit code 2) when a file cannot be written
 */
export function placeFiles(files: FileSystem, changes: readonly FileChange[]): void {
  const [first] = changes;
  if (first === undefined) return;
  const journal = join(dirname(first.path), journalName(files.process));
  const transaction = new Transaction(files, journal);
  try {
    transaction.apply(changes);
  } catch (error) {
    const { current, done } = transaction;
    try {
      transaction.apply(done.map(inverse));
    } catch {
      // What cannot be taken back stays in the journal: the next run tries again.
      throw unwritable(current, error);
    }
    transaction.close();
    throw unwritable(current, error);
  }
  transaction.close();
}

const inverse = ({ path, before, after }: FileChange): FileChange => ({ path, before: after, after: before });

class Transaction {
  readonly #temporaries: string[] = [];
  /** Changes made of the last list. */
  done: readonly FileChange[] = [];
  /** The file that is being written. */
  current = "";

  constructor(
    private readonly files: FileSystem,
    private readonly journal: string,
  ) {}

  /** From the journal's rename on the change holds, and no longer the one before it. */
  apply(changes: readonly FileChange[]): void {
    if (changes.length === 0) return;
    const entries = changes.map((change) => this.#writeTemporary(change));
    const temporary = this.#nextPath(dirname(this.journal));
    this.files.write(temporary, Buffer.from(JSON.stringify(entries)));
    this.files.rename(temporary, this.journal);
    for (const [index, entry] of entries.entries()) {
      this.current = entry.path;
      this.done = changes.slice(0, index);
      finish(this.files, entry);
    }
    this.done = changes;
  }

  /** The journal goes first: temporaries alone mean that nothing is to be finished. */
  close(): void {
    this.files.remove(this.journal);
    for (const temporary of this.#temporaries) this.files.remove(temporary);
  }

  #writeTemporary({ path, after, before }: FileChange): Entry {
    this.current = path;
    if (after === undefined) return { path, temporary: null, before: digest(before) };
    this.files.makeFolder(dirname(path));
    const temporary = this.#nextPath(dirname(path));
    this.files.write(temporary, after);
    return { path, temporary: basename(temporary), before: digest(before) };
  }

  #nextPath(folder: string): string {
    const number = `${this.files.process}.${this.#temporaries.length}`;
    const path = join(folder, `.alloc-gen.${number}.${homeOf(dirname(this.journal))}.tmp`);
    this.#temporaries.push(path);
    return path;
  }
}

const temporaryOf = ({ path, temporary }: Entry): string | undefined =>
  temporary === null ? undefined : join(dirname(path), temporary);

/** Once more does no harm: the temporary file is gone then. */
function finish(files: FileSystem, entry: Entry): void {
  const temporary = temporaryOf(entry);
  if (temporary === undefined) files.remove(entry.path);
  else files.rename(temporary, entry.path);
}

/**
 * Finishes what a process that was killed had begun, and removes what it left. A file that somebody has written since
 * stays as it is.
 * @param folders of all files of one run
 * @throws AllocGenError (exit code 2) when a file cannot be written
 */
export function recoverFiles(files: FileSystem, folders: readonly string[]): void {
  const left = [...new Set(folders)].flatMap((folder) => leftIn(files, folder));
  const journals = left.filter(({ home }) => home === undefined);
  for (const { path } of journals) for (const entry of readJournal(files, path)) recover(files, entry);
  // A journal goes last, for what it says is done then; a temporary file stays whose journal may be elsewhere.
  const homes = new Set(folders.map(homeOf));
  const temporaries = left.filter(({ home }) => home !== undefined && homes.has(home));
  for (const { path } of [...temporaries, ...journals]) files.remove(path);
}

interface LeftFile {
  readonly path: string;
  /** Undefined: it is a journal. */
  readonly home: string | undefined;
}

/** Files of processes that are no more. One with this process's own number was left by another that had it. */
function leftIn(files: FileSystem, folder: string): readonly LeftFile[] {
  return files.list(folder).flatMap((name) => {
    const { process, home } = ownName.exec(name)?.groups ?? {};
    if (process === undefined) return [];
    const number = Number(process);
    return number !== files.process && files.isRunning(number) ? [] : [{ path: join(folder, name), home }];
  });
}

/** Nothing where it is not ours, whatever it is called. */
function readJournal(files: FileSystem, path: string): readonly Entry[] {
  try {
    const entries: unknown = JSON.parse(files.read(path)?.toString("utf8") ?? "");
    return Array.isArray(entries) && entries.every(isEntry) ? entries : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw unwritable(path, error);
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const { path, temporary, before } = value as Readonly<Record<string, unknown>>;
  const isOurs = temporary === null || (typeof temporary === "string" && ownName.test(temporary));
  return typeof path === "string" && isOurs && (typeof before === "string" || before === null);
}

function recover(files: FileSystem, entry: Entry): void {
  const temporary = temporaryOf(entry);
  try {
    if (temporary !== undefined && files.read(temporary) === undefined) return;
    if (digest(files.read(entry.path)) === entry.before) finish(files, entry);
    else if (temporary !== undefined) files.remove(temporary);
  } catch (error) {
    throw unwritable(entry.path, error);
  }
}

const digestOf = (content: Buffer | string): string => createHash("sha256").update(content).digest("hex");
const digest = (content: Buffer | undefined): string | null =>
  content === undefined ? null : digestOf(content);

/** A file as it is before a change. @throws AllocGenError (exit code 2) when it cannot be written, for it is none */
export function readIfThere(files: FileSystem, path: string): Buffer | undefined {
  try {
    return files.read(path);
  } catch (error) {
    throw unwritable(path, error);
  }
}

export function unwritable(file: string, error: unknown): AllocGenError {
  const why = error instanceof Error ? error.message : String(error);
  return new AllocGenError(2, [diagnose("file-unwritable", { file, why })]);
}
