/** What the memory of a heap is used for, sampled during a workload. */
import type { Plan } from "../plan/plan.js";
import type { ReferenceHeap } from "../reference/reference-heap.js";
import type { MemoryPictures } from "./pictures.js";

/** Samples of a workload, about: as many as a screen is wide. */
export const mostSamples = 1000;

/** What is told of one moment, in the order in which it is kept. */
const kinds = ["payload", "padding", "headers", "free", "largestFree"] as const;

export class MemorySamples {
  readonly #at: number[] = [];
  readonly #values = kinds.map((): number[] => []);

  constructor(private readonly plan: Plan) {}

  /** @param done operations so far. @param payload bytes asked for and not freed */
  take(done: number, heap: ReferenceHeap, payload: number): void {
    const { firstBlock, endOfBlocks, header } = this.plan;
    let [used, blocks] = [0, 0];
    // Where a policy keeps no wilderness it begins at the end.
    const wilderness = Math.max(0, endOfBlocks - heap.wildernessStart());
    let largest = wilderness;
    for (const block of heap.blocks()) {
      if (block.free || block.quick) {
        largest = Math.max(largest, block.size);
        continue;
      }
      used += block.size;
      blocks += 1;
    }
    const headers = blocks * header.bytes;
    const free = Math.max(0, endOfBlocks - firstBlock - used);
    this.#at.push(done);
    const moment = [payload, Math.max(0, used - headers - payload), headers, free, largest];
    for (const [index, value] of moment.entries()) this.#values[index]?.push(value);
  }

  pictures(): MemoryPictures {
    const [payload = [], padding = [], headers = [], free = [], largestFree = []] = this.#values;
    return {
      at: Uint32Array.from(this.#at),
      payload: Uint32Array.from(payload),
      padding: Uint32Array.from(padding),
      headers: Uint32Array.from(headers),
      free: Uint32Array.from(free),
      largestFree: Uint32Array.from(largestFree),
    };
  }
}
