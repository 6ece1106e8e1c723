/** Who owns each byte of the heap, from the addresses an allocator gave: blocks must be aligned and apart. */
import { hex } from "../emulators/replay-faults.js";
import type { Candidate } from "./candidate.js";

export class BlockMap {
  /** Of each byte of the heap: the operation that allocated it, plus 1; 0 for a byte of nobody. */
  readonly #owners: Uint32Array;
  readonly #base: number;
  readonly #alignment: number;

  constructor({ image, alignment }: Candidate) {
    this.#owners = new Uint32Array(image.heapBytes);
    this.#base = image.heapAddress;
    this.#alignment = alignment;
  }

  /** What is wrong with the block that `operation` got, which lies in the heap. Undefined: it is the block's from now on. */
  take(operation: number, address: number, size: number): string | undefined {
    const call = `operation ${operation}, a request of ${size} bytes, returned ${hex(address)}`;
    if (address % this.#alignment !== 0) return `${call}, which is not a multiple of ${this.#alignment}`;
    const start = address - this.#base;
    const taken = this.#owners.subarray(start, start + size).find((owner) => owner !== 0);
    if (taken !== undefined) return `${call}, which overlaps the block of operation ${taken - 1}`;
    this.#owners.fill(operation + 1, start, start + size);
    return undefined;
  }

  release(address: number, size: number): void {
    const start = address - this.#base;
    this.#owners.fill(0, start, start + size);
  }
}
