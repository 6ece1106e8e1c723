/** Words of the config that others know too: the functions there are, the workloads, the levels of optimisation. */

export const optimizations = ["-Os", "-O2", "-O3"] as const;
export const workloadNames = [
  "uniform",
  "bimodal",
  "power-law",
  "lifo",
  "fifo",
  "holes",
  "exhaustion",
  "mixed",
] as const;
/** Workloads that any interface serves with functions of its own; "mixed" is for those beside malloc and free. */
export const basicWorkloads = workloadNames.filter((name) => name !== "mixed");
/** When the heap is made empty; see `docs/embedding.md`. */
export const initModes = ["explicit", "lazy", "constructor"] as const;
export type InitMode = (typeof initModes)[number];
export const apiNames = [
  "calloc",
  "realloc",
  "alignedAlloc",
  "usableSize",
  "walk",
  "check",
  "stats",
  "counters",
  "failureHook",
  "largestRequest",
] as const;
export type ApiName = (typeof apiNames)[number];

/** What the C finds of misuse, the least first. */
export const hardeningTiers = ["basic", "guard", "full"] as const;
export type HardeningTier = (typeof hardeningTiers)[number];

/** What `init` writes for a chip: one heap, or one in each of its memories. */
export const heapChoices = ["one", "regions"] as const;
