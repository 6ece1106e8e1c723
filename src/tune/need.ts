/** What a config needs for several traces at once, by the reference, with every run counted. */
import { leastEdge } from "../sizing/least.js";
import { Sizing, windowBytes } from "../sizing/sizing.js";
import type { Trace } from "../traces/operation.js";
import type { Candidate } from "./candidates.js";

/** Of the sizes above an edge so many bytes apart are tried. */
const windowStep = 512;

/** A config on traces: sizes that were tried are known. */
export class Need {
  readonly alignment: number;
  readonly #sizings: readonly Sizing[];
  readonly #to: number;

  constructor({ project }: Candidate, traces: readonly Trace[]) {
    const { loaded, target, plan } = project;
    this.alignment = plan.alignment;
    this.#to = target.memory.ram.length;
    this.#sizings = traces.map((trace) => new Sizing(loaded.config, target, trace, plan.api.realloc));
  }

  /** Payload bytes live at once, at most. */
  get peakBytes(): number {
    return Math.max(...this.#sizings.map((sizing) => sizing.peakBytes));
  }

  /** Whether a heap of so many bytes, rounded to what the alignment allows, serves all traces. */
  serves(heapBytes: number): boolean {
    const size = Math.floor(heapBytes / this.alignment) * this.alignment;
    return size <= this.#to && this.#sizings.every((sizing) => sizing.serves(size));
  }

  /** The least heap, from which on larger ones serve too as far as they were tried; undefined where none does. */
  async least(): Promise<number | undefined> {
    const works = (size: number): boolean => this.serves(size);
    const range = { from: this.peakBytes, to: this.#to, step: this.alignment };
    const edge = await leastEdge({ ...range, works, window: windowBytes, windowStep });
    return edge && (edge.steadyFrom ?? edge.size);
  }
}
