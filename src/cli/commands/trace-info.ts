/** `alloc-gen trace info`: what a trace asks for. */
import { makeTraceReport } from "../../report/trace-report.js";
import type { Run } from "../commands.js";
import { namedTrace } from "../trace-file.js";

export const traceInfo: Run<"trace info"> = async ({ file }, context, output) => {
  await output.print(makeTraceReport(namedTrace(file, context)));
  return 0;
};
