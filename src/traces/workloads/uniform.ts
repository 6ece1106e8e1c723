import { clampSize, liveLimit, sizeScale, steadyLiveSet, type Workload } from "./workload.js";

/** Every size equally often, 4 to 256 bytes in a heap of 32 KiB, 60 % of the heap live, freed at random. */
export const uniform: Workload = (parameters, random) => {
  const largest = 256 * sizeScale(parameters, 32 * 1024);
  return steadyLiveSet(liveLimit(parameters), random, () =>
    clampSize(random.between(4, Math.max(16, Math.round(largest))), parameters),
  );
};
