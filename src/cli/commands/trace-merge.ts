/** `alloc-gen trace merge`: one trace of several. */
import { resolve } from "node:path";
import { mergeTraces, noCommonTime } from "../../traces/merge.js";
import type { Run } from "../commands.js";
import { checkOutput, namedTrace, writeTrace } from "../trace-file.js";
import { usageError } from "../usage-error.js";

export const traceMerge: Run<"trace merge"> = (given, context) => {
  const { files, order, quiet } = given;
  if (files.length < 2) throw usageError("name two traces or more");
  const paths = files.map((file) => resolve(context.folder, file));
  checkOutput(given, paths, context);
  const traces = files.map((file) => namedTrace(file, context));
  const why = noCommonTime(traces);
  if (order === "time" && why !== undefined) throw usageError(`--order time: ${why}`);
  if (order === "auto" && why !== undefined && !quiet) {
    context.err(`merged round-robin, not by time: ${why}\n`);
  }
  writeTrace(mergeTraces(traces, order), given, context);
  return Promise.resolve(0);
};
