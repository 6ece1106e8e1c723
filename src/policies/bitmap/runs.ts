/** Runs of granules, and what always holds of those in use. */
import type { BitmapPlan } from "./types.js";

/** Granules, from the first to the last. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

const wordOf = (granule: number): number => Math.floor(granule / 32);

/**
 * @param runs in use, by address
 * @param usedInWord of each word of the bitmap, the granules in use and those that there are not
 * @throws Error naming the invariant that does not hold
 */
export function checkRuns(plan: BitmapPlan, runs: readonly Run[], usedInWord: Uint8Array): void {
  let end = 0;
  const used = new Uint8Array(plan.policy.words);
  for (const { first, last } of runs) {
    if (first < end) throw new Error(`the block at granule ${first} begins in the one before`);
    if ((last - first + 1) * plan.granuleBytes < plan.minimumBlockBytes)
      throw new Error(`the block at granule ${first} is too short`);
    for (let granule = first; granule <= last; granule++) {
      used[wordOf(granule)] = (used[wordOf(granule)] as number) + 1;
    }
    end = last + 1;
  }
  const { granules, words } = plan.policy;
  if (end > granules) throw new Error("a block ends behind the last granule");
  used[words - 1] = (used[words - 1] as number) + 32 * words - granules;
  if (used.some((count, word) => count !== usedInWord[word]))
    throw new Error("the granules in use are miscounted");
}
