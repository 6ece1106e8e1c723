/**
 * Draws configs and runs the whole job on each with short workloads: every difference, wrong prediction, bound below
 * what was seen and exception is printed with its config.
 *
 *   npm run predictions -- --count 500 --seed 7
 *   npm run predictions -- --seed 7 --from 412 --count 1 --compiler clang
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AllocGenError, formatDiagnostic } from "../src/diagnostics.js";
import { run, type RunResult } from "../src/pipeline.js";
import { checksOfHeap } from "../src/report/checks.js";
import { reportHeap } from "../src/report/make-report.js";
import { namesOf } from "../src/traces/operation.js";
import { prepareDrawn } from "./drawn/prepare-drawn.js";
import { drawRun } from "./predictions/draw.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    operations: { type: "string", default: "2000" },
    compiler: { type: "string" },
  },
});
const seed = Number(values.seed);
const [count, operations] = [Number(values.count), Number(values.operations)];
const folder = mkdtempSync(join(tmpdir(), "alloc-gen-predictions-"));

const problemsOf = (result: RunResult): readonly string[] =>
  checksOfHeap(reportHeap(result, { strict: true })).flatMap(({ failures }) =>
    failures.map(({ message }) => message),
  );

/** Operations of a run, and those of them whose cycles were predicted exactly. */
function countsOf({ verification }: RunResult): { readonly exact: number; readonly all: number } {
  const figures = verification.workloads.flatMap((workload) =>
    namesOf(workload).map((name) => workload[name] ?? { calls: 0, predicted: { exact: 0 } }),
  );
  return {
    exact: figures.reduce((sum, { predicted }) => sum + predicted.exact, 0),
    all: figures.reduce((sum, { calls }) => sum + calls, 0),
  };
}

let [ran, bad, exact, all] = [0, 0, 0, 0];
let index = Number(values.from);
for (; ran < count; index++) {
  const config = { ...drawRun(seed, index, values.compiler), verify: { seed: index, operations } };
  const prepared = prepareDrawn(config, folder);
  if (prepared.kind === "refused") continue;
  ran++;
  let problems: readonly string[];
  try {
    const result = await run(prepared.project);
    const counts = countsOf(result);
    exact += counts.exact;
    all += counts.all;
    problems = problemsOf(result);
  } catch (error) {
    problems =
      error instanceof AllocGenError
        ? error.diagnostics.map(formatDiagnostic)
        : [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  if (problems.length === 0) continue;
  bad++;
  console.log(
    [`${index} ${JSON.stringify(config)}`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
  );
}
rmSync(folder, { recursive: true });
console.log(
  `${ran} configs, ${bad} bad; cycles of ${((100 * exact) / all).toFixed(2)} % of ${all} operations predicted exactly; next is --from ${index}`,
);
if (bad > 0) process.exitCode = 1;
