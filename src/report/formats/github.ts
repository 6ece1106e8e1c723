/**
 * GitHub's workflow commands: an annotation for each failure, at its line, and a line for each heap. The summary is
 * for the page of the workflow run.
 */
import { suitesOf, type Failure, type Suite } from "../checks.js";
import type { Format } from "../format.js";
import type { Report } from "../report.js";
import { markdown } from "./markdown.js";

export const github: Format<Report> = {
  print: (report) => `${suitesOf(report).flatMap(suiteLines).join("\n")}\n`,
  summary: markdown.print,
};

function suiteLines({ name, checks }: Suite): readonly string[] {
  const failures = checks.flatMap((check) => check.failures);
  const verdict = failures.length === 0 ? "OK" : `FAILED (${failures.length})`;
  const warnings = checks.flatMap((check) => check.warnings ?? []);
  return [
    ...failures.map((failure) => annotation("error", name, failure)),
    ...warnings.map((warning) => annotation("warning", name, warning)),
    `${name}: ${verdict}`,
  ];
}

function annotation(
  level: "error" | "warning",
  suite: string,
  { message, details = [], place }: Failure,
): string {
  const properties = [
    ["file", place?.file],
    ["line", place?.line],
    ["col", place?.column],
    ["title", suite],
  ] as const;
  const written = properties.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  return `::${level} ${written.join(",")}::${escapeData([message, ...details].join("\n"))}`;
}

/** A command ends at the line's end, and "%" begins an escape. */
const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** A property ends at a comma or at the colons before the message too. */
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
