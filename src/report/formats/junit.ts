/** JUnit's XML, as Jenkins and GitLab read it: a test suite for each heap, a test case for each thing checked. */
import XmlBuilder from "fast-xml-builder";
import { describeLocation, suitesOf, type Check, type Suite } from "../checks.js";
import type { Format } from "../format.js";
import { witnessedText } from "../witnessed-text.js";
import type { HeapReport, Report } from "../report.js";

export const junit: Format<Report> = { print };

/** Attributes of an element are keys with "@", its text is "#text", children are keys with an element or a list. */
type Element = { readonly [key: string]: string | Element | readonly Element[] };

function print(report: Report): string {
  const suites = suitesOf(report);
  const builder = new XmlBuilder({
    attributeNamePrefix: "@",
    ignoreAttributes: false,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
    format: true,
  });
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "alloc-gen",
      ...counts(suites.flatMap(({ checks }) => checks)),
      testsuite: suites.map((suite) => suiteElement(suite, report.heaps)),
    },
  });
}

function suiteElement({ name, heap, checks, seconds }: Suite, heaps: readonly HeapReport[]): Element {
  const properties = propertiesOf(heaps.find((candidate) => candidate.name === heap));
  return {
    "@name": name,
    ...counts(checks),
    "@skipped": String(checks.filter(({ skipped }) => skipped !== undefined).length),
    ...(seconds === undefined ? {} : { "@time": seconds.toFixed(3) }),
    ...(properties.length === 0 ? {} : { properties: { property: properties } }),
    testcase: checks.map((check) => caseElement(heap, check)),
  };
}

function counts(checks: readonly Check[]): Element {
  const failed = checks.filter(({ failures }) => failures.length > 0);
  return { "@tests": String(checks.length), "@failures": String(failed.length), "@errors": "0" };
}

/** What the figures were measured with. */
function propertiesOf(heap: HeapReport | undefined): readonly Element[] {
  if (heap === undefined) return [];
  const { target, toolchain, engine, cycleModel, policy, size, witnessed } = heap;
  const facts = {
    ...{ target, toolchain, engine },
    ...(witnessed === undefined ? {} : { witnessed: witnessedText(witnessed) }),
    ...{ cycleModel, policy },
  };
  const figures = { flashBytes: size.flashBytes, ramBytes: size.ramBytes };
  return Object.entries({ ...facts, ...figures }).map(([name, value]) => ({
    "@name": name,
    "@value": legal(String(value)),
  }));
}

function caseElement(heap: string, { group, name, failures, warnings = [], skipped, note }: Check): Element {
  const output = [
    ...(note === undefined ? [] : [note]),
    ...warnings.map(({ message }) => `warning: ${message}`),
  ];
  return {
    "@name": legal(name),
    "@classname": `${heap}.${group}`,
    ...(skipped === undefined ? {} : { skipped: { "@message": legal(skipped) } }),
    failure: failures.map(({ rule, message, details = [], place }) => ({
      "@type": rule,
      "@message": legal(message),
      "#text": legal([message, ...describeLocation(place), ...details].join("\n")),
    })),
    ...(output.length === 0 ? {} : { "system-out": { "#text": legal(output.join("\n")) } }),
  };
}

/** Without the characters that XML 1.0 has no way to write; a trace may be called anything. */
function legal(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd");
}
