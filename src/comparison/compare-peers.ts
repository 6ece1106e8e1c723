/** `alloc-gen compare`: the generated allocator and others, built alike, on the same core and traces. */
import type { Optimization } from "../config/config.js";
import type { Engine } from "../emulators/engine.js";
import type { Peer } from "../peers/peer.js";
import type { Progress, Project } from "../pipeline.js";
import type { Trace } from "../traces/operation.js";
import { generatedAllocator, peerAllocator, type Allocator } from "./allocators.js";
import type { Arena, Contestant } from "./contestant.js";
import type { LeastHeap } from "./least-heap.js";
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

/**
 * Entries in the order of the optimisations, the generated allocator first.
 * @throws AllocGenError: exit code 2 for a peer that lacks what its file names, 3 where a compiler or an emulator failed
 */
export async function comparePeers(request: ComparisonRequest): Promise<readonly Entry[]> {
  const { project, peers, optimizations, traces, progress = () => undefined } = request;
  const allocators = [generatedAllocator(project), ...peers.map((peer) => peerAllocator(peer, project))];
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
      entries.push(await measure(allocator, optimize, request, onTrace));
    }
  }
  return entries;
}

async function measure(
  { name, alignment, images, least }: Allocator,
  optimize: Optimization,
  { project, traces, engine, leastHeaps }: ComparisonRequest,
  onTrace: (trace: Trace, index: number) => void,
): Promise<Entry> {
  const arena: Arena = { engine, target: project.target };
  const sized = images(optimize);
  const image = await sized.at(project.plan.heapBytes);
  const contestant: Contestant = { image, alignment };
  const measured: EntryTrace[] = [];
  for (const [index, trace] of traces.entries()) {
    onTrace(trace, index);
    const replay = replayTrace(arena, contestant, trace);
    const found = leastHeaps && replay.broken === undefined ? await least(arena, sized, trace) : undefined;
    measured.push({ name: trace.name, ...replay, ...(found === undefined ? {} : { least: found }) });
  }
  return {
    name,
    optimize,
    toolchain: image.toolchain,
    alignmentBytes: alignment,
    flashBytes: image.size.flashBytes,
    ramBytes: image.size.ramBytes,
    layout: measureLayout(arena, contestant),
    traces: measured,
  };
}
