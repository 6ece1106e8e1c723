/** Allocators whose image can be had with heaps of several sizes: the generated ones, and peers. */
import { peerImages, type SizedImages } from "./build-peer.js";
import type { Optimization } from "../config/config.js";
import type { Peer } from "./peer.js";
import { buildProject, generate, type Project } from "../pipeline.js";
import { resized, heapToSize, Sizing } from "../sizing/sizing.js";
import type { Trace } from "../traces/operation.js";
import type { Rig } from "./candidate.js";
import { leastHeapAt, leastHeapOf, windowStep, type LeastHeap } from "./least-heap.js";

export interface Allocator {
  readonly name: string;
  /** Guaranteed alignment of every payload, in bytes. */
  readonly alignment: number;
  /** Control data in the heap, and one header; undefined where only an empty heap tells. */
  readonly controlBytes?: number;
  /** @param compiler that of the config where it is left out */
  readonly images: (optimize: Optimization, compiler?: string) => SizedImages;
  /** Undefined where no heap in the target's RAM serves the trace. */
  readonly least: (
    rig: Rig,
    images: SizedImages,
    trace: Trace,
    ownRealloc: boolean,
    guess?: number,
  ) => Promise<LeastHeap | undefined>;
}

/**
 * A peer, built for the core of `project`.
 *
 * @param ownRealloc whether its realloc is used; otherwise it is no part of the image
 */
export function peerAllocator(peer: Peer, { loaded, target }: Project, ownRealloc = false): Allocator {
  const { toolchain } = loaded.config;
  const { realloc, ...rest } = peer;
  const used: Peer = ownRealloc && realloc !== undefined ? { ...rest, realloc } : rest;
  return {
    name: peer.name,
    alignment: peer.alignment,
    images: (optimize, compiler = toolchain.compiler) =>
      peerImages({ peer: used, target, compiler, optimize }),
    least: leastHeapOf,
  };
}

/** Its least heap is searched as a peer's is, but with the reference, which is faster. */
export function generatedAllocator(project: Project): Allocator {
  const { plan } = project;
  const { config } = project.loaded;
  /** Of each trace, for it is asked again at each optimisation. */
  const sizings = new Map<Trace, Sizing>();
  return {
    name: config.name,
    alignment: plan.alignment,
    controlBytes: plan.controlBytes + plan.header.bytes,
    images: (optimize, compiler = config.toolchain.compiler) => ({
      at: (heapBytes) => {
        const other = resized(project, heapBytes, { compiler, optimize });
        return buildProject(other, generate(other));
      },
    }),
    least: async (_rig, images, trace, ownRealloc) => {
      const sizing = sizings.get(trace) ?? new Sizing(heapToSize(config, project.target, ownRealloc), trace);
      sizings.set(trace, sizing);
      return leastHeapAt(images, await sizing.edge(windowStep));
    },
  };
}
