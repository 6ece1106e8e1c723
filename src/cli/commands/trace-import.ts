/** `alloc-gen trace import`: a trace of what a device recorded. */
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { formatDiagnostic } from "../../diagnostics.js";
import { mostBytes, readInput, readInputText, readPieces } from "../../input-file.js";
import { importSummary } from "../../report/import-summary.js";
import { importTrace } from "../../traces/import/import-trace.js";
import type { Source } from "../../traces/import/source.js";
import { isGzip, traceName, unpack } from "../../traces/read.js";
import type { Run } from "../commands.js";
import { checkOutput, writeTrace } from "../trace-file.js";
import { usageError } from "../usage-error.js";

export const traceImport: Run<"trace import"> = (given, context) => {
  const { file, from, keepFailed, strict, quiet } = given;
  if (file === undefined) throw usageError("name a recording");
  const path = resolve(context.folder, file);
  const metadata = metadataOf(path, given.metadata, context.folder);
  checkOutput(given, [path, ...metadata.paths], context);
  const source = { ...openSource(path, file), metadata: metadata.text };
  const options = { from, file, name: traceName(file), keepFailed, headerBytes: bytesOf(given.header) };
  const imported = importTrace(source, options);
  writeTrace(imported.trace, given, context);
  const { faults, notices } = imported;
  for (const fault of [...notices, ...faults])
    if (!quiet) context.err(`alloc-gen: ${formatDiagnostic(fault)}\n`);
  if (!quiet) context.err(importSummary(imported, file));
  return Promise.resolve(strict && faults.length > 0 ? 1 : 0);
};

/** Bytes of the file that tell its format. */
const headBytes = 2 ** 20;

/** A file is read piece by piece, as often as it is asked for; a packed one, and a pipe, once and whole. */
function openSource(path: string, file: string): Pick<Source, "head" | "pieces"> {
  if (isFile(path)) {
    const head = firstBytes(readPieces(path, file));
    if (!isGzip(head)) return { head, pieces: () => readPieces(path, file) };
  }
  const most = mostBytes.recording;
  const content = unpack(readInput(path, { file, mostBytes: most }), file, most);
  return { head: content.subarray(0, headBytes), pieces: () => [content] };
}

function firstBytes(pieces: Iterable<Buffer>): Buffer {
  const first: Buffer[] = [];
  let count = 0;
  for (const piece of pieces) {
    first.push(piece);
    count += piece.length;
    if (count >= headBytes) break;
  }
  return Buffer.concat(first).subarray(0, headBytes);
}

/** The text of --metadata, or of the file that CTF puts beside its streams. */
function metadataOf(
  path: string,
  named: string | undefined,
  folder: string,
): { readonly text: string | undefined; readonly paths: readonly string[] } {
  if (named !== undefined) {
    const metadata = resolve(folder, named);
    return { text: readInputText(metadata, named), paths: [metadata] };
  }
  const beside = join(dirname(path), "metadata");
  return isFile(beside)
    ? { text: readInputText(beside, beside), paths: [beside] }
    : { text: undefined, paths: [] };
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** Bytes of --header. */
function bytesOf(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,4}$/.test(text)) throw usageError(`--header ${text} (allowed: 0 to 9999 bytes)`);
  return Number(text);
}
