/** `alloc-gen compare`: the generated allocator beside others. */
import { resolve } from "node:path";
import { comparePeers } from "../../peers/compare-peers.js";
import type { Optimization } from "../../config/config.js";
import { optimizations } from "../../config/vocabulary.js";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import { loadPeer } from "../../peers/load.js";
import type { Peer } from "../../peers/peer.js";
import { makeComparisonReport } from "../../report/peers-report.js";
import { openEngine } from "../../verify/engines.js";
import type { Given, Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import { givenCompilers } from "../given-compilers.js";
import { givenTraces } from "../given-traces.js";
import { makeProgressBar } from "../progress.js";
import { filesOf, prepareOptions } from "../prepare-options.js";
import { usageError } from "../usage-error.js";

export const compare: Run<"compare"> = async (given, context, output) => {
  const { prepare } = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const project = prepare(configPath, prepareOptions(given));
  output.keep(filesOf(configPath, [project], context.folder));
  const { name, toolchain } = project.loaded.config;
  const levels = levelsOf(given.optimize, toolchain.optimize);
  const compilers = givenCompilers(given.compiler, toolchain.compiler);
  const peers = peersOf(given.peer, name, context.folder);
  output.keep(peers.flatMap(({ file, sources }) => [resolve(context.folder, file), ...sources]));
  const alignment = Math.min(project.plan.alignment, ...peers.map((peer) => peer.alignment));
  const traces = givenTraces(given.trace, project, alignment, context);
  const bar = await makeProgressBar(context, given.quiet);
  try {
    const engine = openEngine(given.engine);
    const leastHeaps = !given.noLeastHeap;
    const { progress } = bar;
    const how = { optimizations: levels, compilers, engine, leastHeaps, progress };
    const comparison = await comparePeers({ project, peers, traces, ...how });
    bar.stop();
    const report = makeComparisonReport(project, engine, traces, comparison);
    await output.print(report);
    return report.ok ? 0 : 1;
  } finally {
    bar.stop();
  }
};

function levelsOf(optimize: string | undefined, own: Optimization): readonly Optimization[] {
  if (optimize === undefined) return [own];
  if (optimize === "all") return optimizations;
  const level = optimizations.find((known) => known === optimize);
  if (level !== undefined) return [level];
  throw usageError(`--optimize is "${optimize}" (allowed: ${optimizations.join(", ")}, all)`);
}

/** Every faulty peer is told, not the first. */
function peersOf(wanted: Given<"compare">["peer"], ownName: string, folder: string): readonly Peer[] {
  const loaded = wanted.map((named) => {
    try {
      return loadPeer(named, folder);
    } catch (error) {
      if (error instanceof AllocGenError) return error;
      throw error;
    }
  });
  const faults = loaded.flatMap((peer) => (peer instanceof AllocGenError ? peer.diagnostics : []));
  const sound = loaded.flatMap((peer) => (peer instanceof AllocGenError ? [] : [peer]));
  const names = [ownName, ...sound.map(({ name }) => name)];
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  faults.push(...twice.map((name) => diagnose("peer-twice", { name })));
  if (faults.length > 0) throw new AllocGenError(2, faults);
  return sound;
}
