/**
 * Fills and checks payloads from the host, with the pattern of `targets/<machine>/replay.S`. The driver can do it by
 * itself, but each store in the guest goes through Unicorn's search for translated code on the page (65 ns in 2.0.1):
 * from the host it costs a tenth.
 */
import { OperationCode, secondArgument } from "../../traces/operation.js";
import type { HeapOperations } from "../../traces/operation.js";
import type { Fault } from "../engine.js";
import { faultOfNotZeroed, faultOfPayload } from "../replay-faults.js";

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
        : this.#overwritten(allocation, address, Math.min(size, oldSize));
    return overwritten === undefined
      ? undefined
      : faultOfPayload(operation, overwritten, this.operations, this.results);
  }

  #checkZeroed(operation: number, address: number): Fault | undefined {
    if (address === 0) return undefined;
    const start = address - this.heapAddress;
    const size = this.operations.argument[operation] ?? 0;
    const at = this.heap.subarray(start, start + size).findIndex((byte) => byte !== 0);
    return at < 0 ? undefined : faultOfNotZeroed(operation, address + at, this.results);
  }

  #fill(operation: number, address: number): void {
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

  /** The address of the first of `size` bytes that is not as `allocation` filled it. */
  #overwritten(allocation: number, address: number, size: number): number | undefined {
    const start = address - this.heapAddress;
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
