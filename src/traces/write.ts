/** Traces as text: what `parseTrace` reads. */
import type { Trace, TraceOperation } from "./operation.js";

/** Header lines, then one operation a line; ends with a line break. */
export function formatTrace(trace: Pick<Trace, "header" | "operations">): string {
  const header = [...trace.header].map(([key, value]) => `# ${key}: ${value}`);
  return [...header, ...trace.operations.map(formatOperation)].map((line) => `${line}\n`).join("");
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
