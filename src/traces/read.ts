/** Recorded traces: text, or the same gzipped. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { AllocGenError, diagnose, type Diagnostic } from "../diagnostics.js";
import { printable } from "../printable.js";
import type { Trace, TraceOperation } from "./operation.js";
import { FaultList, parseTrace } from "./parse.js";

export { parseTrace } from "./parse.js";

/** Text of a trace: far above any recording, and below what exhausts memory when a file is not what it seems. */
const mostBytes = 512 * 1024 * 1024;

/** @throws AllocGenError, exit code 2: the file is missing or unreadable, or lines of it are malformed. */
export function readTrace(path: string): Trace {
  return parseTrace(readText(path), traceName(path), path);
}

/** "lua-json" of "traces/lua-json.trace.gz". */
export function traceName(path: string): string {
  return printable(basename(path))
    .replace(/\.gz$/, "")
    .replace(/\.(trace|txt|log)$/, "");
}

function readText(path: string): string {
  try {
    const content = readFileSync(path);
    const gzipped = content[0] === 0x1f && content[1] === 0x8b;
    return (gzipped ? gunzipSync(content, { maxOutputLength: mostBytes }) : content).toString("utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new AllocGenError(2, [
      code === "ENOENT"
        ? diagnose("file-missing", { file: path })
        : diagnose("file-unreadable", { file: path, why: reasons[code] ?? code }),
    ]);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  Z_BUF_ERROR: "the gzip data ends too early",
  Z_DATA_ERROR: "the gzip data is damaged",
  ERR_BUFFER_TOO_LARGE: "the unpacked text is larger than 512 MiB",
};

/**
 * Requests that no heap of the plan can ever serve, so that replaying them proves nothing.
 *
 * @param maximumRequest bytes of the largest request an empty heap serves
 * @param file what messages name
 * @param alignment bytes every payload is aligned to; an `m` line that asks for more cannot be served by malloc
 * @returns the first 20 faults and the number of the others
 */
export function checkTraceFits(
  trace: Trace,
  maximumRequest: number,
  file: string,
  alignment = 4,
): readonly Diagnostic[] {
  const faults = new FaultList(file);
  trace.operations.forEach((operation, index) => {
    const line = trace.lines?.[index];
    const size = requestOf(operation);
    if (size > maximumRequest) {
      faults.add(line, diagnose("trace-too-large", { size, maximum: maximumRequest }));
    }
    if (operation.kind === "aligned" && operation.alignment > alignment) {
      const parameters = { alignment: operation.alignment, maximum: alignment };
      faults.add(line, diagnose("trace-alignment", parameters));
    }
  });
  return faults.all();
}

const requestOf = (operation: TraceOperation): number => (operation.kind === "free" ? 0 : operation.size);
