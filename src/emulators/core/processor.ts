/** What an emulator of a core must offer: memory, hooks, registers, run and stop. Sessions and callers are made of it. */
import type { Machine } from "../../machine/machine.js";
import type { Target } from "../../targets/target.js";

/** Why a run ended; the numbers are UC_ERR_* of unicorn.h, as far as they are told apart. */
export const RunError = {
  ok: 0,
  readUnmapped: 6,
  writeUnmapped: 7,
  fetchUnmapped: 8,
  invalidInstruction: 10,
  writeProtected: 12,
  readProtected: 13,
  fetchProtected: 14,
  exception: 21,
} as const;

/** An emulator's processor of a target's core. */
export type MakeProcessor = (machine: Machine, target: Target) => Processor;

/** Combine with `|`. */
export const Permission = { read: 1, write: 2, execute: 4 } as const;

/** Begin and end of an address range, both included. */
export interface HookRange {
  readonly begin: number;
  readonly end: number;
}

export type CodeHook = (address: number, bytes: number) => void;
export type AccessHook = (address: number, bytes: number, direction: "read" | "write") => void;

/** Accesses whose address is no multiple of their width. */
export type AccessFilter = "unaligned";

export interface Processor {
  readonly machine: Machine;
  /** Whether `pc` is that of the instruction when an access is told, else of the first one of its block. */
  readonly isExact: boolean;
  /**
   * Map memory, by default fresh and zeroed. The array returned is the memory itself: what the host writes the guest
   * reads. Two processors that are given the same array share it. `address` and `bytes` are multiples of `pageBytes`.
   */
  map(address: number, bytes: number, permissions: number, host?: Uint8Array): Uint8Array;
  /** Called when a block of code that starts in the range begins to execute. */
  onBlock(range: HookRange, callback: CodeHook): void;
  /** Called before each instruction in the range that executes; not for one that is skipped. */
  onInstruction(range: HookRange, callback: CodeHook): void;
  /** The same callback for several ranges. */
  onInstructions(ranges: readonly HookRange[], callback: CodeHook): void;
  /** Called at each access of data that begins in the range; slows down every access, perhaps also elsewhere. */
  onAccess(range: HookRange, callback: AccessHook, only?: AccessFilter): void;
  /** Called with the address of an access that ends the run: unmapped or not permitted. */
  onInvalidAccess(callback: (address: number) => void): void;
  /** Called with QEMU's number of an exception the processor would take; the run goes on unless stopped. */
  onException(callback: (exception: number) => void): void;
  /**
   * Run from `begin` until the program counter is `until`, a fault, `stop`, or the time is over: 0 seconds mean any.
   * @returns a `RunError`
   */
  run(begin: number, until: number, seconds?: number): number;
  /** End the run; for use inside callbacks. */
  stop(): void;
  /** Where execution is: the address of an instruction. */
  readonly pc: number;
  /** @param register as the machine numbers them */
  readRegister(register: number): number;
  /** @param register as the machine numbers them */
  writeRegister(register: number, value: number): void;
  /** N, Z, C and V in bits 3 to 0. N and Z are not set both: no result is 0 and negative. */
  flags: number;
  /** @param index of `machine.interrupts.registers` */
  readMask(index: number): number;
  /** @param index as for `readMask` */
  writeMask(index: number, value: number): void;
  /** Remember all registers, for `restore`. */
  save(): void;
  restore(): void;
  /** For people, of a `RunError`. */
  errorText(error: number): string;
  close(): void;
}
