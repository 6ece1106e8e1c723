/** `alloc-gen trace cut`: some operations of a trace. */
import { resolve } from "node:path";
import { cutTrace } from "../../traces/cut.js";
import type { Run } from "../commands.js";
import { checkOutput, namedTrace, writeTrace } from "../trace-file.js";
import { usageError } from "../usage-error.js";

export const traceCut: Run<"trace cut"> = (given, context) => {
  const { file, live } = given;
  checkOutput(given, [resolve(context.folder, file ?? "")], context);
  const trace = namedTrace(file, context);
  const count = trace.operations.length;
  const from = numberOf("--from", given.from, 1, count);
  const to = numberOf("--to", given.to, count, count);
  if (to < from) throw usageError(`--to ${to} is before --from ${from}`);
  writeTrace(cutTrace(trace, { from, to, live }), given, context);
  return Promise.resolve(0);
};

function numberOf(option: string, text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= 1 && value <= most)) {
    throw usageError(`${option} ${text} (allowed: 1 to ${most}, the operations of the trace)`);
  }
  return value;
}
