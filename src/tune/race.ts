/**
 * Which configs need the least memory: a race. Each gets one run with a heap just below the best of its family; only one that
 * is served there is searched for its least heap. One that is served a little above the best stays in the race.
 */
import { quantileOf } from "../sizing/confidence.js";
import type { Trace } from "../traces/operation.js";
import type { Candidate } from "./candidates.js";
import { Need } from "./need.js";

/** A config is better where so much less serves it, and equal where so much more does. */
const better = 0.995;
const equal = 1.01;
/** On the traces as they are more is chance, and so many are kept of a family. */
const near = 1.03;
const mostNear = 6;
/** A family that needs so much more than the best of all is left out: nobody pays that for cycles. */
const far = 1.4;

export interface Runner {
  readonly candidate: Candidate;
  /** The least heap, or what it is known to be served by where it is as good as another. */
  readonly heapBytes: number;
}

/**
 * The best of each family, and those near it.
 * @param onCandidate told how many were raced
 */
export async function race(
  candidates: readonly Candidate[],
  traces: readonly Trace[],
  onCandidate: (done: number) => void = () => undefined,
): Promise<readonly Runner[]> {
  const families = new Map<string, readonly Runner[]>();
  for (const [index, candidate] of candidates.entries()) {
    onCandidate(index);
    const runners = families.get(candidate.family) ?? [];
    const best = runners[0]?.heapBytes;
    const heapBytes = await raceOne(new Need(candidate, traces), best);
    if (heapBytes === undefined) continue;
    const together = [...runners, { candidate, heapBytes }].toSorted(
      (left, right) => left.heapBytes - right.heapBytes,
    );
    const least = together[0]?.heapBytes ?? 0;
    families.set(
      candidate.family,
      together.filter((runner) => runner.heapBytes <= near * least).slice(0, mostNear),
    );
  }
  return [...families.values()].flat();
}

/** Families of which the best is near enough to the best of all. @param families what each race left, the least first or not */
export function inReach<Family extends { readonly raced: readonly { readonly heapBytes: number }[] }>(
  families: readonly Family[],
): readonly Family[] {
  const leastOf = ({ raced }: Family): number => Math.min(...raced.map(({ heapBytes }) => heapBytes));
  const least = Math.min(...families.map(leastOf));
  return families.filter((family) => leastOf(family) <= far * least);
}

/** Undefined where it is worse than the best, or never served. */
async function raceOne(need: Need, best: number | undefined): Promise<number | undefined> {
  if (best === undefined || need.serves(better * best)) return need.least(best);
  return need.serves(near * best) ? near * best : undefined;
}

/** Of so many perturbed copies that many may fail. */
const mayFail = 1;

/**
 * The same on perturbed copies of a trace: of each family those that need no more than the best, where one copy is left out
 * of account. What won by chance on the trace itself loses here.
 * @param copies of each trace, at least two
 */
export async function robustRace(
  runners: readonly Runner[],
  copies: readonly Trace[],
  onRunner: (done: number) => void = () => undefined,
): Promise<readonly Runner[]> {
  const best = new Map<string, number>();
  const kept: Runner[] = [];
  for (const [index, { candidate, heapBytes: alone }] of runners.entries()) {
    onRunner(index);
    const needs = copies.map((copy) => new Need(candidate, [copy]));
    const known = best.get(candidate.family);
    const heapBytes =
      known === undefined || failures(needs, better * known) <= mayFail
        ? await secondLargest(needs, known ?? alone)
        : failures(needs, equal * known) <= mayFail
          ? equal * known
          : undefined;
    if (heapBytes === undefined) continue;
    best.set(candidate.family, Math.min(known ?? Infinity, heapBytes));
    kept.push({ candidate, heapBytes });
  }
  return kept.filter(
    ({ candidate, heapBytes }) => heapBytes <= equal * (best.get(candidate.family) ?? Infinity),
  );
}

/** How many are not served, counted no further than that there are too many. */
function failures(needs: readonly Need[], heapBytes: number): number {
  let failed = 0;
  for (const need of needs) {
    if (!need.serves(heapBytes)) failed++;
    if (failed > mayFail) break;
  }
  return failed;
}

async function secondLargest(needs: readonly Need[], known: number): Promise<number | undefined> {
  const sizes: number[] = [];
  let near = known;
  for (const need of needs) {
    const least = await need.least(near);
    sizes.push(least ?? Infinity);
    near = least ?? near;
  }
  sizes.sort((left, right) => left - right);
  const size = quantileOf(sizes, (sizes.length - mayFail) / sizes.length);
  return Number.isFinite(size) ? size : undefined;
}
