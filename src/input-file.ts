/** Files that the user names: each is read whole, up to a limit, and what is wrong with one is said in the same words. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { AllocGenError, diagnose, type Diagnostic } from "./diagnostics.js";

const mebibyte = 1024 * 1024;

/** Bytes that a file may have, by what it is: far above any in use, and below what exhausts memory. */
export const mostBytes = {
  /** A config, a peer.json, a baseline. */
  text: 4 * mebibyte,
  /** A trace, and its text where it is packed. */
  trace: 128 * mebibyte,
  /** A recording that is not read piece by piece: a binary one, or the text of a packed one. */
  recording: 512 * mebibyte,
  /** A program, or a dump of memory. */
  image: 256 * mebibyte,
  /** The argument of a timed function: it must fit in the core's memory. */
  argument: 8 * mebibyte,
} as const;

export interface InputFile {
  /** As messages name it. */
  readonly file: string;
  /** Bytes, a whole number of MiB. */
  readonly mostBytes: number;
}

/**
 * The bytes of a file, or of a pipe that stands in for one.
 * @throws AllocGenError, exit code 2: it is missing, unreadable, or larger than allowed
 */
export function readInput(path: string, { file, mostBytes: most }: InputFile): Buffer {
  try {
    const descriptor = openSync(path, "r");
    try {
      // A pipe and a device have no size: what is read of them is counted.
      if (fstatSync(descriptor).size > most) throw tooLarge(file, most);
      return readUpTo(descriptor, most) ?? fail(tooLarge(file, most));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw error instanceof AllocGenError ? error : new AllocGenError(2, [faultOf(error, file)]);
  }
}

/** As `readInput`, of text. */
export const readInputText = (path: string, file: string): string =>
  readInput(path, { file, mostBytes: mostBytes.text }).toString("utf8");

/**
 * The bytes of a file of any length, in pieces.
 * @throws AllocGenError, exit code 2, where it begins or goes on to be read: it is missing or unreadable
 */
export function* readPieces(path: string, file: string): Generator<Buffer> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    for (;;) {
      const piece = Buffer.allocUnsafe(256 * 1024);
      const read = readSync(descriptor, piece);
      if (read === 0) return;
      yield piece.subarray(0, read);
    }
  } catch (error) {
    throw error instanceof AllocGenError ? error : new AllocGenError(2, [faultOf(error, file)]);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Undefined where there is more. */
function readUpTo(descriptor: number, most: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    const read = readSync(descriptor, chunk);
    if (read === 0) return Buffer.concat(chunks, total);
    total += read;
    if (total > most) return undefined;
    chunks.push(chunk.subarray(0, read));
  }
}

function tooLarge(file: string, most: number): AllocGenError {
  const why = `it is larger than ${most / mebibyte} MiB`;
  return new AllocGenError(2, [diagnose("file-unreadable", { file, why })]);
}

const fail = (error: AllocGenError): never => {
  throw error;
};

/** What the operating system said of a file, as a diagnostic. */
export function faultOf(error: unknown, file: string): Diagnostic {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  if (code === "ENOENT") return diagnose("file-missing", { file });
  const words = code === undefined ? String(error) : (reasons[code] ?? code);
  return diagnose("file-unreadable", { file, why: words });
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "its symbolic links form a circle",
  ENAMETOOLONG: "its name is too long",
};
