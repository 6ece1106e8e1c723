/** A linked program that replays operations: what every emulator runs. */
import type { ByFunction } from "../traces/operation.js";
import type { Address, Bytes } from "../units.js";

/** A stretch of memory the ELF loads or reserves. */
export interface Segment {
  readonly address: Address;
  readonly data: Uint8Array;
  /** Bytes in memory; beyond `data` they are zero. */
  readonly memoryBytes: number;
  readonly writable: boolean;
}

export interface SizeReport {
  /** Code and constants of the allocator alone. */
  readonly flashBytes: Bytes;
  /** Writable bytes of the allocator: the heap, control data included. */
  readonly ramBytes: Bytes;
  /** Code bytes by function, as the compiler left them (inlined functions are gone). */
  readonly functions: Readonly<Record<string, number>>;
}

export interface Image {
  readonly elf: Uint8Array;
  readonly segments: readonly Segment[];
  readonly symbols: ReadonlyMap<string, { readonly address: Address; readonly bytes: number }>;
  /** Where the heap's first byte is. */
  readonly heapAddress: Address;
  readonly heapBytes: Bytes;
  /** Range of the allocator's code, [start, end). */
  readonly code: { readonly start: Address; readonly end: Address };
  /** Functions that stand in for the user's, which the allocator calls. */
  readonly hooks?: readonly { readonly start: Address; readonly end: Address }[];
  /** Addresses of the functions that the replay calls. */
  readonly entries: { readonly init: Address } & ByFunction<Address>;
  readonly size: SizeReport;
  /** "arm-none-eabi-gcc 12.2.1 -O2" */
  readonly toolchain: string;
  /** Whether an undefined instruction of the allocator says that its C's behaviour is undefined there. */
  readonly trapsUndefined?: boolean;
}
