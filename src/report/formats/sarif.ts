/**
 * SARIF 2.1.0, as code scanning reads it: a result for each failure, at the line of the config that asks for what
 * failed, or at the line of the C in which the core stopped.
 */
import { pathToFileURL } from "node:url";
import { isAbsolute } from "node:path";
import type { Location, Log, ReportingDescriptor, Result } from "sarif";
import type { Source } from "../../config/resolve-document.js";
import { rules, suitesOf, type Failure, type Rule } from "../checks.js";
import type { Format } from "../format.js";
import type { Report } from "../report.js";
import { plainJson } from "./json.js";

export const sarif: Format<Report> = { print: (report) => plainJson.print(logOf(report)) };

const ruleNames = Object.keys(rules) as Rule[];

function logOf(report: Report): Log {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "alloc-gen", version: report.toolVersion, rules: ruleNames.map(ruleOf) } },
        // Tells the runs of several targets apart.
        automationDetails: { id: `alloc-gen/${report.heaps.map(({ target }) => target).join("+")}/` },
        columnKind: "utf16CodeUnits",
        results: suitesOf(report).flatMap(({ heap, checks }) =>
          checks.flatMap(({ group, name, failures, warnings = [] }) => {
            const resultAs = (level: "error" | "warning") => (failure: Failure) =>
              resultOf(failure, level, [heap, group, failure.what ?? name].join("/"), report);
            return [...failures.map(resultAs("error")), ...warnings.map(resultAs("warning"))];
          }),
        ),
      },
    ],
  };
}

function ruleOf(id: Rule): ReportingDescriptor {
  return { id, shortDescription: { text: rules[id] }, defaultConfiguration: { level: "error" } };
}

function resultOf(
  { rule, message, details = [], place }: Failure,
  level: "error" | "warning",
  identity: string,
  { heaps }: Report,
): Result {
  const [first] = heaps;
  // A result without a place is not shown: the config stands for it.
  const where = place ?? (first === undefined ? undefined : { file: first.config.file });
  return {
    ruleId: rule,
    ruleIndex: ruleNames.indexOf(rule),
    level,
    message: { text: [`${message}.`, ...details].join("\n") },
    ...(where === undefined ? {} : { locations: [locationOf(where)] }),
    // The same failure of another run is known by it, wherever its line has gone.
    partialFingerprints: { "check/v1": identity },
  };
}

function locationOf({ file, line, column }: Source): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      ...(line === undefined
        ? {}
        : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } }),
    },
  };
}

/** Relative to the working directory, which should be the repository's root. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
}
