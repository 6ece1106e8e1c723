/** What a config needs for several traces at once, by the reference, with every run counted. */
import { Sizing } from "../sizing/sizing.js";
import type { Trace } from "../traces/operation.js";
import type { Candidate } from "./candidates.js";
import { sizedCandidate } from "./sized.js";

/** A config on traces: sizes that were tried are known. */
export class Need {
  readonly alignment: number;
  readonly #sizings: readonly Sizing[];
  readonly #to: number;

  constructor(candidate: Candidate, traces: readonly Trace[]) {
    const heap = sizedCandidate(candidate);
    this.alignment = heap.alignment;
    this.#to = heap.mostBytes;
    this.#sizings = traces.map((trace) => new Sizing(heap, trace));
  }

  /** Whether a heap of so many bytes, rounded to what the alignment allows, serves all traces. */
  serves(heapBytes: number): boolean {
    const size = Math.floor(heapBytes / this.alignment) * this.alignment;
    return size <= this.#to && this.#sizings.every((sizing) => sizing.serves(size));
  }

  /**
   * The least heap to a thousandth, from which on larger ones serve too as far as they were tried: of each trace, the
   * largest. Undefined where none does.
   * @param near about what it is thought to be
   */
  async least(near?: number): Promise<number | undefined> {
    let most = 0;
    for (const sizing of this.#sizings) {
      const least = await sizing.about(near === undefined ? undefined : near / sizing.peakBytes);
      if (least === undefined) return undefined;
      most = Math.max(most, least);
    }
    return most;
  }
}
