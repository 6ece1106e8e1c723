/**
 * How the house is built, in figures: conditionals of the templates, circles of imports, and for each thing that is
 * added often how many files know of it. With a commit beside today.
 *
 *   npm run house                  this checkout
 *   npm run house -- --at COMMIT   that commit beside it
 *   npm run house -- --files       with the files by name
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkoutAt, withCommit, type Checkout } from "./house/checkout.js";
import { countConditionals, type TemplateCount } from "./house/conditionals.js";
import { importCircles, readSources } from "./house/sources.js";
import { countTouched, type Touched } from "./house/touched.js";

interface House {
  readonly templates: readonly TemplateCount[];
  readonly circles: readonly (readonly string[])[];
  readonly touched: readonly Touched[];
}

function survey(checkout: Checkout): House {
  const sources = readSources(checkout);
  return {
    templates: countConditionals(checkout),
    circles: importCircles(sources),
    touched: countTouched(checkout, sources),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function rowsOf({ templates, circles, touched }: House): ReadonlyMap<string, number> {
  return new Map([
    ["templates", templates.length],
    ["conditionals of templates", sum(templates.map(({ conditionals }) => conditionals))],
    ["branches with unbalanced brackets", sum(templates.map(({ unbalanced }) => unbalanced.length))],
    ["circles of imports", circles.length],
    ...touched.map(
      ({ thing, example, files }) => [`files that know of a ${thing}: ${example}`, files.length] as const,
    ),
  ]);
}

function printTable(now: House, then: House | undefined): void {
  const before = then === undefined ? undefined : rowsOf(then);
  if (before !== undefined) console.log(`${"".padEnd(64)}${"then".padStart(6)}${"now".padStart(6)}`);
  for (const [name, value] of rowsOf(now)) {
    const old = before === undefined ? "" : String(before.get(name) ?? "-").padStart(6);
    console.log(`${name.padEnd(64)}${old}${String(value).padStart(6)}`);
  }
}

function printFiles({ templates, circles, touched }: House): void {
  for (const { template, conditionals, unbalanced } of templates) {
    const lines = unbalanced.length === 0 ? "" : `  unbalanced: ${unbalanced.join(", ")}`;
    console.log(`${template.padEnd(64)}${String(conditionals).padStart(6)}${lines}`);
  }
  for (const circle of circles) console.log(`circle: ${circle.join(", ")}`);
  for (const { thing, example, files } of touched) console.log(`${thing} ${example}: ${files.join(", ")}`);
}

const { values } = parseArgs({ options: { at: { type: "string" }, files: { type: "boolean" } } });
const root = join(import.meta.dirname, "..");
const now = survey(checkoutAt(root));
printTable(now, values.at === undefined ? undefined : withCommit(root, values.at, survey));
if (values.files === true) printFiles(now);
