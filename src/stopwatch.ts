/** Wall time of the stages of a run. */

/** Adds up wall time by stage. */
export function stopwatch(): { lap(stage: string): void; readonly seconds: Record<string, number> } {
  const seconds: Record<string, number> = {};
  let last = performance.now();
  return {
    seconds,
    lap(stage) {
      const now = performance.now();
      seconds[stage] = (seconds[stage] ?? 0) + (now - last) / 1000;
      last = now;
    },
  };
}
