import type { Random } from "../random.js";
import { LiveBlocks, type Workload, type WorkloadParameters } from "./workload.js";

/** Live payload that is asked for, as a share of the heap: more than there can be. */
const wantedShare = 1.25;
const shareOfEdgeCases = 0.08;
const shareOfDrains = 0.001;

/**
 * A full heap: more is asked for than it holds, so that requests of every size fail, and blocks that were never served
 * are freed as NULL. Between them requests of 0, at and beyond the largest size, and near 2^32. Now and then all is
 * freed, and an empty heap must serve the largest request, and nothing beside it.
 */
export const exhaustion: Workload = function* (parameters, random) {
  const { heapBytes, maximumRequest } = parameters;
  const limit = Math.floor(heapBytes * wantedShare);
  const live = new LiveBlocks();
  for (;;) {
    if (random.chance(shareOfDrains)) {
      while (live.count > 0) yield live.freeAny(random);
      yield live.malloc(maximumRequest);
      yield live.malloc(parameters.minimumRequest);
      while (live.count > 0) yield live.freeAny(random);
    } else if (random.chance(shareOfEdgeCases)) {
      // Most of these fail: they must not push the served blocks out.
      yield live.malloc(edgeCase(maximumRequest, random), 0);
    } else {
      const size = drawSize(parameters, random);
      while (live.count > 0 && live.bytes + size > limit) yield live.freeAny(random);
      yield live.malloc(size);
    }
    // Blocks that count nothing would pile up.
    if (live.count > 8 && random.chance(shareOfEdgeCases)) yield live.freeAny(random);
  }
};

/** Log-uniform: as many requests in each doubling of the size, up to a quarter of the largest. */
function drawSize({ maximumRequest, minimumRequest }: WorkloadParameters, random: Random): number {
  const least = Math.max(1, minimumRequest);
  const most = Math.max(least, maximumRequest / 4);
  return Math.min(maximumRequest, Math.round(least * (most / least) ** random.unit()));
}

function edgeCase(maximumRequest: number, random: Random): number {
  const cases: readonly [number, number][] = [
    [0, 0],
    [1, 1],
    [Math.max(0, maximumRequest - 40), maximumRequest],
    [maximumRequest, maximumRequest],
    [maximumRequest + 1, maximumRequest + 40],
    [2 ** 16 - 9, 2 ** 16 + 9],
    [2 ** 31 - 9, 2 ** 31 + 9],
    [2 ** 32 - 24, 2 ** 32 - 1],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ];
  const [least, most] = cases[random.below(cases.length)] ?? [0, 0];
  return random.between(least, most);
}
