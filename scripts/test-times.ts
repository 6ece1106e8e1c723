/**
 * How long each test file took, the longest first, from vitest's JSON.
 *
 *   npm run test:times            runs all tests first
 *   npm run test:times -- FILE    reads what `vitest run --reporter=json --outputFile=FILE` wrote
 *
 * --tests N adds the N longest tests.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

/** The part of vitest's report that is read: times in milliseconds. */
const reportSchema = z.object({
  startTime: z.number(),
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(z.object({ fullName: z.string(), duration: z.number().nullish() })),
    }),
  ),
});

const root = join(import.meta.dirname, "..");

function runAll(): string {
  const file = join(mkdtempSync(join(tmpdir(), "alloc-gen-times-")), "results.json");
  const words = ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  spawnSync("npx", words, { cwd: root, stdio: ["ignore", 2, 2] });
  return file;
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1).padStart(8);

const { values, positionals } = parseArgs({
  options: { tests: { type: "string", default: "0" } },
  allowPositionals: true,
});
const report = reportSchema.parse(JSON.parse(readFileSync(positionals[0] ?? runAll(), "utf8")));
const files = report.testResults
  .map(({ name, startTime, endTime, assertionResults }) => ({
    name: relative(root, name),
    time: endTime - startTime,
    tests: assertionResults,
  }))
  .toSorted((left, right) => right.time - left.time);
const total = files.reduce((sum, { time }) => sum + time, 0);
const end = Math.max(...report.testResults.map(({ endTime }) => endTime));

console.log(` seconds${"share".padStart(8)}${"tests".padStart(7)}  file`);
for (const { name, time, tests } of files) {
  const share = `${((100 * time) / total).toFixed(1)} %`.padStart(8);
  console.log(`${seconds(time)}${share}${String(tests.length).padStart(7)}  ${name}`);
}
console.log(
  `${seconds(total)} of work, ${((end - report.startTime) / 1000).toFixed(0)} seconds by the clock,` +
    ` ${report.numTotalTests} tests, ${availableParallelism()} processors`,
);
const slowest = files
  .flatMap(({ name, tests }) =>
    tests.map(({ fullName, duration }) => ({ name, fullName, time: duration ?? 0 })),
  )
  .toSorted((left, right) => right.time - left.time)
  .slice(0, Number(values.tests));
for (const { name, fullName, time } of slowest) console.log(`${seconds(time)}  ${name}: ${fullName}`);
