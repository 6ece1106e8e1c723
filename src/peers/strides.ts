/** What a block costs beyond its payload: how far apart blocks of one size lie. */
import { OperationCode, type HeapOperations } from "../traces/operation.js";
import type { Rig, Candidate } from "./candidate.js";

/** Bytes of the payloads that are tried. */
export const strideSizes = [1, 12, 24, 64, 100] as const;
export type StrideSize = (typeof strideSizes)[number];

/** Bytes from one block to the next, by payload size; undefined where the heap has not room for enough blocks. */
export type Strides = Readonly<Record<StrideSize, number | undefined>>;

/** Blocks of a size, allocated one behind the other in an empty heap. */
const blocks = 17;
/** Blocks over which a distance is taken: where payloads are aligned but blocks are not, neighbours differ. */
const span = 8;

export interface Layout {
  readonly strides: Strides;
  /** Control data in and outside the heap, and one header where blocks have some. */
  readonly controlBytes: number | undefined;
}

/**
 * @param known the control data in the heap and one header, where that is known; otherwise it is taken to be what lies in
 *   front of the lowest payload of an empty heap
 */
export function measureLayout(rig: Rig, candidate: Candidate, known?: number): Layout {
  const { image } = candidate;
  const found = strideSizes.map((size) => [size, addressesOf(rig, candidate, size)] as const);
  const strides = found.map(([size, addresses]) => [size, strideOf(addresses)] as const);
  const lowest = Math.min(...(found[0]?.[1] ?? []));
  const outside = image.size.ramBytes - image.heapBytes;
  const inside = known ?? (Number.isFinite(lowest) ? lowest - image.heapAddress : undefined);
  return {
    strides: Object.fromEntries(strides) as Record<StrideSize, number | undefined>,
    controlBytes: inside === undefined ? undefined : outside + inside,
  };
}

/** Addresses of blocks of one size, in the order in which they were allocated. */
function addressesOf({ engine, target }: Rig, { image }: Candidate, size: number): readonly number[] {
  const operations: HeapOperations = {
    length: blocks,
    kind: new Uint8Array(blocks).fill(OperationCode.malloc),
    argument: new Uint32Array(blocks).fill(size),
  };
  const session = engine.open(image, target, operations);
  try {
    if (session.reset() !== undefined) return [];
    const { completed } = session.execute(0, blocks);
    return [...session.results.subarray(0, completed)].filter((address) => address !== 0);
  } finally {
    session.close();
  }
}

/** The middle of the distances: the first blocks of a heap, and those behind a boundary of its own, may lie apart. */
function strideOf(addresses: readonly number[]): number | undefined {
  const distances = addresses
    .slice(span)
    .map((address, index) => Math.abs(address - (addresses[index] ?? 0)) / span)
    .toSorted((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)];
}
