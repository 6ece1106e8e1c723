/** Every figure of one allocator. */
import { createHash } from "node:crypto";
import type { Candidate as Built, Rig } from "../src/peers/candidate.js";
import type { SizedImages } from "../src/peers/build-peer.js";
import type { Allocator } from "../src/peers/allocators.js";
import { leastHeapAt, servedOn, type LeastHeap } from "../src/peers/least-heap.js";
import { replayTrace } from "../src/peers/replay.js";
import { measureLayout, strideSizes } from "../src/peers/strides.js";
import type { Engine } from "../src/emulators/engine.js";
import { describeModel } from "../src/report/describe-model.js";
import { loadTarget } from "../src/targets/load.js";
import type { Trace } from "../src/traces/operation.js";
import { drawn, heapBytes, recorded, recordedHeapBytes, traces, type Candidate } from "./field-candidates.js";
import {
  cores,
  levels,
  mainCores,
  otherCores,
  type AllocatorFigures,
  type Build,
  type Core,
  type LeastHeapFigures,
} from "./field-data.js";
import { robustFigures } from "./field-robust.js";
import { HostPeer } from "./host-peer.js";

/** The least heap does not depend on the core nor on the level. */
export const leastCore: Core = "cortex-m4";
export const leastLevel = "-O2";

export interface MeasureOptions {
  readonly engine: Engine;
  /** Figures of the last run, which are kept where nothing that they were made of has changed. */
  readonly before: AllocatorFigures | undefined;
  /** Whether cycles are measured anew; if not, those of the last run are kept. */
  readonly cycles: boolean;
  /** Whether copies are replayed on the emulated core too, where an allocator can be tried nowhere else. */
  readonly copiesOnCore: boolean;
  /** Which cores are measured; on the others figures are kept. */
  readonly cores: readonly Core[];
  readonly say: (text: string) => void;
}

export async function measure(candidate: Candidate, options: MeasureOptions): Promise<AllocatorFigures> {
  const { engine, before } = options;
  const onCores =
    options.cycles || before === undefined ? await measureBuilds(candidate, options) : keptOf(before);
  // All else is measured on the main cores.
  if (before !== undefined && !mainCores.some((core) => options.cores.includes(core)))
    return { ...before, ...onCores };
  const rig = { engine, target: loadTarget(leastCore) };
  const allocator = candidate.on(leastCore, heapBytes);
  const images = allocator.images(leastLevel);
  const image = await images.at(heapBytes);
  const layout = measureLayout(rig, { image, alignment: allocator.alignment }, allocator.controlBytes);
  // Blocks may have another form in a larger heap.
  const all = [image.elf, (await images.at(recordedHeapBytes)).elf];
  const leastHeaps =
    candidate.special === undefined
      ? await measureLeast(candidate, { rig, allocator, images, all }, options)
      : [];
  const robust = await measureRobust(candidate, leastHeaps, { rig, images }, options);
  const { name, generated } = candidate;
  const strides = strideSizes.map((size) => [size, layout.strides[size] ?? null] as const);
  return {
    ...{ name, generated, ...onCores, leastHeaps, alignmentBytes: allocator.alignment },
    ...(robust === undefined ? {} : { robust }),
    ...(candidate.special === undefined ? {} : { special: true as const }),
    ...(candidate.version === undefined ? {} : { version: candidate.version }),
    controlBytes: layout.controlBytes ?? before?.controlBytes ?? null,
    strideBytes: Object.fromEntries(strides),
  };
}

type OnCores = Pick<AllocatorFigures, "builds" | "lacking">;

const keptOf = ({ builds, lacking }: AllocatorFigures): OnCores => ({
  builds,
  ...(lacking === undefined ? {} : { lacking }),
});

async function measureBuilds(candidate: Candidate, options: MeasureOptions): Promise<OnCores> {
  const builds: Build[] = [];
  const lacking: Partial<Record<Core, string>> = {};
  const before: OnCores = options.before ?? { builds: [] };
  for (const core of cores) {
    if (!options.cores.includes(core)) {
      builds.push(...before.builds.filter((build) => build.core === core));
      const why = before.lacking?.[core];
      if (why !== undefined) lacking[core] = why;
      continue;
    }
    try {
      const found: Build[] = [];
      for (const level of levels) found.push(await measureBuild(candidate, core, level, options));
      builds.push(...found);
    } catch (error) {
      if (!otherCores.some((other) => other === core)) throw error;
      lacking[core] = whyNot(error);
      options.say(`  ${core}: ${lacking[core]}`);
    }
  }
  return { builds, ...(Object.keys(lacking).length === 0 ? {} : { lacking }) };
}

