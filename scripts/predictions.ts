/**
 * Draws configs and runs the whole job on each with short workloads: every difference, wrong prediction, bound below
 * what was seen and exception is printed with its config.
 *
 *   npm run predictions -- --count 500 --seed 7
 *   npm run predictions -- --count 100 --engine js       on another engine (default unicorn)
 *   npm run predictions -- --seed 7 --from 412 --count 1 --compiler clang
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AllocGenError, formatDiagnostic } from "../src/diagnostics.js";
import { engineChoices } from "../src/emulators/engine.js";
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
    engine: { type: "string", default: "unicorn" },
  },
});
const seed = Number(values.seed);
const engine = engineChoices.find((choice) => choice === values.engine);
if (engine === undefined)
  throw new Error(`--engine is ${values.engine} (allowed: ${engineChoices.join(", ")})`);
const [count, operations] = [Number(values.count), Number(values.operations)];
const folder = mkdtempSync(join(tmpdir(), "alloc-gen-predictions-"));

const problemsOf = (result: RunResult): readonly string[] =>
  checksOfHeap(reportHeap(result, { strict: true })).flatMap(({ failures }) =>
    failures.map(({ message }) => message),
  );

/** Operations of a run, and those of them whose cycles were predicted: exactly, and not. */
interface Counts {
  readonly exact: number;
  readonly wrong: number;
  readonly all: number;
}

function countsOf({ verification }: RunResult): Counts {
  const figures = verification.workloads.flatMap((workload) =>
    namesOf(workload).map((name) => workload[name] ?? { calls: 0, predicted: { exact: 0, wrong: 0 } }),
  );
  return {
    exact: figures.reduce((sum, { predicted }) => sum + predicted.exact, 0),
    wrong: figures.reduce((sum, { predicted }) => sum + predicted.wrong, 0),
    all: figures.reduce((sum, { calls }) => sum + calls, 0),
  };
}

let [ran, bad, refused] = [0, 0, 0];
let [exact, wrong, all] = [0, 0, 0];
/** Progress is told each time so many configs are through. */
const toldEach = 10;
const share = (count: number): string => `${((100 * count) / all).toFixed(2)} %`;
let index = Number(values.from);
for (; ran < count; index++) {
  const config = { ...drawRun(seed, index, values.compiler), verify: { seed: index, operations } };
  const prepared = prepareDrawn(config, folder);
  if (prepared.kind === "refused") {
    refused++;
    continue;
  }
  if (ran > 0 && ran % toldEach === 0)
    console.error(`${ran} of ${count}, ${bad} bad; this is --from ${index}`);
  ran++;
  let problems: readonly string[];
  try {
    const result = await run(prepared.project, { engine });
    const counts = countsOf(result);
    exact += counts.exact;
    wrong += counts.wrong;
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
  `${ran} configs, ${bad} bad, ${refused} drawn besides were refused; next is --from ${index}
of ${all} operations: cycles of ${share(exact)} predicted exactly, of ${share(all - exact - wrong)} not predicted, of ${wrong} predicted wrongly`,
);
if (bad > 0) process.exitCode = 1;
