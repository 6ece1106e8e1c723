/** What every generated workload is made of. */
import type { TraceOperation } from "../operation.js";
import type { Random } from "../random.js";

export interface WorkloadParameters {
  /** 256 to 2^20. */
  readonly heapBytes: number;
  /** Largest request the heap can serve, in bytes. */
  readonly maximumRequest: number;
  /** Smallest request the heap was planned for, in bytes. */
  readonly minimumRequest: number;
}

/** An endless sequence: whoever needs it takes as many operations as it likes. */
export type Workload = (
  parameters: WorkloadParameters,
  random: Random,
) => Generator<TraceOperation, never, undefined>;

/** Share of the heap that is live in the workloads that do not aim at exhaustion. */
const liveShare = 0.6;

/** Bytes of payload that may be live; at least one request of the smallest size. */
export function liveLimit({ heapBytes, minimumRequest }: WorkloadParameters): number {
  return Math.max(Math.floor(heapBytes * liveShare), minimumRequest);
}

/**
 * How sizes given for a heap of `atHeapBytes` are scaled to this heap: with the square root, so that a large heap has
 * larger blocks and more of them, and a small one smaller and fewer.
 */
export function sizeScale({ heapBytes }: WorkloadParameters, atHeapBytes: number): number {
  return Math.sqrt(heapBytes / atHeapBytes);
}

/** `size` as a request the heap was planned for, and that fits in the live limit. */
export function clampSize(size: number, parameters: WorkloadParameters): number {
  const { maximumRequest, minimumRequest } = parameters;
  const most = Math.min(maximumRequest, liveLimit(parameters));
  return Math.max(Math.min(Math.round(size), most), Math.min(minimumRequest, maximumRequest), 0);
}

/** Live blocks, in the order they were allocated unless one is taken from the middle. Each block has an id of its own. */
export class LiveBlocks {
  #ids: number[] = [];
  #sizes: number[] = [];
  #nextId = 0;
  /** Bytes of payload. */
  bytes = 0;

  get count(): number {
    return this.#ids.length;
  }

  /** @param counted bytes that count as live, where that is not the size. */
  malloc(size: number, counted = size): TraceOperation {
    const id = this.#nextId++;
    this.#ids.push(id);
    this.#sizes.push(counted);
    this.bytes += counted;
    return { kind: "malloc", id, size };
  }

  /** Frees a block at random, in constant time: the newest takes its place. */
  freeAny(random: Random): TraceOperation {
    const at = random.below(this.count);
    const id = this.#ids[at] ?? 0;
    const size = this.#sizes[at] ?? 0;
    const newest = this.#ids.pop() ?? 0;
    const newestSize = this.#sizes.pop() ?? 0;
    if (at < this.count) {
      this.#ids[at] = newest;
      this.#sizes[at] = newestSize;
    }
    this.bytes -= size;
    return { kind: "free", id };
  }

  freeNewest(): TraceOperation {
    this.bytes -= this.#sizes.pop() ?? 0;
    return { kind: "free", id: this.#ids.pop() ?? 0 };
  }
}

/** Allocates sizes as they are drawn, and frees a block at random whenever the next size would not fit the limit. */
export function* steadyLiveSet(
  limit: number,
  random: Random,
  nextSize: () => number,
): Generator<TraceOperation, never, undefined> {
  const live = new LiveBlocks();
  for (;;) {
    const size = nextSize();
    while (live.count > 0 && live.bytes + size > limit) yield live.freeAny(random);
    yield live.malloc(size);
  }
}
