/** The function of a block, made of its text. */
import type { CodeHook } from "../core/processor.js";
import { arithmetic } from "./arithmetic.js";
import type { GuestMemoryMap, Window } from "./memory.js";

/** Executes a block. @returns the number of the next one; -1: the run is over */
export type BlockFunction = () => number;

export interface MadeBlock {
  readonly execute: BlockFunction;
  /** The memory will be another: each access asks where it may go, and lets go of where it went. */
  readonly closeWindows: () => void;
}

/** The slow way to memory. */
export interface MemoryPort extends Pick<GuestMemoryMap, "load" | "store"> {
  /** Of the last access. */
  readonly window: () => Window;
}

/** What blocks leave the straight way by. */
export interface Exits {
  readonly halt: (at: number) => never;
  readonly undefinedAt: (at: number) => never;
  readonly undescribed: (at: number, encoding: number, isFloatingPoint: boolean) => never;
  readonly trap: (at: number, encoding: number, size: number) => never;
  /** Where a pointer to code leads: of `Program`, the number of its block. */
  readonly follow: (pointer: number) => number;
  /** @returns the number of the block at an address */
  readonly goTo: (address: number) => number;
}

/** What a block works on. */
export interface BlockParts {
  readonly state: Int32Array;
  readonly memory: MemoryPort;
  readonly callbacks: readonly CodeHook[];
  readonly exits: Exits;
}

/** @param text as `blockSource` gives it: made of numbers and of this folder's words alone */
export function blockFunction(text: string, { state, memory, callbacks, exits }: BlockParts): MadeBlock {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function("R", "M", "A", "K", "E", `"use strict"; return ${text};`) as (
    ...parts: readonly unknown[]
  ) => MadeBlock;
  return make(state, memory, arithmetic, callbacks, exits);
}
