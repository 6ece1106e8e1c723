import { clampSize, liveLimit, sizeScale, steadyLiveSet, type Workload } from "./workload.js";

/**
 * Pareto distribution with exponent 1: a size is twice as large half as often, from 8 to 4096 bytes in a heap of
 * 64 KiB; 60 % of the heap live.
 */
export const powerLaw: Workload = (parameters, random) => {
  const scale = sizeScale(parameters, 64 * 1024);
  const smallest = Math.max(4, 8 * scale);
  const largest = 4096 * scale;
  return steadyLiveSet(liveLimit(parameters), random, () =>
    clampSize(Math.min(largest, smallest / (1 - random.unit())), parameters),
  );
};
