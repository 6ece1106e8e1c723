/**
 * Measures every figure of the project against the field, and writes bench/results.json and bench/results.md.
 * Run: npm run bench -- [--peers FOLDER] [--only NAME,NAME] [--fresh]
 *
 * The folder holds a folder with a peer.json for each allocator beside those that come along. The least heaps of a peer
 * take long to find; those in bench/results.json are kept where neither its image nor the trace changed, unless
 * --fresh is given. Figures of allocators that are not measured this time are kept as they are.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { generatedAllocator, peerAllocator, type Allocator } from "../src/peers/allocators.js";
import type { Candidate as Built } from "../src/peers/candidate.js";
import { replayTrace } from "../src/peers/replay.js";
import { measureLayout, strideSizes } from "../src/peers/strides.js";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import { packageFolder } from "../src/package-folder.js";
import { listPeers, loadPeer, peersFolder } from "../src/peers/load.js";
import { prepare, type Project } from "../src/pipeline.js";
import { describeModel } from "../src/report/describe-model.js";
import { loadTarget } from "../src/targets/load.js";
import type { Trace, TraceOperation } from "../src/traces/operation.js";
import { peakBytes } from "../src/traces/peak.js";
import { seededRandom, type Random } from "../src/traces/random.js";
import { readTrace } from "../src/traces/read.js";
import {
  cores,
  levels,
  type AllocatorFigures,
  type Build,
  type Core,
  type FieldResults,
} from "./field-data.js";
import { fieldText } from "./field-text.js";

const folder = join(packageFolder(), "bench");
const resultsFile = join(folder, "results.json");
const tracesFolder = join(packageFolder(), "examples", "traces");
const engine = unicornEngine();

/** Cycles are compared on the drawn traces, in a heap of this size. */
const heapBytes = 64 * 1024;
/** Recorded programs need more; the cycles of the first config alone are measured on them. */
const recordedHeapBytes = 240 * 1024;
/** The least heap does not depend on the core nor on the level. */
const leastCore: Core = "cortex-m4";
const leastLevel = "-O2";

const traces = readdirSync(tracesFolder)
  .filter((name) => name.endsWith(".trace.gz"))
  .sort()
  .map((name) => readTrace(join(tracesFolder, name)));
const drawn = traces.filter(({ name }) => name.startsWith("synthetic-"));
const recorded = traces.filter((trace) => !drawn.includes(trace));

/** A pool's: blocks of one size in no order. */
const sameSize = drawTrace("same-size", 20_000, (random) => (random.chance(0.5) ? 64 : undefined));
/** An arena's: blocks of many sizes, all released at the end. */
const noFrees = drawTrace("arena", 1000, (random) => random.between(1, 80));

/** @param request the size of the next block; undefined: one is freed */
function drawTrace(name: string, operations: number, request: (random: Random) => number | undefined): Trace {
  const random = seededRandom(1, name);
  const live: number[] = [];
  const drawn = Array.from({ length: operations }, (_, id): TraceOperation => {
    const size = live.length < 700 ? request(random) : undefined;
    if (size === undefined && live.length > 0) {
      return { kind: "free", id: live.splice(random.below(live.length), 1)[0] ?? 0 };
    }
    live.push(id);
    return { kind: "malloc", id, size: size ?? 64 };
  });
  return { name, header: new Map(), operations: drawn };
}

interface Candidate {
  readonly name: string;
  readonly generated: boolean;
  /** On which all traces are replayed. */
  readonly everywhere: boolean;
  /** For one purpose: its trace. */
  readonly special?: Trace;
  readonly version?: string;
  readonly on: (core: Core, heap: number) => Allocator;
}

function candidates(peersAt: string | undefined): readonly Candidate[] {
  const configs = ["default", "smallest", "best-fit", "tlsf", "buddy", "bitmap"];
  const project = (name: string, core: Core, heap: number): Project =>
    prepare(join(folder, "configs", `${name}.json`), { target: core, set: [`heap.size=${heap}`] });
  const own = configs.map((name, index) => ({
    name,
    generated: true,
    everywhere: index === 0,
    on: (core: Core, heap: number) => generatedAllocator(project(name, core, heap)),
  }));
  const special = { pool: sameSize, bump: noFrees };
  const single = Object.entries(special).map(([name, trace]) => ({
    ...{ name, generated: true, everywhere: false, special: trace },
    on: (core: Core, heap: number) => generatedAllocator(project(name, core, heap)),
  }));
  const folders = [peersFolder(), ...(peersAt === undefined ? [] : [peersAt])];
  const peers = folders.flatMap((parent) =>
    listPeers(parent).map((name) => loadPeer(join(parent, name), "/")),
  );
  return [
    ...own,
    ...single,
    ...peers.map((peer) => ({
      name: peer.name,
      ...(peer.version === undefined ? {} : { version: peer.version }),
      generated: false,
      everywhere: false,
      on: (core: Core, heap: number) => peerAllocator(peer, project("default", core, heap)),
    })),
  ];
}

