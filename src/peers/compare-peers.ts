/** `alloc-gen compare`: the generated allocator and others, built alike, on the same core and traces. */
import type { Optimization } from "../config/config.js";
import type { Engine } from "../emulators/engine.js";
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
  readonly engine: Engine;
  /** Whether the least heaps are searched for. */
  readonly leastHeaps: boolean;
  readonly progress?: Progress;
}

/** One allocator at one level of optimisation. */
export interface Entry {
  readonly name: string;
  readonly optimize: Optimization;
  readonly toolchain: string;
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
  /** In the order of the optimisations, the generated allocator first. */
  readonly entries: readonly Entry[];
  /** Whether reallocs were the allocators' own: so it is where all have one. Otherwise they were mallocs and frees. */
  readonly ownRealloc: boolean;
}

/**
 * @throws AllocGenError: exit code 2 for a peer that lacks what its file names, 3 where a compiler or an emulator failed
 */
export async function comparePeers(request: ComparisonRequest): Promise<PeerComparison> {
  const { project, peers, optimizations, traces, progress = () => undefined } = request;
  const allHave = project.plan.api.realloc && peers.every(({ realloc }) => realloc !== undefined);
  const ownRealloc = allHave && traces.every(canUseRealloc);
  const others = peers.map((peer) => peerAllocator(peer, project, ownRealloc));
  const allocators = [generatedAllocator(project), ...others];
  const entries: Entry[] = [];
  const total = optimizations.length * allocators.length * traces.length;
  for (const optimize of optimizations) {
    for (const allocator of allocators) {
      const onTrace = (trace: Trace, index: number): void =>
        progress(
          `${allocator.name} ${optimize}, ${trace.name}`,
          entries.length * traces.length + index,
          total,
        );
      entries.push(await measure(allocator, optimize, request, ownRealloc, onTrace));
    }
  }
  return { entries, ownRealloc };
}

async function measure(
  { name, alignment, controlBytes, images, least }: Allocator,
  optimize: Optimization,
  { project, traces, engine, leastHeaps }: ComparisonRequest,
  ownRealloc: boolean,
  onTrace: (trace: Trace, index: number) => void,
): Promise<Entry> {
  const rig: Rig = { engine, target: project.target };
  const sized = images(optimize);
  const image = await sized.at(project.plan.heapBytes);
  const candidate: Candidate = { image, alignment };
  const measured: EntryTrace[] = [];
  for (const [index, trace] of traces.entries()) {
    onTrace(trace, index);
    const replay = replayTrace(rig, candidate, trace, ownRealloc);
    const search = leastHeaps && replay.broken === undefined;
    const found = search ? await least(rig, sized, trace, ownRealloc) : undefined;
    measured.push({ name: trace.name, ...replay, ...(found === undefined ? {} : { least: found }) });
  }
  return {
    name,
    optimize,
    toolchain: image.toolchain,
    alignmentBytes: alignment,
    flashBytes: image.size.flashBytes,
    ramBytes: image.size.ramBytes,
    layout: measureLayout(rig, candidate, controlBytes),
    traces: measured,
  };
}
