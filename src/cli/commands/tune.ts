/** `alloc-gen tune`: the configs that no other beats for a program, from its traces. */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { optimizations } from "../../config/vocabulary.js";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import { machineOf } from "../../machine/registry.js";
import { buildStamp, packageVersion } from "../../package-folder.js";
import { loadPeer } from "../../peers/load.js";
import { engineTitle } from "../../report/engine-text.js";
import { makeTuneReport } from "../../report/tune-report.js";
import { checkTraceFits, readTrace } from "../../traces/read.js";
import { peakBytes } from "../../traces/peak.js";
import type { Trace } from "../../traces/operation.js";
import { openCache } from "../../toolchain/cache.js";
import { describeToolchain, findToolchain } from "../../toolchain/toolchain.js";
import { budgetNames, type Budget } from "../../tune/budgets.js";
import { objectives, type Objective } from "../../tune/front.js";
import { identityOf, keptHands, ownHands, type Hands } from "../../tune/hands.js";
import { processHands } from "../../tune/processes.js";
import { partialText, readParts, type PartialResult, type Shard } from "../../tune/shard.js";
import { searchFamilies, tune as search, type Row, type TuneRequest } from "../../tune/tune.js";
import { requestedCandidates, TuneWork } from "../../tune/work.js";
import { openEngine } from "../../verify/engines.js";
import type { Given, Run } from "../commands.js";
import { configFileName } from "../config-path.js";
import { nodeFiles } from "../file-system.js";
import { givenConfidence, wholeNumber } from "../given-confidence.js";
import { placeFiles, readIfThere } from "../place-files.js";
import { makeProgressBar } from "../progress.js";
import { tuneBase, type TuneBase } from "../tune-base.js";
import { usageError } from "../usage-error.js";

const defaultCopies = 20;
const mostProcesses = 1024;
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
  const shard = given.shard === undefined ? undefined : shardOf(given.shard, given.part);
  if (shard === undefined && given.part !== undefined) throw usageError("--part is for what --shard finds");
  const identity = identityOf(request, toolsOf(request));
  const found =
    given.merge.length === 0
      ? undefined
      : readParts(
          given.merge.map((file) => ({ file, path: resolve(folder, file) })),
          identity,
        );
  const hands = handsOf(request, given, folder, identity);
  const bar = await makeProgressBar(context, given.quiet);
  try {
    if (shard !== undefined) {
      const families = await searchFamilies({ ...request, hands, progress: bar.progress }, shard);
      bar.stop();
      writePart({ identity, shard, families }, resolve(folder, shard.file));
      if (!given.quiet) context.err(`wrote ${shard.file}; tune --merge joins it with the other parts\n`);
      return 0;
    }
    const result = await search({
      ...request,
      hands,
      progress: bar.progress,
      ...(found === undefined ? {} : { found }),
    });
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
    await hands.close();
  }
};

/** Versions of everything that decides what is found. */
function toolsOf({ base, file, traces, levels, confidence, engine }: TuneRequest): readonly string[] {
  const [own] = requestedCandidates({ base, file, traces, levels, confidence });
  if (own === undefined) throw new Error("the base is a candidate");
  const { loaded, target } = own.project;
  const toolchain = findToolchain(loaded.config.toolchain.compiler, openCache(), machineOf(target));
  return [packageVersion(), engineTitle(engine), describeToolchain(toolchain, "")];
}

/** Processes, where there is more than one to use; what they find is kept. */
function handsOf(
  { engine, ...request }: TuneRequest,
  given: Given<"tune">,
  folder: string,
  identity: string,
): Hands {
  const processes =
    given.processes === undefined
      ? availableParallelism()
      : wholeNumber("--processes", given.processes, 1, mostProcesses);
  const { base, file, confidence, levels } = request;
  const traceFiles = given.trace.map((trace) => resolve(folder, trace));
  const hands =
    processes === 1
      ? ownHands(new TuneWork(request, engine))
      : processHands({ base, file, confidence, levels, traceFiles, engine: given.engine }, { processes });
  const stamp = buildStamp();
  return stamp === undefined ? hands : keptHands(hands, openCache(), `${identity} ${stamp}`);
}

/** The part that is asked for, and its file. */
function shardOf(written: string, file: string | undefined): Shard & { readonly file: string } {
  const [, part = "", of = ""] = /^(\d{1,4})\/(\d{1,4})$/.exec(written) ?? [];
  const shard = { part: Number(part), of: Number(of) };
  if (shard.part < 1 || shard.part > shard.of)
    throw usageError(`--shard is ${JSON.stringify(written)} (allowed: K/N, K from 1 to N, such as 1/4)`);
  if (file === undefined) throw usageError("--shard needs --part FILE: where to write what it finds");
  return { ...shard, file };
}

function writePart(result: PartialResult, path: string): void {
  const { shard, ...rest } = result;
  const text = partialText({ ...rest, shard: { part: shard.part, of: shard.of } });
  placeFiles(nodeFiles, [{ path, before: readIfThere(nodeFiles, path), after: Buffer.from(text) }]);
}

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
  const size = candidate.front === undefined ? "heap.size is" : "The heaps together are";
  const text = [
    `// Chosen by alloc-gen tune. ${size} ${margin} % above the ${leastHeapBytes} bytes that the traces need.`,
    JSON.stringify({ $schema: value["$schema"] ?? $schema, ...rest }, undefined, 2),
    "",
  ].join("\n");
  placeFiles(nodeFiles, [{ path, before: readIfThere(nodeFiles, path), after: Buffer.from(text) }]);
}