/** The line that says what a build or a run failed for, without the folders of this machine. */
function whyNot(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split("\n");
  const line = lines.find((one) => /error|cannot|undefined|not found/i.test(one)) ?? lines[0] ?? "";
  return line
    .replaceAll(/\S*\/(?=[^/\s])/g, "")
    .trim()
    .slice(0, 120);
}

interface LeastQuestion {
  readonly rig: Rig;
  readonly allocator: Allocator;
  readonly images: SizedImages;
  readonly all: readonly Uint8Array[];
}

async function measureLeast(
  { robust, name }: Candidate,
  { rig, allocator, images, all }: LeastQuestion,
  { before, say }: MeasureOptions,
): Promise<readonly LeastHeapFigures[]> {
  const found: LeastHeapFigures[] = [];
  const host = robust?.by === "host" ? new HostPeer(robust.peer) : undefined;
  for (const trace of traces) {
    const of = hashOf([...all, JSON.stringify(trace.operations)]);
    const old = before?.leastHeaps.find((one) => one.trace === trace.name);
    if (old?.of === of) {
      found.push(old);
      continue;
    }
    const least =
      host === undefined
        ? await allocator.least(rig, images, trace, false, old?.least?.heapBytes)
        : await leastOnHost(name, trace, { host, rig, images });
    found.push({ trace: trace.name, least: least ?? null, of });
    say(`  ${trace.name}: ${least?.ramBytes ?? "not served"}`);
  }
  host?.close();
  return found;
}

/** @throws Error where the core serves the trace in another least heap than the host */
async function leastOnHost(
  name: string,
  trace: Trace,
  { host, rig, images }: { readonly host: HostPeer; readonly rig: Rig; readonly images: SizedImages },
): Promise<LeastHeap | undefined> {
  const edge = await host.edge(trace);
  if (edge === undefined) return undefined;
  const serves = servedOn(rig, images, trace, false);
  const isEdge = (await serves(edge.size)) && !(await serves(edge.size - 8));
  if (!isEdge) throw new Error(`${name}, ${trace.name}: ${edge.size} is a least heap on the host alone`);
  return leastHeapAt(images, edge);
}

async function measureRobust(
  { robust }: Candidate,
  leastHeaps: readonly LeastHeapFigures[],
  on: { readonly rig: Rig; readonly images: SizedImages },
  { before, copiesOnCore, say }: MeasureOptions,
): Promise<AllocatorFigures["robust"]> {
  if (robust === undefined) return undefined;
  if (robust.by === "core" && !copiesOnCore) return before?.robust;
  return robustFigures(traces, { robust, leastHeaps, before: before?.robust ?? [], say, ...on });
}

async function measureBuild(
  candidate: Candidate,
  core: Core,
  level: Build["level"],
  { engine, before, say }: MeasureOptions,
): Promise<Build> {
  const target = loadTarget(core);
  const built = async (heap: number): Promise<Built> => {
    const { alignment, images } = candidate.on(core, heap);
    return { alignment, image: await images(level).at(heap) };
  };
  const small = await built(heapBytes);
  const own = candidate.special === undefined ? drawn : [candidate.special];
  const replays = own.map((trace) => ({ trace, on: small }));
  if (candidate.everywhere && mainCores.some((main) => main === core)) {
    const large = await built(recordedHeapBytes);
    replays.push(...recorded.map((trace) => ({ trace, on: large })));
  }
  const of = hashOf([
    describeModel(target),
    ...replays.flatMap(({ trace, on }) => [on.image.elf, JSON.stringify(trace.operations)]),
  ]);
  const known = before?.builds.find((one) => one.core === core && one.level === level);
  if (known?.of === of) return known;
  const figures = replays.map(({ trace, on }) => {
    const { broken, malloc, free } = replayTrace({ engine, target }, on, trace);
    if (broken !== undefined) throw new Error(`${candidate.name}, ${trace.name}: ${broken}`);
    return { name: trace.name, malloc, free };
  });
  say(`  ${core} ${level}: flash ${small.image.size.flashBytes}`);
  return { core, level, flashBytes: small.image.size.flashBytes, traces: figures, of };
}

function hashOf(parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 16);
}
