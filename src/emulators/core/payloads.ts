/**
 * Fills and checks payloads from the host, with the pattern of `targets/<machine>/replay.S`. The driver can do it by
 * itself, but each store in the guest goes through Unicorn's search for translated code on the page (65 ns in 2.0.1):
 * from the host it costs a tenth.
 */
import { OperationCode, secondArgument } from "../../traces/operation.js";
import type { HeapOperations } from "../../traces/operation.js";
import type { Fault } from "../engine.js";
import { faultOfNotZeroed, faultOfPayload } from "../replay-faults.js";

import { sampleOf, type Stretch } from "../payload-sample.js";

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

  /** After `operation` ended: check what it kept or cleared, then fill the block it allocated, if it did. */
  after(operation: number): Fault | undefined {
    const code = this.operations.kind[operation];
    if (code === OperationCode.free) return undefined;
    const address = this.results[operation] ?? 0;
    const fault =
      code === OperationCode.realloc
        ? this.#checkResized(operation, address)
        : code === OperationCode.calloc
          ? this.#checkZeroed(operation, address)
          : undefined;
    if (fault === undefined && address !== 0) this.#fill(operation, address);
    return fault;
  }

  /** The bytes that old and new block have in common; where there is no new one, all of the old one. */
  #checkResized(operation: number, address: number): Fault | undefined {
    const { argument } = this.operations;
    const allocation = secondArgument(this.operations, operation);
    const old = this.results[allocation] ?? 0;
    const size = argument[operation] ?? 0;
    // A realloc to nothing that gives NULL may have freed the block.
    if (old === 0 || (address === 0 && size === 0)) return undefined;
    const oldSize = argument[allocation] ?? 0;
    const overwritten =
      address === 0
        ? this.#overwritten(allocation, old, oldSize)
        : this.#overwritten(allocation, address, oldSize, size);
    return overwritten === undefined
      ? undefined
      : faultOfPayload(operation, overwritten, this.operations, this.results);
  }

  #checkZeroed(operation: number, address: number): Fault | undefined {
    if (address === 0) return undefined;
    const start = address - this.heapAddress;
    const size = this.operations.argument[operation] ?? 0;
    for (let at = 0; at < size; at++) {
      if (this.heap[start + at] !== 0) return faultOfNotZeroed(operation, address + at, this.results);
    }
    return undefined;
  }

  #fill(operation: number, address: number): void {
    const size = this.operations.argument[operation] ?? 0;
    for (const stretch of sampleOf(size, this.heap.length)) this.#fillStretch(operation, address, stretch);
  }

  #fillStretch(operation: number, address: number, [from, to]: Stretch): void {
    const start = address - this.heapAddress;
    let at = from;
    if (start % 4 === 0) {
      const first = (start + from) >>> 2;
      const count = (to - from) >>> 2;
      let word = patternWord(operation, from);
      for (let index = first; index < first + count; index += 1) {
        this.#words[index] = word;
        word = (word + step) | 0;
      }
      at += count << 2;
    }
    for (; at < to; at += 1) this.heap[start + at] = patternByte(operation, at);
  }

  /** Before `operation` runs: whether the block it frees, if it does, is as it was filled. */
  before(operation: number): Fault | undefined {
    if (this.operations.kind[operation] !== OperationCode.free) return undefined;
    const allocation = this.operations.argument[operation] ?? 0;
    const address = this.results[allocation] ?? 0;
    if (address === 0) return undefined;
    const overwritten = this.#overwritten(allocation, address, this.operations.argument[allocation] ?? 0);
    return overwritten === undefined
      ? undefined
      : faultOfPayload(operation, overwritten, this.operations, this.results);
  }

  /**
   * The address of the first byte that is not as `allocation` filled it.
   * @param size that it filled
   * @param kept how many of them there still are
   */
  #overwritten(allocation: number, address: number, size: number, kept = size): number | undefined {
    const start = address - this.heapAddress;
    for (const [from, end] of sampleOf(size, this.heap.length)) {
      const to = Math.min(end, kept);
      if (from >= to) return undefined;
      const intact =
        start % 4 === 0
          ? this.#intactWords(patternWord(allocation, from), (start + from) >>> 2, (to - from) >>> 2)
          : 0;
      for (let at = from + (intact << 2); at < to; at += 1) {
        if (this.heap[start + at] !== patternByte(allocation, at)) return address + at;
      }
    }
    return undefined;
  }

  /** How many of `count` words from `first` on are as they were filled, from `word` on, up to the first that is not. */
  #intactWords(pattern: number, first: number, count: number): number {
    let word = pattern;
    for (let index = 0; index < count; index += 1) {
      if (this.#words[first + index] !== word) return index;
      word = (word + step) | 0;
    }
    return count;
  }
}

/** The word at byte `at`, a multiple of 4, of the payload of `operation`. */
const patternWord = (operation: number, at: number): number =>
  (Math.imul(operation + 1, seedFactor) + Math.imul(at >>> 2, step)) | 0;

/** Byte `at` of the payload of `operation`. */
function patternByte(operation: number, at: number): number {
  const word = Math.imul(operation + 1, seedFactor) + Math.imul(at >>> 2, step);
  return (word >>> (8 * (at & 3))) & 0xff;
}
