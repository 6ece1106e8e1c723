import type { TraceOperation } from "../operation.js";
import type { Random } from "../random.js";
import { clampSize, liveLimit, sizeScale, type Workload, type WorkloadParameters } from "./workload.js";

/** Shares of all operations; the rest are mallocs and callocs, and frees where the live limit asks for them. */
const shares = { realloc: 0.4, aligned: 0.1, free: 0.1, calloc: 0.2, edge: 0.02 } as const;
/** A block is resized again rather than another one: a buffer that is being filled. */
const sameAgain = 0.5;

/** Bytes of the largest block that grows: the core takes seconds to copy more. */
const mostMoved = 2 ** 20;

interface LiveBlock {
  readonly id: number;
  size: number;
}

/**
 * Every function of the interface: buffers that grow step by step, are doubled, cut short and given back, among blocks
 * that stay, cleared blocks, and blocks aligned to up to a sixteenth of the heap; 60 % of the heap live. Now and then a
 * request that no heap serves, and one of nothing.
 */
export const mixed: Workload = function* (parameters, random) {
  const limit = liveLimit(parameters);
  const live: LiveBlock[] = [];
  let bytes = 0;
  let nextId = 0;
  let buffer: LiveBlock | undefined;
  for (;;) {
    const drawn = random.unit();
    if (drawn < shares.realloc && live.length > 0) {
      if (buffer === undefined || !live.includes(buffer) || !random.chance(sameAgain)) {
        buffer = live[random.below(live.length)];
      }
      if (buffer === undefined) continue;
      const size = resized(buffer.size, parameters, random);
      bytes += size - buffer.size;
      buffer.size = size;
      yield {
        kind: "realloc",
        id: buffer.id,
        size: random.chance(shares.edge) ? edgeSize(parameters, random) : size,
      };
    } else if (drawn < shares.realloc + shares.free && live.length > 0) {
      const block = takeAny(live, random);
      bytes -= block.size;
      yield { kind: "free", id: block.id };
    } else {
      const block = { id: nextId++, size: drawSize(parameters, random) };
      live.push(block);
      bytes += block.size;
      yield allocation(block, parameters, random);
    }
    while (live.length > 1 && bytes > limit) {
      const block = takeAny(live, random);
      bytes -= block.size;
      yield { kind: "free", id: block.id };
    }
  }
};

function allocation({ id, size }: LiveBlock, parameters: WorkloadParameters, random: Random): TraceOperation {
  const wanted = random.chance(shares.edge) ? edgeSize(parameters, random) : size;
  const drawn = random.unit();
  if (drawn < shares.calloc) return { kind: "calloc", id, size: wanted };
  if (drawn < shares.calloc + shares.aligned) {
    const most = Math.max(3, Math.floor(Math.log2(parameters.heapBytes / 16)));
    return { kind: "aligned", id, alignment: 2 ** random.between(0, most), size: wanted };
  }
  return { kind: "malloc", id, size: wanted };
}

/** A little more, twice as much, a little less, a small rest, or something else altogether. */
function resized(size: number, parameters: WorkloadParameters, random: Random): number {
  const ways = [
    size + random.between(1, 40),
    size + random.between(1, 40),
    2 * size,
    size - random.between(0, 24),
    Math.floor(size * random.unit()),
    drawSize(parameters, random),
  ];
  const wanted = Math.min(mostMoved, ways[random.below(ways.length)] ?? size);
  return clampSize(Math.max(1, wanted), parameters);
}

/** Log-uniform, 4 to 512 bytes in a heap of 32 KiB. */
function drawSize(parameters: WorkloadParameters, random: Random): number {
  const scale = sizeScale(parameters, 32 * 1024);
  return clampSize(Math.max(1, 4 * (128 * scale) ** random.unit()), parameters);
}

function edgeSize({ maximumRequest }: WorkloadParameters, random: Random): number {
  const sizes = [0, 1, maximumRequest, maximumRequest + 1, 2 ** 31, 2 ** 32 - 1 - random.below(64)];
  return sizes[random.below(sizes.length)] ?? 0;
}

/** Takes a block out; the last takes its place. */
function takeAny(live: LiveBlock[], random: Random): LiveBlock {
  const at = random.below(live.length);
  const block = live[at];
  const last = live.pop();
  if (block === undefined || last === undefined) throw new Error("nothing is live");
  if (at < live.length) live[at] = last;
  return block;
}
