/** `alloc-gen tune`: the configs that no other beats for a program, from its traces. */
import { join, resolve } from "node:path";
import { optimizations } from "../../config/vocabulary.js";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import { loadPeer } from "../../peers/load.js";
import { makeTuneReport } from "../../report/tune-report.js";
import { checkTraceFits, readTrace } from "../../traces/read.js";
import { peakBytes } from "../../traces/peak.js";
import type { Trace } from "../../traces/operation.js";
import { budgetNames, type Budget } from "../../tune/budgets.js";
import { objectives, type Objective } from "../../tune/front.js";
import { tune as search, type Row } from "../../tune/tune.js";
import { openEngine } from "../../verify/engines.js";
import type { Run } from "../commands.js";
import { configFileName } from "../config-path.js";
import { nodeFiles } from "../file-system.js";
import { givenConfidence, wholeNumber } from "../given-confidence.js";
import { placeFiles, readIfThere } from "../place-files.js";
import { makeProgressBar } from "../progress.js";
import { tuneBase, type TuneBase } from "../tune-base.js";
import { usageError } from "../usage-error.js";

const defaultCopies = 20;
/** A heap for a config that is not there yet, over the most that is live: sizes are searched for anyway. */
const roomy = 2;

export const tune: Run<"tune"> = async (given, context, output) => {
  const { folder } = context;
  const traces = tracesOf(given.trace, folder);
  const peak = Math.max(...traces.map((trace) => peakBytes(trace)));
  const base = tuneBase(given, folder, Math.ceil((roomy * peak) / 1024 + 1) * 1024);
  output.keep([
    ...given.trace.map((file) => resolve(folder, file)),
    ...(base.path === undefined ? [] : [base.path]),
  ]);
  const path = base.path ?? join(folder, configFileName);
  const wanted = given.write === undefined ? undefined : wholeNumber("--write", given.write, 1, 10);
  if (wanted !== undefined && !given.force && readIfThere(nodeFiles, path) !== undefined)
    throw new AllocGenError(2, [diagnose("file-exists", { file: base.file })]);
  const confidence = givenConfidence(given, defaultCopies);
  if (confidence === undefined) throw new Error("there are copies by default");
  const request = {
    base: base.value,
    file: base.file,
    traces,
    confidence,
    levels: optimizations.filter((level) => level !== "-O3"),
    budgets: given.budget.map(budgetOf),
    minimise: objectiveOf(given.minimise),
    peers: (given.peer.length > 0 ? given.peer : ["newlib-nano"]).map((peer) => loadPeer(peer, folder)),
    engine: openEngine(given.engine),
  };
  const bar = await makeProgressBar(context, given.quiet);
  try {
    const result = await search({ ...request, progress: bar.progress });
    bar.stop();
    const report = makeTuneReport(result);
    await output.print(report);
    if (wanted === undefined || !report.ok) return report.ok ? 0 : 1;
    const row = result.rows[wanted - 1];
    if (row === undefined)
      throw usageError(`--write is ${wanted}, and the front has ${result.rows.length} rows`);
    writeRow(row, base, path);
    if (!given.quiet) context.err(`wrote ${base.file}; "alloc-gen" generates and proves the allocator\n`);
    return 0;
  } finally {
    bar.stop();
  }
};

function tracesOf(written: readonly string[], folder: string): readonly Trace[] {
  if (written.length === 0) throw usageError("name a trace: --trace FILE");
  const traces = written.map((file) => readTrace(resolve(folder, file)));
  const faults = traces.flatMap((trace, index) => checkTraceFits(trace, Infinity, written[index] ?? "", 8));
  if (faults.length > 0) throw new AllocGenError(2, faults);
  return traces;
}

function budgetOf(written: string): Budget {
  const [name = "", most = ""] = written.split("=", 2);
  const known = budgetNames.find((each) => each === name);
  if (known === undefined || !/^\d+$/.test(most))
    throw usageError(
      `--budget is ${JSON.stringify(written)} (allowed: NAME=NUMBER, NAME one of ${budgetNames.join(", ")})`,
    );
  return { name: known, most: Number(most) };
}

function objectiveOf(written: string): Objective {
  const known = objectives.find((each) => each === written);
  if (known === undefined) throw new Error(`no objective ${written}`);
  return known;
}

/** The config of a row, whole or not at all. */
export function writeRow(
  { candidate, leastHeapBytes, heapBytes }: Row,
  { value }: Pick<TuneBase, "value">,
  path: string,
): void {
  const margin = ((100 * heapBytes) / leastHeapBytes - 100).toFixed(1);
  const { $schema = "./node_modules/alloc-gen/schema/alloc-gen.schema.json", ...rest } = candidate.value;
  const text = [
    `// Chosen by alloc-gen tune. heap.size is ${margin} % above the ${leastHeapBytes} bytes that the traces need.`,
    JSON.stringify({ $schema: value["$schema"] ?? $schema, ...rest }, undefined, 2),
    "",
  ].join("\n");
  placeFiles(nodeFiles, [{ path, before: readIfThere(nodeFiles, path), after: Buffer.from(text) }]);
}
