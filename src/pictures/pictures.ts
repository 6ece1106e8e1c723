/** What is drawn of a run, beside its figures: where blocks lay, what the memory was used for, what each call took. */
import type { OperationName } from "../traces/operation.js";

/** Blocks in the order in which they were handed out; arrays have an element for each. */
export interface BlockPictures {
  /** The operation that got it, and the one from which on it was no longer there. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Of the payload from the heap's first byte, and bytes asked for. */
  readonly offset: Uint32Array;
  readonly bytes: Uint32Array;
  /** Of headers with a tag: that of each. */
  readonly tag?: Uint32Array;
}

/** Bytes at some operations of a workload. Together they are the heap. */
export interface MemoryPictures {
  /** Operations done. */
  readonly at: Uint32Array;
  /** Asked for and not freed. */
  readonly payload: Uint32Array;
  /** In blocks in use, neither header nor asked for. */
  readonly padding: Uint32Array;
  readonly headers: Uint32Array;
  /** In free blocks and behind the last block. */
  readonly free: Uint32Array;
  /** Of `free`, in one stretch. */
  readonly largestFree: Uint32Array;
}

export interface WorkloadPictures {
  readonly name: string;
  /** Code of each operation's function. */
  readonly kinds: Uint8Array;
  /** Modelled cycles of each operation. */
  readonly cycles: Uint32Array;
  /** Operations that returned NULL and are no free. */
  readonly failed: Uint32Array;
  readonly blocks: BlockPictures;
  readonly memory: MemoryPictures;
}

/** An instruction of a call; those that were executed several times are told once. */
export interface PricedInstruction {
  readonly address: number;
  /** Empty where there is no disassembler. */
  readonly text: string;
  readonly count: number;
  readonly cycles: number;
}

/** A line of the C with what the compiler made of it. */
export interface PricedLine {
  /** 0 where no debug information tells. */
  readonly line: number;
  readonly text: string;
  readonly cycles: number;
  readonly instructions: readonly PricedInstruction[];
}

/** The call of a function that took most of all calls of the run. */
export interface WorstCall {
  readonly function: OperationName;
  readonly workload: string;
  readonly operation: number;
  /** "malloc(24)" */
  readonly call: string;
  readonly cycles: number;
  /** File of the C. */
  readonly file: string;
  /** By line. */
  readonly lines: readonly PricedLine[];
}

export interface HeapPictures {
  readonly name: string;
  readonly heapBytes: number;
  /** Where the first block may begin. */
  readonly firstBlock: number;
  readonly granuleBytes: number;
  /** What drew them. */
  readonly engine: string;
  readonly workloads: readonly WorkloadPictures[];
  readonly worst: readonly WorstCall[];
}