async function measure(
  candidate: Candidate,
  before: AllocatorFigures | undefined,
): Promise<AllocatorFigures> {
  const builds: Build[] = [];
  for (const core of cores)
    for (const level of levels) builds.push(await measureBuild(candidate, core, level));
  const rig = { engine, target: loadTarget(leastCore) };
  const allocator = candidate.on(leastCore, heapBytes);
  const images = allocator.images(leastLevel);
  const image = await images.at(heapBytes);
  const built = { image, alignment: allocator.alignment };
  const layout = measureLayout(rig, built, allocator.controlBytes);
  const leastHeaps: AllocatorFigures["leastHeaps"][number][] = [];
  for (const trace of candidate.special === undefined ? traces : []) {
    const of = hashOf(image.elf, trace);
    const known = before?.leastHeaps.find((one) => one.trace === trace.name && one.of === of);
    const guess = before?.leastHeaps.find((one) => one.trace === trace.name)?.least?.heapBytes;
    const least =
      known === undefined ? ((await allocator.least(rig, images, trace, false, guess)) ?? null) : known.least;
    leastHeaps.push({ trace: trace.name, least, of });
    say(`  ${trace.name}: ${least === null ? "not served" : least.ramBytes}`);
  }
  const { name, generated } = candidate;
  const strides = strideSizes.map((size) => [size, layout.strides[size] ?? null] as const);
  return {
    ...{ name, generated, builds, leastHeaps, alignmentBytes: allocator.alignment },
    ...(candidate.special === undefined ? {} : { special: true as const }),
    ...(candidate.version === undefined ? {} : { version: candidate.version }),
    controlBytes: layout.controlBytes ?? null,
    strideBytes: Object.fromEntries(strides),
  };
}

async function measureBuild(candidate: Candidate, core: Core, level: Build["level"]): Promise<Build> {
  const rig = { engine, target: loadTarget(core) };
  const built = async (heap: number): Promise<Built> => {
    const { alignment, images } = candidate.on(core, heap);
    return { alignment, image: await images(level).at(heap) };
  };
  const small = await built(heapBytes);
  const own = candidate.special === undefined ? drawn : [candidate.special];
  const replays = own.map((trace) => ({ trace, on: small }));
  if (candidate.everywhere) {
    const large = await built(recordedHeapBytes);
    replays.push(...recorded.map((trace) => ({ trace, on: large })));
  }
  const figures = replays.map(({ trace, on }) => {
    const { broken, malloc, free } = replayTrace(rig, on, trace);
    if (broken !== undefined) throw new Error(`${candidate.name}, ${trace.name}: ${broken}`);
    return { name: trace.name, malloc, free };
  });
  say(`  ${core} ${level}: flash ${small.image.size.flashBytes}`);
  return { core, level, flashBytes: small.image.size.flashBytes, traces: figures };
}

function hashOf(elf: Uint8Array, { operations }: Trace): string {
  return createHash("sha256").update(elf).update(JSON.stringify(operations)).digest("hex").slice(0, 16);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function valueOf(option: string): string | undefined {
  const at = process.argv.indexOf(option);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** Allocators that were not measured this time keep their figures; generated ones come first. */
async function save(measured: readonly AllocatorFigures[], before: FieldResults | undefined): Promise<void> {
  const kept = before?.allocators ?? [];
  const fresh = measured.filter(({ name }) => !kept.some((other) => other.name === name));
  const all = [...kept.map((old) => measured.find(({ name }) => name === old.name) ?? old), ...fresh];
  const image = await candidates(undefined)[0]?.on(leastCore, heapBytes).images(leastLevel).at(heapBytes);
  const results: FieldResults = {
    date: new Date().toISOString().slice(0, 10),
    toolchain: (image?.toolchain ?? "").replace(/ \S+$/, ""),
    engine: `${engine.name} ${engine.version}`,
    models: Object.fromEntries(
      cores.map((core) => [core, describeModel(loadTarget(core))]),
    ) as FieldResults["models"],
    traces: traces.map((trace) => ({
      name: trace.name,
      operations: trace.operations.length,
      peakBytes: peakBytes(trace),
    })),
    allocators: [...all.filter(({ generated }) => generated), ...all.filter(({ generated }) => !generated)],
  };
  writeFileSync(resultsFile, `${JSON.stringify(results)}\n`);
  writeFileSync(join(folder, "results.md"), fieldText(results));
}

async function main(): Promise<void> {
  const peersAt = valueOf("--peers");
  const before: FieldResults | undefined = existsSync(resultsFile)
    ? (JSON.parse(readFileSync(resultsFile, "utf8")) as FieldResults)
    : undefined;
  const fresh = process.argv.includes("--fresh");
  const only = valueOf("--only")?.split(",");
  const measured: AllocatorFigures[] = [];
  for (const candidate of candidates(peersAt === undefined ? undefined : resolve(peersAt))) {
    if (only !== undefined && !only.includes(candidate.name)) continue;
    say(candidate.name);
    const known = before?.allocators.find(({ name }) => name === candidate.name);
    measured.push(await measure(candidate, fresh ? undefined : known));
    // After each one: a bench that is stopped has not measured in vain.
    await save(measured, before);
  }
  say(`wrote ${join(folder, "results.md")}`);
}

await main();
