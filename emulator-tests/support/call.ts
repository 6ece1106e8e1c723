/** Calls functions of an image on a heap that holds given bytes. */
import type { Image } from "../../src/toolchain/image.js";
import { imageRegions, initialBytes, labelAddress, pageBytes } from "../../src/emulators/image-regions.js";
import { Permission, UnicornProcessor } from "../../src/emulators/unicorn/binding.js";
import { LR, SP } from "../../src/machine/arm/instruction.js";
import { machineOf } from "../../src/machine/registry.js";
import { CallCounter } from "../../src/machine/call-tally.js";
import { coreModel } from "../../src/targets/core-model.js";
import { imageCode } from "../../src/toolchain/code-ranges.js";
import type { Target } from "../../src/targets/target.js";

const readWrite = Permission.read | Permission.write;
const caller = 0x1fff_f000;
/** Words that a function may write to. */
export const outAddress = 0x6100_0000;
const stackTop = 0x7001_0000;
const stackBytes = 0x4000;
/** Basic blocks of a call: more than a function needs that ends. */
const mostBlocks = 2_000_000;

export interface CallOnHeap {
  /** r0, or undefined: the function did not end, or stopped at an access of memory that is not there. */
  readonly result: number | undefined;
  /** What it took; of no meaning where there is no result. */
  readonly cycles: number;
  /** The heap's bytes behind it. */
  readonly heap: Uint8Array;
  /** The words at `outAddress`. */
  readonly out: Uint32Array;
}

export class HeapCaller {
  readonly #processor: UnicornProcessor;
  readonly #out: Uint8Array;
  readonly #heap: Uint8Array;
  readonly #counter: CallCounter;
  #blocks = 0;

  constructor(
    private readonly image: Image,
    target: Target,
  ) {
    const processor = new UnicornProcessor(machineOf(target), target.unicornModel);
    this.#processor = processor;
    let heap: Uint8Array | undefined;
    for (const region of imageRegions(image)) {
      const live = processor.map(region.address, region.bytes, readWrite | Permission.execute);
      live.set(initialBytes(region));
      const start = image.heapAddress - region.address;
      if (start >= 0 && start < region.bytes) heap = live.subarray(start, start + image.heapBytes);
    }
    if (heap === undefined) throw new Error("the image has no heap");
    this.#heap = heap;
    const code = imageCode(image);
    this.#counter = new CallCounter(code, coreModel(target), target.architecture);
    processor.map(caller, pageBytes, readWrite | Permission.execute);
    processor.map(stackTop - stackBytes, stackBytes, readWrite);
    this.#out = processor.map(outAddress, 16 * pageBytes, readWrite);
    processor.onBlock({ begin: 0, end: 0xffff_ffff }, (address, bytes) => {
      this.#blocks += 1;
      if (this.#blocks > mostBlocks) processor.stop();
      if (address !== caller) this.#counter.block(address, bytes);
    });
    for (const at of this.#counter.observed()) {
      processor.onInstruction({ begin: at, end: at }, (address) => this.#counter.conditional(address));
    }
  }

  /** Call a function by its name, the heap holding these bytes. */
  call(name: string, heap: Uint8Array, ...words: readonly number[]): CallOnHeap {
    const processor = this.#processor;
    this.#heap.set(heap);
    this.#out.fill(0);
    this.#blocks = 0;
    for (const [index, word] of words.entries()) processor.writeRegister(index, word);
    processor.writeRegister(SP, stackTop);
    processor.writeRegister(LR, caller | 1);
    this.#counter.begin();
    const error = processor.run(labelAddress(this.image, name), caller);
    const ended = error === 0 && this.#blocks <= mostBlocks;
    return {
      result: ended ? processor.readRegister(0) : undefined,
      cycles: this.#counter.end().cycles,
      heap: this.#heap.slice(),
      out: new Uint32Array(this.#out.slice().buffer),
    };
  }

  close(): void {
    this.#processor.close();
  }
}
