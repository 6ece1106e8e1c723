/** The one interface of every emulator. An engine knows images and operations; it knows no policy. */
import type { Image } from "../toolchain/image.js";
import type { Target } from "../targets/target.js";
import type { ByFunction, HeapOperations } from "../traces/operation.js";
import type { Caller, CallerOptions, GuestRange } from "./caller.js";
import type { Fault } from "./fault.js";

export type { Fault, FaultCause } from "./fault.js";

/**
 * What one may run on: an engine, or several, of which each is compared with the first, whose figures are given. "both" are
 * Unicorn and QEMU. "witnessed", which is what is meant where nobody chooses, is js, with Unicorn on a share of the operations
 * where Unicorn is there.
 */
export const engineChoices = [
  "witnessed",
  "unicorn",
  "js",
  "qemu",
  "js+unicorn",
  "js+qemu",
  "unicorn+qemu",
  "js+unicorn+qemu",
  "both",
] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** Those that call functions one by one, of which commands take one alone that compare nothing with a reference. */
export const coreEngineNames = ["js", "unicorn"] as const;
export type CoreEngineName = (typeof coreEngineNames)[number];

/** "auto" is Unicorn where its library is there, which executes floating point too, and else js. */
export const timingEngineNames = ["auto", ...coreEngineNames] as const;
export type TimingEngineName = (typeof timingEngineNames)[number];

/** How much of a session a second engine witnesses, where there is one: of a share the seed draws a part. */
export type WitnessShare =
  { readonly kind: "all" | "none" } | { readonly kind: "share"; readonly seed: number };

/** Who witnesses what an engine executes, or why nobody does: a clause for people. */
export type Witness =
  { readonly kind: "engine"; readonly engine: Engine } | { readonly kind: "none"; readonly reason: string };

export interface BatchResult {
  /** Operations of the batch that ended: `to - from` unless there is a fault. */
  readonly completed: number;
  readonly fault?: Fault;
}

/** Bits: 1, the branch was taken; 2, it was not. */
export type BranchWays = number;

/** One image in the emulator's memory, with one sequence of operations. Arrays are indexed by operation. */
export interface Session {
  /**
   * Fresh memory, then the allocator's init function. Undefined, or the fault of init.
   * @param heapFill what each byte of the heap is before; where left out, bytes that differ and are not 0
   */
  reset(heapFill?: number): Fault | undefined;
  /** Run operations [from, to) in the guest. Batches follow each other without a gap. */
  execute(from: number, to: number): BatchResult;
  /** Address each operation returned, 0 for NULL; 0 for a free. Live view, valid below the last executed operation. */
  readonly results: Uint32Array;
  /** Instructions of each operation, from the function's first to its return. An instruction counts that is skipped for its condition. */
  readonly instructions: Uint32Array;
  /** Modelled cycles of each operation. */
  readonly cycles: Uint32Array;
  /** Modelled cycles of each operation's longest stretch with interrupts kept out; 0 where it masks none. */
  readonly maskingCycles: Uint32Array;
  /** The heap's bytes, live. */
  readonly heap: Uint8Array;
  /**
   * Addresses of the instructions of the operation that `SessionOptions.trace` names, in the order they were executed;
   * those that are skipped for their condition are among them. Empty where that operation was not reached.
   */
  executed(): readonly number[];
  /** Deepest stack of each function since reset, in bytes. */
  stackBytes(): ByFunction<number>;
  /** Conditional branches of the allocator by address, with the ways they went since the session was made. */
  coverage(): ReadonlyMap<number, BranchWays>;
  /** Operations that a second engine executed too, and alike; absent where there is none. */
  witnessed?(): number;
  close(): void;
}

export interface SessionOptions {
  /** Fill payloads with patterns and check them before free (default true). */
  readonly checkPayloads?: boolean;
  /** Instructions one operation may take before it is a hang (default 5 million, of a heap above 1 MiB more). */
  readonly instructionLimit?: number;
  /** Operation whose instructions `Session.executed` tells. */
  readonly trace?: number;
  /**
   * False: nobody asks for instructions, cycles, stacks and coverage, and where they take time they are left out; a hang is
   * told by time alone (default true).
   */
  readonly count?: boolean;
  /** Bytes whose reading or writing is a fault. Slows down every access; an engine that sees no accesses lets it pass. */
  readonly forbidden?: readonly GuestRange[];
  /** For an engine with a witness, which takes a share of the operations where this is left out. */
  readonly witness?: WitnessShare;
}

export interface Engine {
  readonly name: string;
  /** "2.0.1" */
  readonly version: string;
  /** Whether sessions open quickly: then there may be hundreds. */
  readonly isCheap: boolean;
  open(image: Image, target: Target, operations: HeapOperations, options?: SessionOptions): Session;
  /** Calls of single functions; absent where the engine only replays operations. */
  readonly caller?: (image: Image, target: Target, options?: CallerOptions) => Caller;
  /** Absent where nobody was to witness a share. */
  readonly witness?: Witness;
}
