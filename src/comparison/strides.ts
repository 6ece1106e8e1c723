/** What a block costs beyond its payload: how far apart blocks of one size lie. */
import { OperationCode, type HeapOperations } from "../traces/operation.js";
import type { Arena, Contestant } from "./contestant.js";

/** Bytes of the payloads that are tried. */
export const strideSizes = [1, 12, 24, 64, 100] as const;
export type StrideSize = (typeof strideSizes)[number];

/** Bytes from one block to the next, by payload size; undefined where the heap has not room for enough blocks. */
export type Strides = Readonly<Record<StrideSize, number | undefined>>;

/** Blocks of a size, allocated one behind the other in an empty heap. */
const blocks = 17;
/** Blocks over which a distance is taken: where payloads are aligned but blocks are not, neighbours differ. */
const span = 8;

export function measureStrides(arena: Arena, contestant: Contestant): Strides {
  const entries = strideSizes.map((size) => [size, strideOf(arena, contestant, size)] as const);
  return Object.fromEntries(entries) as Record<StrideSize, number | undefined>;
}

/** The middle of the distances: the first blocks of a heap, and those behind a boundary of its own, may lie apart. */
function strideOf({ engine, target }: Arena, { image }: Contestant, size: number): number | undefined {
  const operations: HeapOperations = {
    length: blocks,
    kind: new Uint8Array(blocks).fill(OperationCode.malloc),
    argument: new Uint32Array(blocks).fill(size),
  };
  const session = engine.open(image, target, operations);
  try {
    if (session.reset() !== undefined) return undefined;
    const { completed } = session.execute(0, blocks);
    const found = [...session.results.subarray(0, completed)].filter((address) => address !== 0);
    const distances = found
      .slice(span)
      .map((address, index) => Math.abs(address - (found[index] ?? 0)) / span)
      .toSorted((a, b) => a - b);
    return distances[Math.floor(distances.length / 2)];
  } finally {
    session.close();
  }
}
