/** `alloc-gen mutate`: how many mutants of the C verify notices. */
import { availableParallelism } from "node:os";
import { openJudges } from "../../mutation/judges.js";
import { mutationOperators } from "../../mutation/registry.js";
import { runMutation } from "../../mutation/run-mutation.js";
import { placesOf } from "../../mutation/place.js";
import { generate, type Project } from "../../pipeline.js";
import { makeMutationReport } from "../../report/mutation-report.js";
import { nearestWord } from "../../suggest.js";
import type { Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import { prepareOptions } from "../prepare-options.js";
import { makeProgressBar } from "../progress.js";
import { usageError } from "../usage-error.js";

const defaultCount = 100;
/** Wall time of one mutant: a hundred times what most take, on a busy machine too. */
const secondsEach = 120;

export const mutate: Run<"mutate"> = async (given, context, output) => {
  const { prepare } = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const options = prepareOptions(given);
  const project = prepare(configPath, options);
  const count = wholeNumber("--count", given.count, defaultCount, 1);
  const seed = wholeNumber("--seed", given.seed, 1, 0);
  const minimum = percentOf(given.minimum);
  checkNames(
    "--operator",
    given.operator,
    mutationOperators.map(({ name }) => name),
  );
  checkNames("--function", given.function, functionsOf(project));
  const processes = wholeNumber("--processes", given.processes, availableParallelism(), 1);
  const bar = await makeProgressBar(context, given.quiet);
  const judges = openJudges(
    { configPath, options, engine: given.engine },
    { processes, seconds: secondsEach },
  );
  const stop = new AbortController();
  const interrupt = (): void => {
    stop.abort();
  };
  process.once("SIGINT", interrupt);
  try {
    const result = await runMutation({
      project,
      seed,
      count,
      operators: given.operator,
      functions: given.function,
      judge: (text) => judges.judge(text),
      atOnce: processes,
      progress: bar.progress,
      signal: stop.signal,
    });
    bar.stop();
    const report = makeMutationReport(result, minimum);
    await output.print(report);
    return report.ok ? 0 : 1;
  } finally {
    process.off("SIGINT", interrupt);
    bar.stop();
    await judges.close();
  }
};

function wholeNumber(option: string, written: string | undefined, otherwise: number, least: number): number {
  if (written === undefined) return otherwise;
  const value = /^\d{1,10}$/.test(written) ? Number(written) : -1;
  if (value >= least && value < 2 ** 32) return value;
  throw usageError(`${option} is "${written}" (allowed: a whole number from ${least} on)`);
}

function percentOf(written: string | undefined): number {
  if (written === undefined) return 100;
  const value = /^\d+(?:\.\d+)?$/.test(written) ? Number(written) : -1;
  if (value >= 0 && value <= 100) return value;
  throw usageError(`--minimum is "${written}" (allowed: 0 to 100)`);
}

function checkNames(option: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestWord(unknown, known);
  const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
  throw usageError(`${option} is "${unknown}"${hint} (allowed: ${known.join(", ")})`);
}

/** Functions and constants that can be mutated. */
function functionsOf(project: Project): readonly string[] {
  const source = generate(project).find(({ name }) => name.endsWith(".c"));
  return [...new Set(placesOf(source?.text ?? "").map(({ name }) => name))];
}
