/** Calls of single functions of an image, as a C caller makes them: what replaying operations does not call. */
import type { Processor } from "./core/processor.js";
import type { Fault } from "./fault.js";

/** What stopped a call before it returned. */
export type CallFault = Omit<Fault, "operation">;

export type CallOutcome =
  | {
      readonly kind: "returned";
      /** The word in the result register; of a bool the lowest bit counts. */ readonly result: number;
    }
  | { readonly kind: "fault"; readonly fault: CallFault };

/** All writable memory of the image at one moment. */
export interface MemorySnapshot {
  readonly regions: readonly Uint8Array[];
}

export interface CallOptions {
  /** Where the function's stack begins, a multiple of 8 in `stack`; by default its end. */
  readonly stackPointer?: number;
}

export interface CallerOptions {
  /** Bytes whose reading or writing is a fault. Slows down every access. */
  readonly forbidden?: readonly GuestRange[];
  /** Basic blocks of the allocator that one call may take before it is a hang (default 2 million, or the bytes of a larger heap). */
  readonly blockLimit?: number;
  /** Told of each basic block of the allocator. */
  readonly onBlock?: (address: number, bytes: number) => void;
  /** Treat unaligned accesses of the heap as faults; by default on cores that do not allow them. */
  readonly checkAlignment?: boolean;
  /** Where to go on after a hook stopped the processor; undefined: nowhere. */
  readonly resume?: () => number | undefined;
}

export interface GuestRange {
  readonly address: number;
  readonly bytes: number;
}

export interface Caller {
  /** For hooks, and for registers between calls. */
  readonly processor: Processor;
  /** The heap's bytes, live. */
  readonly heap: Uint8Array;
  /** Memory for what a function writes through a pointer, and for its context; outside the image. */
  readonly scratch: GuestRange;
  readonly stack: GuestRange;
  /**
   * Live bytes of the guest: of the image, `scratch` or `stack`.
   * @throws Error where they are not all of one run of memory
   */
  memory(address: number, bytes: number): Uint8Array;
  /**
   * Call a function with these words as its arguments, each cut to 32 bits.
   * @param called its symbol, or the address of its first instruction
   * @throws Error where the image has no such symbol
   */
  call(called: string | number, words?: readonly number[], options?: CallOptions): CallOutcome;
  /**
   * A pointer to a function of the guest that the host executes: its arguments are the words of the registers that
   * arguments are passed in. It must not call the guest. A caller has room for 64.
   */
  callback(execute: (...words: readonly number[]) => number): number;
  /** From now on, whenever a function of the image begins, the host is told the words of its argument registers. */
  watch(called: string, told: (...words: readonly number[]) => void): void;
  /** Of all writable memory of the image; `scratch` and `stack` are not kept. */
  save(): MemorySnapshot;
  restore(snapshot: MemorySnapshot): void;
  /** Address of the first byte that is not as it was saved. */
  changedSince(snapshot: MemorySnapshot): number | undefined;
  /** Address of a byte of the image's writable pages that belongs to nobody and changed. */
  strayWrite(): number | undefined;
  /** Another core in the same memory; stack and scratch are its own. */
  sharing(options?: CallerOptions): Caller;
  close(): void;
}
