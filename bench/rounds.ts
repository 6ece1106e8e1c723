/** Replays that are timed against each other. */
import type { Session } from "../src/emulators/engine.js";

/** Operations a second of the round in which code is translated, and of the best. */
export interface Speed {
  first: number;
  best: number;
}

const batch = 1000;

/**
 * Round by round, so that a busy moment of the machine hits every one of them.
 * @param replays sessions of `operations` operations each; closed at the end
 * @throws Error: one of them stops
 */
export function speedsOf<Replay extends { readonly session: Session }>(
  replays: readonly Replay[],
  operations: number,
  rounds: number,
): readonly (Replay & Readonly<Speed>)[] {
  const measured = replays.map((replay) => ({ ...replay, first: 0, best: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const each of measured) {
      each.session.reset();
      const start = performance.now();
      for (let from = 0; from < operations; from += batch) {
        const { fault } = each.session.execute(from, Math.min(from + batch, operations));
        if (fault !== undefined) throw new Error(`operation ${fault.operation}: ${fault.message}`);
      }
      const speed = (1000 * operations) / (performance.now() - start);
      if (round === 0) each.first = speed;
      each.best = Math.max(each.best, speed);
    }
  }
  for (const { session } of measured) session.close();
  return measured;
}
