/** The least heap with which an allocator serves a whole trace, found on the emulated core. */
import type { SizedImages } from "./build-peer.js";
import type { Session } from "../emulators/engine.js";
import { leastEdge, type Edge } from "../sizing/least.js";
import { windowBytes } from "../sizing/sizing.js";
import { OperationCode, type HeapOperations, type Trace } from "../traces/operation.js";
import { peakBytes } from "../traces/peak.js";
import type { Rig } from "./candidate.js";
import { lowerForPeer } from "./lower-for-peer.js";
import { resultsOnly } from "./results-only.js";

export interface LeastHeap {
  /** Bytes of the heap alone. */
  readonly heapBytes: number;
  /** With the control data that lies outside it: all of the RAM that the allocator takes. */
  readonly ramBytes: number;
  /** Present where a larger size fails: the size from which on all work that were tried. */
  readonly steadyFrom?: number;
}

const step = 8;
/** Of the sizes above an edge this many bytes apart are tried: an emulated replay takes long. */
export const windowStep = 512;
/** Operations between two looks at whether a request failed. */
const interval = 4096;

/**
 * A size that serves the trace while 8 bytes less do not, as a binary search finds it. Sizes of the next 4 KiB are
 * tried too: every 512th byte. Undefined where half of the RAM does not serve.
 *
 * @param guess the heap's bytes it is thought to be: saves most of the search where that is right
 */
export async function leastHeapOf(
  rig: Rig,
  images: SizedImages,
  trace: Trace,
  ownRealloc: boolean,
  guess?: number,
): Promise<LeastHeap | undefined> {
  const works = servedOn(rig, images, trace, ownRealloc);
  const to = rig.target.memory.ram.length / 2;
  const from = peakBytes(trace, !ownRealloc);
  const hint = guess === undefined ? {} : { guess };
  return leastHeapAt(
    images,
    await leastEdge({ works, from, to, step, window: windowBytes, windowStep, ...hint }),
  );
}

/** Whether a heap of a size serves the whole trace on the emulated core. */
export function servedOn(
  { engine, target }: Rig,
  images: SizedImages,
  trace: Trace,
  ownRealloc: boolean,
): (heapBytes: number) => Promise<boolean> {
  const { operations } = lowerForPeer(trace, ownRealloc);
  return async (heapBytes) => {
    const session = engine.open(await images.at(heapBytes), target, operations, resultsOnly);
    try {
      return session.reset() === undefined && servesAll(session, operations);
    } finally {
      session.close();
    }
  };
}

/** The least heap whose size the search has found. */
export async function leastHeapAt(
  images: SizedImages,
  edge: Edge | undefined,
): Promise<LeastHeap | undefined> {
  if (edge === undefined) return undefined;
  const { size: heapBytes, ...steady } = edge;
  const { ramBytes } = (await images.at(heapBytes)).size;
  return { heapBytes, ramBytes, ...steady };
}

function servesAll(session: Session, { length, kind, argument }: HeapOperations): boolean {
  for (let from = 0; from < length; from += interval) {
    const to = Math.min(from + interval, length);
    if (session.execute(from, to).fault !== undefined) return false;
    for (let index = from; index < to; index++) {
      const asks = kind[index] !== OperationCode.free && argument[index] !== 0;
      if (asks && session.results[index] === 0) return false;
    }
  }
  return true;
}
