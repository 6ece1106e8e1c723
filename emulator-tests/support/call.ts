/** Calls functions of an image on a heap that holds given bytes, and counts their cycles. */
import type { Image } from "../../src/toolchain/image.js";
import { UnicornCaller } from "../../src/emulators/unicorn/caller.js";
import { CallCounter } from "../../src/machine/call-tally.js";
import { coreModel } from "../../src/targets/core-model.js";
import { imageCode } from "../../src/toolchain/code-ranges.js";
import type { Target } from "../../src/targets/target.js";

/** Words that a function may write to. */
export const outAddress = 0x6100_0000;

export interface CallOnHeap {
  /** The result, or undefined: the function did not end, or stopped at an access of memory that is not there. */
  readonly result: number | undefined;
  /** What it took; of no meaning where there is no result. */
  readonly cycles: number;
  /** The heap's bytes behind it. */
  readonly heap: Uint8Array;
  /** The words at `outAddress`. */
  readonly out: Uint32Array;
}

export class HeapCaller {
  readonly #caller: UnicornCaller;
  readonly #counter: CallCounter;
  readonly #out: Uint8Array;

  constructor(image: Image, target: Target) {
    this.#counter = new CallCounter(imageCode(image), coreModel(target), target.architecture);
    this.#caller = new UnicornCaller(image, target, {
      onBlock: (address, bytes) => void this.#counter.block(address, bytes),
    });
    const { processor, scratch } = this.#caller;
    for (const at of this.#counter.observed()) {
      processor.onInstruction({ begin: at, end: at }, (address) => this.#counter.conditional(address));
    }
    this.#out = this.#caller.memory(outAddress, scratch.bytes);
  }

  /** Call a function by its name, the heap holding these bytes. */
  call(name: string, heap: Uint8Array, ...words: readonly number[]): CallOnHeap {
    this.#caller.heap.set(heap);
    this.#out.fill(0);
    this.#counter.begin();
    const outcome = this.#caller.call(name, words);
    return {
      result: outcome.kind === "returned" ? outcome.result : undefined,
      cycles: this.#counter.end().cycles,
      heap: this.#caller.heap.slice(),
      out: new Uint32Array(this.#out.slice().buffer),
    };
  }

  close(): void {
    this.#caller.close();
  }
}
