import { clampSize, liveLimit, sizeScale, steadyLiveSet, type Workload } from "./workload.js";

/** Four of five requests small (8 to 64 bytes in a heap of 64 KiB), one large (128 to 1024), 60 % of the heap live. */
export const bimodal: Workload = (parameters, random) => {
  const scale = sizeScale(parameters, 64 * 1024);
  return steadyLiveSet(liveLimit(parameters), random, () => {
    const [least, most] = random.chance(0.8) ? [8, 64] : [128, 1024];
    const smallest = Math.max(1, Math.round(least * scale));
    return clampSize(random.between(smallest, Math.max(smallest + 4, Math.round(most * scale))), parameters);
  });
};
