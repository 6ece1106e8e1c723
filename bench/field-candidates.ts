/** Who is measured, and on which traces. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../src/package-folder.js";
import { generatedAllocator, peerAllocator, type Allocator } from "../src/peers/allocators.js";
import { listPeers, loadPeer, peersFolder } from "../src/peers/load.js";
import type { Peer } from "../src/peers/peer.js";
import { prepare, type Project } from "../src/pipeline.js";
import type { Trace, TraceOperation } from "../src/traces/operation.js";
import { seededRandom, type Random } from "../src/traces/random.js";
import { readTrace } from "../src/traces/read.js";
import type { Core } from "./field-data.js";

export const benchFolder = join(packageFolder(), "bench");
const tracesFolder = join(packageFolder(), "examples", "traces");

/** Cycles are compared on the drawn traces, in a heap of this size. */
export const heapBytes = 64 * 1024;
/** Recorded programs need more; the cycles of the presets alone are measured on them. */
export const recordedHeapBytes = 240 * 1024;

export const traces = readdirSync(tracesFolder)
  .filter((name) => name.endsWith(".trace.gz"))
  .sort()
  .map((name) => readTrace(join(tracesFolder, name)));
export const drawn = traces.filter(({ name }) => name.startsWith("synthetic-"));
export const recorded = traces.filter((trace) => !drawn.includes(trace));

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

/** Where the least heap of a perturbed copy is found. */
export type Robust =
  | { readonly by: "reference"; readonly project: Project }
  | { readonly by: "host"; readonly peer: Peer }
  | { readonly by: "core" };

export interface Candidate {
  readonly name: string;
  readonly generated: boolean;
  /** On which all traces are replayed. */
  readonly everywhere: boolean;
  /** For one purpose: its trace. */
  readonly special?: Trace;
  readonly version?: string;
  readonly robust?: Robust;
  readonly on: (core: Core, heap: number) => Allocator;
}

const presets = ["default", "fast", "frugal"];
const others = ["smallest", "best-fit", "tlsf", "buddy", "bitmap"];

const project = (name: string, core: Core, heap: number): Project =>
  prepare(join(benchFolder, "configs", `${name}.json`), { target: core, set: [`heap.size=${heap}`] });

/** Generated ones first, and of those the presets. */
export function candidates(peersAt: string | undefined): readonly Candidate[] {
  const own = [...presets, ...others].map((name): Candidate => ({
    ...{ name, generated: true, everywhere: presets.includes(name) },
    robust: { by: "reference", project: project(name, "cortex-m4", heapBytes) },
    on: (core, heap) => generatedAllocator(project(name, core, heap)),
  }));
  const single = Object.entries({ pool: sameSize, bump: noFrees }).map(([name, trace]): Candidate => ({
    ...{ name, generated: true, everywhere: false, special: trace },
    on: (core, heap) => generatedAllocator(project(name, core, heap)),
  }));
  const peersIn = (parent: string): readonly Peer[] =>
    listPeers(parent).map((name) => loadPeer(join(parent, name), "/"));
  const candidateOf = (peer: Peer, robust: Robust): Candidate => ({
    ...{ name: peer.name, generated: false, everywhere: false, robust },
    ...(peer.version === undefined ? {} : { version: peer.version }),
    on: (core, heap) => peerAllocator(peer, project("default", core, heap)),
  });
  return [
    ...own,
    ...single,
    ...(peersAt === undefined ? [] : peersIn(peersAt)).map((peer) => candidateOf(peer, { by: "host", peer })),
    // Malloc comes compiled for the core: there is nothing to build for the host.
    ...peersIn(peersFolder()).map((peer) => candidateOf(peer, { by: "core" })),
  ];
}
