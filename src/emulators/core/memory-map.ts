/** Where everything lies in the guest. What is not named here is not mapped, so that touching it faults. */
import type { StackName } from "../control-block.js";

/** Addresses of the replay driver's memory. */
export interface DriverMemory {
  readonly control: number;
  readonly operations: number;
  readonly results: number;
  /** First byte of each. */
  readonly stacks: Readonly<Record<StackName, number>>;
}

/**
 * The driver's own memory stands far above any microcontroller's flash and RAM, in what the core may use as RAM.
 * Unicorn finds memory by a table of 256 entries, one for each KiB modulo 256 KiB. What every operation touches, the
 * control page and the tops of the stacks, has entries of its own, apart from those of the first 180 KiB of RAM.
 */
export const driverMemory = {
  control: 0x6002_d000,
  operations: 0x6100_0000,
  results: 0x6800_0000,
  stacks: {
    init: 0x7003_0000,
    malloc: 0x7013_2000,
    free: 0x7023_4000,
    calloc: 0x7033_6000,
    realloc: 0x7043_8000,
    alignedAlloc: 0x7053_a000,
  },
} as const satisfies DriverMemory;

/** Most operations the tables have room for. */
export const maximumOperations = (driverMemory.results - driverMemory.operations) / 8;

/** Size of each stack. */
export const stackBytes = 16 * 1024;

/** An access this far below a stack is taken for its overflow. */
export const stackGuardBytes = 512 * 1024;
