/** Where everything lies in the guest. What is not named here is not mapped, so that touching it faults. */
/** The driver's own memory stands far above any microcontroller's flash and RAM, in what the core may use as RAM. */
export const driverMemory = {
  control: 0x6000_0000,
  operations: 0x6100_0000,
  results: 0x6800_0000,
  stacks: {
    init: 0x7000_0000,
    malloc: 0x7010_0000,
    free: 0x7020_0000,
    calloc: 0x7030_0000,
    realloc: 0x7040_0000,
    alignedAlloc: 0x7050_0000,
  },
} as const;

/** Most operations the tables have room for. */
export const maximumOperations = (driverMemory.results - driverMemory.operations) / 8;

/** Size of each stack. */
export const stackBytes = 16 * 1024;

/** An access this far below a stack is taken for its overflow. */
export const stackGuardBytes = 512 * 1024;
