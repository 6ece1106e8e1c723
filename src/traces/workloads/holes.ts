import { clampSize, liveLimit, type Workload, type WorkloadParameters } from "./workload.js";

/** Larger blocks alive at once where the heap has room for them, and how many of them a round allocates. */
const mostLarge = 8;
const largePerRound = 120;
/** Small blocks of a round: enough holes to search through, few enough for many rounds. */
const mostSmall = 500;

/**
 * Against policies that search: many small blocks, every other one freed, then sizes that fit none of the holes. Each
 * round has another small size; at its end everything is freed in a random order.
 */
export const holes: Workload = function* (parameters, random) {
  const limit = liveLimit(parameters);
  let nextId = 0;
  for (;;) {
    const small = clampSize(random.between(1, 3) * 8, parameters);
    const least = clampSize(small + 8, parameters);
    const most = Math.max(least, largestOfRound(small, parameters));
    const alive = Math.max(1, Math.min(mostLarge, Math.floor(limit / (3 * most))));
    const room = Math.floor((limit - alive * most) / Math.max(1, small));
    const kept: number[] = [];
    const freed: number[] = [];
    for (let count = Math.max(2, Math.min(mostSmall, room)); count > 0; count--) {
      const id = nextId++;
      (count % 2 === 0 ? freed : kept).push(id);
      yield { kind: "malloc", id, size: small };
    }
    for (const id of freed) yield { kind: "free", id };

    const large: number[] = [];
    for (let count = 0; count < largePerRound; count++) {
      if (large.length === alive) yield { kind: "free", id: takeAny(large, random.below(alive)) };
      const id = nextId++;
      large.push(id);
      yield { kind: "malloc", id, size: random.between(least, most) };
    }
    const rest = [...kept, ...large];
    while (rest.length > 0) yield { kind: "free", id: takeAny(rest, random.below(rest.length)) };
  }
};

/** Up to 128 bytes beyond the small size, less where eight of them would take more than a third of the live limit. */
function largestOfRound(small: number, parameters: WorkloadParameters): number {
  const share = Math.floor(liveLimit(parameters) / (3 * mostLarge));
  return clampSize(Math.min(small + 128, share), parameters);
}

/** Takes the item at `at` out of the list; the last takes its place. */
function takeAny(ids: number[], at: number): number {
  const taken = ids[at] ?? 0;
  const last = ids.pop() ?? 0;
  if (at < ids.length) ids[at] = last;
  return taken;
}
