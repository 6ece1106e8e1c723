/** Runs of granules, and what always holds of those in use. */
import type { BitmapPlan } from "./types.js";

/** Granules, from the first to the last. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

/** Runs that do not overlap, by address. */
export class RunList {
  private readonly runs: Run[] = [];

  get all(): readonly Run[] {
    return this.runs;
  }

  at(index: number): Run | undefined {
    return this.runs[index];
  }

  /** Index of the last run that begins at a granule or in front of it; -1 where there is none. */
  around(granule: number): number {
    let [low, high] = [-1, this.runs.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.runs[middle] as Run).first <= granule) low = middle;
      else high = middle;
    }
    return low;
  }

  add(run: Run): void {
    this.runs.splice(this.around(run.first) + 1, 0, run);
  }

  /** With the runs that end in front of it, and begin behind it, as one. */
  addMerged({ first, last }: Run): void {
    const before = this.around(first);
    const isBehind = this.runs[before]?.last === first - 1;
    const next = this.runs[before + 1];
    const isInFront = next?.first === last + 1;
    const merged = {
      first: isBehind ? (this.runs[before] as Run).first : first,
      last: isInFront ? next.last : last,
    };
    const count = Number(isBehind) + Number(isInFront);
    this.runs.splice(isBehind ? before : before + 1, count, merged);
  }

  /** Removes a run, and gives it. @throws Error where there is none */
  take(index: number): Run {
    const [run] = index < 0 ? [] : this.runs.splice(index, 1);
    if (run === undefined) throw new Error(`there is no run ${index}`);
    return run;
  }

  /** The lowest that has so many granules. */
  firstOfLength(granules: number): Run | undefined {
    for (const run of this.runs) if (run.last - run.first + 1 >= granules) return run;
    return undefined;
  }

  /** Granules of the longest; 0 where there is none. */
  longest(): number {
    return this.runs.reduce((most, { first, last }) => Math.max(most, last - first + 1), 0);
  }
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

/**
 * @param runs in use, by address
 * @param gaps what is kept of the granules between them
 * @throws Error where they are others
 */
export function checkGaps(granules: number, runs: readonly Run[], gaps: readonly Run[]): void {
  let next = 0;
  let found = 0;
  for (const { first, last } of [...runs, { first: granules, last: granules }]) {
    if (first > next) {
      const gap = gaps[found++];
      if (gap?.first !== next || gap.last !== first - 1)
        throw new Error(`the free granules from ${next} on are not kept as such`);
    }
    next = last + 1;
  }
  if (found !== gaps.length) throw new Error("granules in use are kept as free");
}
