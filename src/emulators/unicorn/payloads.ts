/**
 * Fills and checks payloads from the host, with the pattern of `targets/shared/replay.S`. The driver can do it by
 * itself, but each store in the guest goes through Unicorn's search for translated code on the page (65 ns in 2.0.1):
 * from the host it costs a tenth.
 */
import { OperationCode } from "../../traces/operation.js";
import type { HeapOperations } from "../../traces/operation.js";

const seedFactor = 0x9e3779b1 | 0;
const step = 0x61c88647;

export class Payloads {
  readonly #words: Int32Array;

  /** `heap` starts at the guest's `heapAddress`, a multiple of 4; `results` are live. */
  constructor(
    private readonly heap: Uint8Array,
    private readonly heapAddress: number,
    private readonly operations: HeapOperations,
    private readonly results: Uint32Array,
  ) {
    this.#words = new Int32Array(heap.buffer, heap.byteOffset, heap.length >>> 2);
  }

  /** After `operation` ended: fill the block it allocated, if it did. */
  fillAfter(operation: number): void {
    if (this.operations.kind[operation] !== OperationCode.malloc) return;
    const address = this.results[operation] ?? 0;
    if (address === 0) return;
    const start = address - this.heapAddress;
    const size = this.operations.argument[operation] ?? 0;
    let word = Math.imul(operation + 1, seedFactor);
    let at = 0;
    if (start % 4 === 0) {
      const first = start >>> 2;
      const count = size >>> 2;
      for (let index = first; index < first + count; index += 1) {
        this.#words[index] = word;
        word = (word + step) | 0;
      }
      at = count << 2;
    }
    for (; at < size; at += 1) this.heap[start + at] = patternByte(operation, at);
  }

  /** Before `operation` runs: the address of the first byte that changed in the block it frees, if it does. */
  checkBefore(operation: number): number | undefined {
    if (this.operations.kind[operation] !== OperationCode.free) return undefined;
    const allocation = this.operations.argument[operation] ?? 0;
    const address = this.results[allocation] ?? 0;
    if (address === 0) return undefined;
    const start = address - this.heapAddress;
    const size = this.operations.argument[allocation] ?? 0;
    const intact = start % 4 === 0 ? this.#intactWords(allocation, start >>> 2, size >>> 2) : 0;
    for (let at = intact << 2; at < size; at += 1) {
      if (this.heap[start + at] !== patternByte(allocation, at)) return address + at;
    }
    return undefined;
  }

  /** How many of `count` words from `first` on are as they were filled, up to the first that is not. */
  #intactWords(allocation: number, first: number, count: number): number {
    let word = Math.imul(allocation + 1, seedFactor);
    for (let index = 0; index < count; index += 1) {
      if (this.#words[first + index] !== word) return index;
      word = (word + step) | 0;
    }
    return count;
  }
}

/** Byte `at` of the payload of `operation`. */
function patternByte(operation: number, at: number): number {
  const word = Math.imul(operation + 1, seedFactor) + Math.imul(at >>> 2, step);
  return (word >>> (8 * (at & 3))) & 0xff;
}
