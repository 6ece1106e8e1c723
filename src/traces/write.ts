/** Traces as text: what `parseTrace` reads. */
import { printable } from "../printable.js";
import { NotePrinter } from "./annotations.js";
import type { Trace, TraceOperation } from "./operation.js";

/** Operations in a piece of the text. */
const operationsInPiece = 4096;

/** Header lines, then one operation a line with its notes before it; ends with a line break. */
export function formatTrace(trace: Pick<Trace, "header" | "operations" | "notes">): string {
  return [...tracePieces(trace)].join("");
}

/** The same, piece by piece: the text of a long trace is never in memory as a whole. */
export function* tracePieces({
  header,
  operations,
  notes,
}: Pick<Trace, "header" | "operations" | "notes">): Generator<string> {
  yield [...header].map(([key, value]) => `# ${printable(key)}: ${printable(value)}\n`).join("");
  const printer = new NotePrinter(notes);
  for (let start = 0; start < operations.length; start += operationsInPiece) {
    const piece = operations.slice(start, start + operationsInPiece);
    const lines = piece.flatMap((operation, index) => [
      ...printer.before(start + index),
      formatOperation(operation),
    ]);
    yield `${lines.join("\n")}\n`;
  }
  yield printer
    .before(operations.length)
    .map((line) => `${line}\n`)
    .join("");
}

/** "a 3 24" */
export function formatOperation(operation: TraceOperation): string {
  switch (operation.kind) {
    case "malloc":
      return `a ${operation.id} ${operation.size}`;
    case "calloc":
      return `c ${operation.id} ${operation.size}`;
    case "aligned":
      return `m ${operation.id} ${operation.alignment} ${operation.size}`;
    case "realloc":
      return `r ${operation.id} ${operation.size}`;
    case "free":
      return `f ${operation.id}`;
  }
}
