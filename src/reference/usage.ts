/** How full a heap is and was: the figures of `stats` and `counters` that its blocks do not tell. */
import { keepsFigures } from "../plan/figures.js";
import type { Plan } from "../plan/plan.js";
import type { Block } from "./block.js";
import type { PathTrail } from "./path-trail.js";
import type { Counted } from "./reference-heap.js";

export class Usage implements Counted {
  /** Bytes of blocks in use. */
  used = 0;
  /** Most of them at once. */
  peak = 0;
  /** Requests that got NULL, but for those of nothing where these always do. */
  failures = 0;
  /** Requests that got a block. */
  allocations = 0;
  /** Blocks that were given back, one by one. */
  frees = 0;

  constructor(
    private readonly plan: Plan,
    private readonly trail: PathTrail,
  ) {}

  /** A block was taken into use, or a request of `size` bytes was not served. */
  served(block: Block | undefined, size: number): void {
    if (block !== undefined) this.allocated(block.size);
    else this.failed(size);
  }

  allocated(bytes: number): void {
    this.allocations++;
    this.change(bytes);
  }

  freed(bytes: number): void {
    this.frees++;
    this.change(-bytes);
  }

  /** Blocks in use have so many bytes more, or fewer. */
  change(bytes: number): void {
    this.used += bytes;
    if (!keepsFigures(this.plan.api)) return;
    if (this.trail.yesNo(this.used > this.peak)) this.peak = this.used;
  }

  failed(size: number): void {
    if (size > 0 || this.plan.zeroSize === "unique") this.failures++;
  }

  /** From now on the peak is that since now. */
  resetPeak(): void {
    this.peak = this.used;
  }

  /** Control data. */
  values(): readonly (readonly [string, readonly number[]])[] {
    return [
      ["used_bytes", [this.used]],
      ["peak_bytes", [this.peak]],
      ["failures", [this.failures]],
      ["allocations", [this.allocations]],
      ["frees", [this.frees]],
    ];
  }
}
