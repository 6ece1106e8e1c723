/** Recorded traces: text, or the same gzipped. */
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { AllocGenError, diagnose, type Diagnostic } from "../diagnostics.js";
import { mostBytes, readInput } from "../input-file.js";
import { printable } from "../printable.js";
import type { Trace, TraceOperation } from "./operation.js";
import { FaultList, parseTrace } from "./parse.js";

export { parseTrace } from "./parse.js";

/**
 * At most 128 MiB of text and ten million lines: far above any recording, and below what exhausts memory where a file is
 * not what it seems.
 * @throws AllocGenError, exit code 2: the file is missing, unreadable or too large, or lines of it are malformed.
 */
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
  const content = readInput(path, { file: path, mostBytes: mostBytes.trace });
  return unpack(content, path, mostBytes.trace).toString("utf8");
}

/**
 * What a file holds that may be packed.
 * @param file what messages name
 * @param most bytes that it may unpack to, a whole number of MiB
 * @throws AllocGenError, exit code 2: it is packed otherwise than with gzip, is damaged, or unpacks to more
 */
export function unpack(content: Buffer, file: string, most: number): Buffer {
  const packer = packerOf(content);
  if (packer === undefined) return content;
  if (packer.name !== "gzip")
    throw unreadable(file, `it is packed with ${packer.name} (allowed: text, or text packed with gzip)`);
  try {
    // Stops where there is more: no more than that is ever in memory.
    return gunzipSync(content, { maxOutputLength: most });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const tooLarge = `the unpacked text is larger than ${most / 1024 / 1024} MiB`;
    throw unreadable(file, code === "ERR_BUFFER_TOO_LARGE" ? tooLarge : (reasons[code] ?? code));
  }
}

function unreadable(file: string, why: string): AllocGenError {
  return new AllocGenError(2, [diagnose("file-unreadable", { file, why })]);
}

const packerOf = (content: Buffer) =>
  packers.find(({ signature }) => content.subarray(0, signature.length).equals(signature));

/** Whether a file is packed with gzip, by its first bytes. */
export const isGzip = (content: Buffer): boolean => packerOf(content)?.name === "gzip";

/** How files begin that are packed. */
const packers = [
  { name: "gzip", signature: Buffer.from([0x1f, 0x8b]) },
  { name: "zstd", signature: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) },
  { name: "xz", signature: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]) },
  { name: "bzip2", signature: Buffer.from("BZh") },
  { name: "zip", signature: Buffer.from("PK\u0003\u0004") },
] as const;

const reasons: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: "the gzip data ends too early",
  Z_DATA_ERROR: "the gzip data is damaged",
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
