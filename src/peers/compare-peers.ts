/** `alloc-gen compare`: the generated allocator and others, built alike, on the same core and traces. */
import type { Optimization } from "../config/config.js";
import type { Engine } from "../emulators/engine.js";
import { machineOf } from "../machine/registry.js";
import { openCache } from "../toolchain/cache.js";
import type { Image } from "../toolchain/image.js";
import { findToolchain } from "../toolchain/toolchain.js";
import type { SizedImages } from "./build-peer.js";
import type { Peer } from "./peer.js";
import type { Progress, Project } from "../pipeline.js";
import type { Trace } from "../traces/operation.js";
import { generatedAllocator, peerAllocator, type Allocator } from "./allocators.js";
import type { Rig, Candidate } from "./candidate.js";
import type { LeastHeap } from "./least-heap.js";
import { canUseRealloc } from "./lower-for-peer.js";
import { replayTrace, type Replay } from "./replay.js";
import { measureLayout, type Layout } from "./strides.js";

export interface ComparisonRequest {
  readonly project: Project;
  readonly peers: readonly Peer[];
  readonly traces: readonly Trace[];
  readonly optimizations: readonly Optimization[];
  /** Names or paths, at least one. */
  readonly compilers: readonly string[];
  readonly engine: Engine;
  /** Whether the least heaps are searched for. */
  readonly leastHeaps: boolean;
  readonly progress?: Progress;
}

/** One allocator at one level of optimisation, made by one compiler. */
export interface Entry {
  readonly name: string;
  readonly optimize: Optimization;
  /** "arm-none-eabi-gcc 12.2.1 -O2" */
  readonly toolchain: string;
  /** Whether it came compiled, in a library; the toolchain is then the one that linked it. */
  readonly isPrecompiled: boolean;
  readonly alignmentBytes: number;
  readonly flashBytes: number;
  /** All it takes, with a heap of the config's size. */
  readonly ramBytes: number;
  readonly layout: Layout;
  readonly traces: readonly EntryTrace[];
}

export interface EntryTrace extends Replay {
  readonly name: string;
  /** Undefined where it was not searched for, or none in the target's RAM serves. */
  readonly least?: LeastHeap;
}

export interface PeerComparison {
  /**
   * In the order of the optimisations, then of the allocators, the generated one first, then of the compilers. An
   * allocator of a library is there once for each toolchain that links it.
   */
  readonly entries: readonly Entry[];
  /** Whether reallocs were the allocators' own: so it is where all have one. Otherwise they were mallocs and frees. */
  readonly ownRealloc: boolean;
}

/**
 * @throws AllocGenError: exit code 2 for a peer that lacks what its file names, 3 where a compiler is missing, which is
 * told before anything is measured, or a compiler or an emulator failed
 */
export async function comparePeers(request: ComparisonRequest): Promise<PeerComparison> {
  const { project, peers, optimizations, compilers, traces, progress = () => undefined } = request;
  for (const compiler of compilers) findToolchain(compiler, openCache(), machineOf(project.target));
  const allHave = project.plan.api.realloc && peers.every(({ realloc }) => realloc !== undefined);
  const ownRealloc = allHave && traces.every(canUseRealloc);
  const others = peers.map((peer) => peerAllocator(peer, project, ownRealloc));
  const allocators = [generatedAllocator(project), ...others];
  const entries: Entry[] = [];
  const builds = optimizations.flatMap((optimize) =>
    allocators.flatMap((allocator) => compilers.map((compiler) => ({ optimize, allocator, compiler }))),
  );
  for (const [index, { optimize, allocator, compiler }] of builds.entries()) {
    const images = allocator.images(optimize, compiler);
    const image = await images.at(project.plan.heapBytes);
    const { toolchain, isPrecompiled = false } = image;
    const isKnown = (entry: Entry): boolean => entry.name === allocator.name && entry.toolchain === toolchain;
    if (isPrecompiled && entries.some(isKnown)) continue;
    const onTrace = (trace: Trace, position: number): void =>
      progress(
        `${allocator.name} ${compilers.length > 1 ? toolchain : optimize}, ${trace.name}`,
        index * traces.length + position,
        builds.length * traces.length,
      );
    const measured = await measure(allocator, images, image, request, ownRealloc, onTrace);
    entries.push({ name: allocator.name, optimize, toolchain, isPrecompiled, ...measured });
  }
  return { entries, ownRealloc };
}

async function measure(
  { alignment, controlBytes, least }: Allocator,
  images: SizedImages,
  image: Image,
  { project, traces, engine, leastHeaps }: ComparisonRequest,
  ownRealloc: boolean,
  onTrace: (trace: Trace, index: number) => void,
): Promise<Pick<Entry, "alignmentBytes" | "flashBytes" | "ramBytes" | "layout" | "traces">> {
  const rig: Rig = { engine, target: project.target };
  const candidate: Candidate = { image, alignment };
  const measured: EntryTrace[] = [];
  for (const [index, trace] of traces.entries()) {
    onTrace(trace, index);
    const replay = replayTrace(rig, candidate, trace, ownRealloc);
    const search = leastHeaps && replay.broken === undefined;
    const found = search ? await least(rig, images, trace, ownRealloc) : undefined;
    measured.push({ name: trace.name, ...replay, ...(found === undefined ? {} : { least: found }) });
  }
  return {
    alignmentBytes: alignment,
    flashBytes: image.size.flashBytes,
    ramBytes: image.size.ramBytes,
    layout: measureLayout(rig, candidate, controlBytes),
    traces: measured,
  };
}
