/** All sequences of a few operations: the small scope in which most faults of an allocator already show. */
/** A request in bytes, or the free of what the given step allocated. */
export type Choice = { readonly size: number } | { readonly of: number };

/**
 * Every sequence of up to `depth` operations, each once: at each step one request of each size, and one free of each
 * block that is live.
 */
export function* everySequence(depth: number, sizes: readonly number[]): Generator<readonly Choice[]> {
  yield* extensions([], []);

  function* extensions(
    sequence: readonly Choice[],
    live: readonly number[],
  ): Generator<readonly Choice[], void> {
    if (sequence.length > 0) yield sequence;
    if (sequence.length === depth) return;
    for (const size of sizes) yield* extensions([...sequence, { size }], [...live, sequence.length]);
    for (const of of live) {
      const others = live.filter((step) => step !== of);
      yield* extensions([...sequence, { of }], others);
    }
  }
}
