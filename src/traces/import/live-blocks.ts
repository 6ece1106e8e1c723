/** The blocks that are live, in the order of their addresses. */
import type { Place } from "./event.js";

export interface LiveBlock {
  readonly id: number;
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  /** Where it was allocated. */
  readonly place: Place;
}

/** Blocks of a run: a change moves no more than these, however many blocks are live. */
const longestRun = 512;

/** Blocks never overlap: whoever adds one removes those first that it would. */
export class LiveBlocks {
  readonly #byAddress = new Map<number, LiveBlock>();
  /** Sorted addresses, cut into runs none of which is empty but an only one. */
  readonly #runs: number[][] = [[]];

  at(address: number): LiveBlock | undefined {
    return this.#byAddress.get(address);
  }

  /** @param block at an address where there is none */
  add(block: LiveBlock): void {
    this.#byAddress.set(block.address, block);
    const index = Math.max(0, this.#runBefore(block.address));
    const run = this.#runs[index] ?? [];
    run.splice(countBelow(run, block.address), 0, block.address);
    if (run.length > longestRun) this.#runs.splice(index + 1, 0, run.splice(longestRun / 2));
  }

  remove({ address }: LiveBlock): void {
    if (!this.#byAddress.delete(address)) return;
    const index = this.#runBefore(address + 1);
    const run = this.#runs[index] ?? [];
    run.splice(countBelow(run, address), 1);
    if (run.length === 0 && this.#runs.length > 1) this.#runs.splice(index, 1);
  }

  /** The block with a byte in common with `size` bytes at `address`, the last one of several. A block of 0 bytes has one. */
  overlapping(address: number, size: number): LiveBlock | undefined {
    const end = address + Math.max(size, 1);
    const run = this.#runs[this.#runBefore(end)] ?? [];
    const block = this.#byAddress.get(run[countBelow(run, end) - 1] ?? -1);
    return block !== undefined && block.address + Math.max(block.size, 1) > address ? block : undefined;
  }

  /** In the order of their addresses. */
  all(): readonly LiveBlock[] {
    return this.#runs.flat().flatMap((address) => this.#byAddress.get(address) ?? []);
  }

  /** The last run that begins below `address`; -1 where none does. */
  #runBefore(address: number): number {
    let [from, to] = [0, this.#runs.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#runs[middle]?.[0] ?? Infinity) < address) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }
}

/** How many of some sorted numbers are below one. */
function countBelow(sorted: readonly number[], limit: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? Infinity) < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}
