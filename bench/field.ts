/**
 * Measures every figure of the project against the field, and writes bench/results.json, bench/results.md and the picture.
 * Run: npm run bench -- [--peers FOLDER] [--only NAME,NAME] [--cores NAME,NAME] [--fresh] [--no-cycles] [--copies-on-core] [--page]
 *
 * The folder holds a folder with a peer.json for each allocator beside those that come along. Figures are kept in
 * bench/results.json after each allocator, and found again where image, trace or cycle model changed: a bench that was
 * stopped goes on. --fresh forgets them. Figures of allocators that are not measured this time are kept as they are.
 * --no-cycles keeps the cycles of the last run, which take longest.
 * --cores measures on those cores alone (of cortex-m4, cortex-m0plus, cortex-m33, hazard3) and keeps the figures of the others;
 * without one of the first two only flash and cycles are measured.
 * --copies-on-core also finds the least heaps of perturbed traces for allocators that come compiled, which takes an hour.
 * --page writes page and picture from the figures that there are.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { jsEngine } from "../src/emulators/js/engine.js";
import { describeModel } from "../src/report/describe-model.js";
import { loadTarget } from "../src/targets/load.js";
import { peakBytes } from "../src/traces/peak.js";
import { benchFolder, candidates, heapBytes, traces } from "./field-candidates.js";
import { cores, type AllocatorFigures, type Core, type FieldResults } from "./field-data.js";
import { coresOf } from "./field-tables.js";
import { leastCore, leastLevel, measure } from "./field-measure.js";
import { fieldText } from "./field-text.js";
import { frontierPicture } from "./frontier.js";

const resultsFile = join(benchFolder, "results.json");
/** The fastest; each of its instructions is held against the other engines by the tests. */
const engine = jsEngine();

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function valueOf(option: string): string | undefined {
  const at = process.argv.indexOf(option);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** Generated allocators come first, as they are listed; peers that were not measured this time keep their figures. */
async function save(measured: readonly AllocatorFigures[], before: FieldResults | undefined): Promise<void> {
  const names = candidates(undefined).map(({ name }) => name);
  const byName = new Map([...(before?.allocators ?? []), ...measured].map((one) => [one.name, one]));
  const own = names.flatMap((name) => byName.get(name) ?? []).filter(({ generated }) => generated);
  const image = await candidates(undefined)[0]?.on(leastCore, heapBytes).images(leastLevel).at(heapBytes);
  const allocators = [...own, ...[...byName.values()].filter(({ generated }) => !generated)];
  const results: FieldResults = {
    date: new Date().toISOString().slice(0, 10),
    toolchain: (image?.toolchain ?? "").replace(/ \S+$/, ""),
    engine: `${engine.name} ${engine.version}`,
    models: Object.fromEntries(
      coresOf({ allocators }).map((core) => [core, describeModel(loadTarget(core))]),
    ),
    traces: traces.map((trace) => ({
      name: trace.name,
      operations: trace.operations.length,
      peakBytes: peakBytes(trace),
    })),
    allocators,
  };
  writeFileSync(resultsFile, `${JSON.stringify(results)}\n`);
  writePage(results);
}

function writePage(results: FieldResults): void {
  writeFileSync(join(benchFolder, "results.md"), fieldText(results));
  writeFileSync(join(benchFolder, "frontier.svg"), frontierPicture(results));
}

/** @throws Error for a core that the bench does not know */
function coresAsked(): readonly Core[] {
  const asked = valueOf("--cores")?.split(",");
  return (
    asked?.map((name) => {
      const core = cores.find((known) => known === name);
      if (core === undefined) throw new Error(`--cores: "${name}" is none of ${cores.join(", ")}`);
      return core;
    }) ?? cores
  );
}

async function main(): Promise<void> {
  const peersAt = valueOf("--peers");
  const before: FieldResults | undefined = existsSync(resultsFile)
    ? (JSON.parse(readFileSync(resultsFile, "utf8")) as FieldResults)
    : undefined;
  if (process.argv.includes("--page") && before !== undefined) {
    writePage(before);
    return;
  }
  const fresh = process.argv.includes("--fresh");
  const cycles = !process.argv.includes("--no-cycles");
  const copiesOnCore = process.argv.includes("--copies-on-core");
  const only = valueOf("--only")?.split(",");
  const asked = coresAsked();
  const measured: AllocatorFigures[] = [];
  for (const candidate of candidates(peersAt === undefined ? undefined : resolve(peersAt))) {
    if (only !== undefined && !only.includes(candidate.name)) continue;
    say(candidate.name);
    const known = before?.allocators.find(({ name }) => name === candidate.name);
    try {
      measured.push(
        await measure(candidate, {
          ...{ engine, before: fresh ? undefined : known, cycles, copiesOnCore },
          ...{ cores: asked, say },
        }),
      );
      await save(measured, before);
    } catch (error) {
      // The others are measured all the same; what was known of this one stays.
      say(`  ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
  say(`wrote ${join(benchFolder, "results.md")}`);
}

await main();
