/** Which formats each kind of report has. A format is one line here and a file of its own. */
import type { Formats } from "./format.js";
import type { CertificateReport } from "./certificate-report.js";
import type { ChipsReport } from "./chips-report.js";
import type { ComparisonReport } from "./peers-report.js";
import type { InspectedDump } from "./inspection-text.js";
import type { MutationReport } from "./mutation-report.js";
import type { PlanReport } from "./plan-text.js";
import type { Report } from "./report.js";
import type { SizeReport } from "./size-report.js";
import type { TargetsReport } from "./targets-text.js";
import type { TraceReport } from "./trace-report.js";
import type { TuneReport } from "./tune-report.js";
import type { TimeReport } from "../function-timing/time-function.js";

const plainJson = async () => (await import("./formats/json.js")).plainJson;

/** Of the main job and of `verify`. */
export const runFormats: Formats<Report> = {
  text: async () => (await import("./formats/text.js")).text,
  json: async () => (await import("./formats/json.js")).json,
  junit: async () => (await import("./formats/junit.js")).junit,
  sarif: async () => (await import("./formats/sarif.js")).sarif,
  markdown: async () => (await import("./formats/markdown.js")).markdown,
  github: async () => (await import("./formats/github.js")).github,
  html: async () => (await import("./page/run-page.js")).runPage,
  perfetto: async () => (await import("./formats/perfetto.js")).perfetto,
};

export const comparisonFormats: Formats<ComparisonReport> = {
  text: async () => (await import("./peers-text.js")).comparisonText,
  json: plainJson,
  markdown: async () => (await import("./peers-markdown.js")).comparisonMarkdown,
  html: async () => (await import("./page/peers-page.js")).comparisonPage,
};

export const sizeFormats: Formats<SizeReport> = {
  text: async () => (await import("./size-text.js")).sizeText,
  json: plainJson,
  html: async () => (await import("./page/size-page.js")).sizePage,
};

export const tuneFormats: Formats<TuneReport> = {
  text: async () => (await import("./tune-text.js")).tuneText,
  json: plainJson,
  html: async () => (await import("./page/tune-page.js")).tunePage,
};

export const certificateFormats: Formats<CertificateReport> = {
  text: async () => (await import("./certificate-text.js")).certificateText,
  json: plainJson,
  html: async () => (await import("./page/certificate-page.js")).certificatePage,
};

export const mutationFormats: Formats<MutationReport> = {
  text: async () => (await import("./mutation-text.js")).mutationText,
  json: plainJson,
};

export const timeFormats: Formats<TimeReport> = {
  text: async () => (await import("./time-text.js")).timeText,
  json: plainJson,
};

export const inspectionFormats: Formats<InspectedDump> = {
  text: async () => (await import("./inspection-text.js")).inspectionText,
  json: async () => (await import("./inspection-text.js")).inspectionJson,
  html: async () => (await import("./page/inspection-page.js")).inspectionPage,
};

/** Of `explain`. */
export const planFormats: Formats<PlanReport> = {
  text: async () => (await import("./plan-text.js")).planText,
  json: async () => (await import("./plan-text.js")).planJson,
};

/** Of `trace info`. */
export const traceFormats: Formats<TraceReport> = {
  text: async () => (await import("./trace-text.js")).traceText,
  json: plainJson,
};

export const chipsFormats: Formats<ChipsReport> = {
  text: async () => (await import("./chips-text.js")).chipsText,
  json: plainJson,
};

export const targetsFormats: Formats<TargetsReport> = {
  text: async () => (await import("./targets-text.js")).targetsText,
  json: plainJson,
};
