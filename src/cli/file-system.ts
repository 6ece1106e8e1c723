/** The steps on the file system that writing files takes, so that a test can stop between any two of them. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";

export interface FileSystem {
  /** Undefined where there is no such file. */
  read(path: string): Buffer | undefined;
  /** Not at once: a process that is killed leaves a part of it. */
  write(path: string, content: Buffer): void;
  /** At once, over what is there. */
  rename(from: string, to: string): void;
  /** Whether it was there or not. */
  remove(path: string): void;
  /** With the folders around it. */
  makeFolder(path: string): void;
  /** Names in a folder; none where there is none. */
  list(folder: string): readonly string[];
  /** Whether a process runs. */
  isRunning(process: number): boolean;
  /** The number of this process. */
  readonly process: number;
}

export const nodeFiles: FileSystem = {
  read: (path) => (existsSync(path) ? readFileSync(path) : undefined),
  write: (path, content) => writeFileSync(path, content),
  rename: renameSync,
  // `force` alone still fails below a file that is taken for a folder.
  remove: (path) => {
    if (existsSync(path)) rmSync(path, { force: true });
  },
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  list: (folder) =>
    statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : [],
  isRunning,
  process: process.pid,
};

function isRunning(number: number): boolean {
  try {
    process.kill(number, 0);
    return true;
  } catch (error) {
    // It runs, and is another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
