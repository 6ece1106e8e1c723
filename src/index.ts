/** The library: the same stages as the command line, as values. Nothing else of the package is public. */
export { AllocGenError, formatDiagnostic, type Diagnostic } from "./diagnostics.js";
export {
  generate,
  generateAll,
  prepare,
  run,
  verifySource,
  type GeneratedFile,
  type GivenSource,
  type PrepareOptions,
  type Progress,
  type Project,
  type RunResult,
} from "./pipeline.js";
export { measureBaseline } from "./report/measure-baseline.js";
export { printBaseline, type Baseline } from "./report/baseline.js";
export { type BaselineReport } from "./report/regression.js";
export { type Format, type Formats } from "./report/format.js";
export { runFormats } from "./report/formats.js";
export { makeReport, reportHeap, withBaseline } from "./report/make-report.js";
export { parseBaseline } from "./report/read-baseline.js";
export { type HeapReport, type Report } from "./report/report.js";
