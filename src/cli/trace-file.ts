/** Traces that commands read and write. */
import { relative, resolve } from "node:path";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { AllocGenError, diagnose } from "../diagnostics.js";
import type { Trace } from "../traces/operation.js";
import { isGzip, readTrace } from "../traces/read.js";
import { tracePieces } from "../traces/write.js";
import type { CliContext } from "./context.js";
import { nodeFiles } from "./file-system.js";
import { identityOf } from "./output.js";
import { placeFiles, readIfThere } from "./place-files.js";
import { usageError } from "./usage-error.js";

/** What of the command line says where a trace goes. */
interface GivenOutput {
  readonly out: string | undefined;
  readonly force: boolean;
  readonly quiet: boolean;
}

/** @throws AllocGenError, exit code 2: none is named, or it cannot be read */
export function namedTrace(file: string | undefined, { folder }: CliContext): Trace {
  if (file === undefined) throw usageError("name a trace");
  return readTrace(resolve(folder, file));
}

/**
 * To be asked before there is a trace, which may take long to make.
 * @param inputs absolute paths of the files that the command reads
 * @throws AllocGenError, exit code 2: the trace would go over one of them, or over a file that is no trace
 */
export function checkOutput(
  { out, force }: GivenOutput,
  inputs: readonly string[],
  { folder }: CliContext,
): void {
  if (out === undefined) return;
  const path = resolve(folder, out);
  if (inputs.map(identityOf).includes(identityOf(path))) {
    throw usageError(`--out ${out} is a file that the command reads`);
  }
  const before = readIfThere(nodeFiles, path);
  if (before !== undefined && !force && !looksLikeTrace(before)) {
    throw new AllocGenError(2, [diagnose("file-exists", { file: out })]);
  }
}

/** To standard output, or whole to the file of --out. @throws AllocGenError, exit code 2: it cannot be written */
export function writeTrace(
  trace: Trace,
  { out, quiet }: GivenOutput,
  { folder, out: print, err }: CliContext,
): void {
  if (out === undefined) {
    for (const piece of tracePieces(trace)) print(piece);
    return;
  }
  const path = resolve(folder, out);
  const text = Buffer.concat([...tracePieces(trace)].map((piece) => Buffer.from(piece)));
  const after = out.endsWith(".gz") ? gzipSync(text) : text;
  placeFiles(nodeFiles, [{ path, before: readIfThere(nodeFiles, path), after }]);
  if (!quiet) err(`wrote ${relative(folder, path)}\n`);
}

/** Empty, or with a comment or an operation in its first line; packed or not. */
function looksLikeTrace(content: Buffer): boolean {
  const text = isGzip(content) ? firstUnpacked(content) : content;
  return text !== undefined && /^(?:$|#[^!]|[acmrf] \d)/.test(text.toString("latin1", 0, 80));
}

/** Undefined where it is damaged. */
function firstUnpacked(content: Buffer): Buffer | undefined {
  try {
    return gunzipSync(content.subarray(0, 1024), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}
