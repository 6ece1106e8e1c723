import { clampSize, LiveBlocks, liveLimit, sizeScale, type Workload } from "./workload.js";

/** Strictly last in, first out, in phases that grow to a random level and shrink to a lower one. */
export const lifo: Workload = function* (parameters, random) {
  const largest = Math.max(16, Math.round(200 * sizeScale(parameters, 32 * 1024)));
  const limit = liveLimit(parameters);
  const live = new LiveBlocks();
  const nextSize = () => clampSize(random.between(4, largest), parameters);
  for (;;) {
    const high = random.between(Math.floor(limit / 4), limit);
    for (let size = nextSize(); live.count === 0 || live.bytes + size <= high; size = nextSize()) {
      yield live.malloc(size);
    }
    const low = random.below(high);
    while (live.count > 0 && live.bytes > low) yield live.freeNewest();
  }
};
