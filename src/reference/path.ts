/** The way an operation went through the allocator, as far as it decides what code runs. */

/**
 * The way an operation went. Operations of equal `key` make the same choices, so they run the same code but for the
 * number of loop iterations; `loops` counts those by kind. It is told from what the policy has to find out and to
 * change, whatever code does it.
 */
export interface Path {
  readonly key: number;
  readonly loops: readonly number[];
  /** Paths of equal key and order went the same way in every iteration. 0 without loops. */
  readonly order: number;
  /** The same for the first two iterations and the last of each run of a loop. */
  readonly opening: number;
  /** The same for the lengths of runs, as far as they matter to a loop that is unrolled. */
  readonly lengths: number;
  /** What runs there were: each by the kind of its first iteration and its length, told apart as in `lengths`. */
  readonly runs: ReadonlySet<number>;
  /** Iterations by their kind and that of the one before. */
  readonly steps: ReadonlyMap<number, number>;
  /** Iterations cost the same in all paths of a group. */
  readonly group: number;
  /** Whether the operation went over the whole heap: its cost depends on the order of what it met. */
  readonly coalescingPass: boolean;
}
