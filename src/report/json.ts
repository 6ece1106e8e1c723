/** The report for programs. */
import type { Report } from "./report.js";

/** The report as indented JSON, with a final line break. */
export function printJson(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
