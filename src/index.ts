/** The library: the same stages as the command line, as values. Nothing else of the package is public. */
export { AllocGenError, formatDiagnostic, type Diagnostic } from "./diagnostics.js";
export {
  generate,
  generateAll,
  prepare,
  run,
  type GeneratedFile,
  type PrepareOptions,
  type Progress,
  type Project,
  type RunResult,
} from "./pipeline.js";
export { measureBaseline, printBaseline, type Baseline } from "./report/baseline.js";
export { type BaselineReport } from "./report/compare-baseline.js";
export { printJson } from "./report/json.js";
export { parseBaseline } from "./report/read-baseline.js";
export { makeReport, withBaseline, type Report } from "./report/report.js";
export { printText } from "./report/text.js";
