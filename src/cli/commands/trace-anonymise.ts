/** `alloc-gen trace anonymise`: a trace without what tells whose it is. */
import { resolve } from "node:path";
import { anonymise } from "../../traces/anonymise.js";
import type { Run } from "../commands.js";
import { checkOutput, namedTrace, writeTrace } from "../trace-file.js";

export const traceAnonymise: Run<"trace anonymise"> = (given, context) => {
  checkOutput(given, [resolve(context.folder, given.file ?? "")], context);
  writeTrace(anonymise(namedTrace(given.file, context)), given, context);
  return Promise.resolve(0);
};
