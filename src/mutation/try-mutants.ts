/** Mutants tried in the order of a draw, several at once, until enough of them could be held against the reference. */
import { edited, type Mutant } from "./mutant.js";
import type { Verdict } from "./verdict.js";

export interface TriedMutant {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

export interface Trial {
  readonly text: string;
  /** In the order in which they are tried. */
  readonly mutants: readonly Mutant[];
  /** So many that are built and differ from the original in their code; others are tried beside them. */
  readonly count: number;
  readonly judge: (text: string) => Promise<Verdict>;
  /** Most that are judged at a time. */
  readonly atOnce: number;
  readonly onProgress?: (tried: readonly TriedMutant[]) => void;
  /** Where it is aborted, what was tried so far is the result. */
  readonly signal?: AbortSignal;
}

/** Whether a verdict counts: neither the compiler nor the code decided it. */
export const isViable = ({ kind }: Verdict): boolean => kind === "killed" || kind === "survived";

/**
 * The first mutants of the order, as many as have `count` viable ones among them: one more is begun only where even with
 * all that are under way there would be too few. So the result is the same whatever `atOnce` is.
 */
export async function tryMutants(trial: Trial): Promise<readonly TriedMutant[]> {
  const { text, mutants, count, judge, atOnce, onProgress, signal } = trial;
  const results: (TriedMutant | undefined)[] = [];
  const done = (): readonly TriedMutant[] => results.filter((result) => result !== undefined);
  const stopped = (): boolean => signal?.aborted === true;
  let begun = 0;
  let underWay = 0;
  let viable = 0;

  return new Promise((resolve, reject) => {
    const begin = (): void => {
      while (!stopped() && underWay < atOnce && begun < mutants.length && viable + underWay < count) {
        const index = begun++;
        const mutant = mutants[index];
        if (mutant === undefined) break;
        underWay++;
        results[index] = undefined;
        judge(edited(text, mutant.edits)).then(
          (verdict) => {
            underWay--;
            if (stopped()) return;
            results[index] = { mutant, verdict };
            if (isViable(verdict)) viable++;
            onProgress?.(done());
            begin();
          },
          (error: unknown) => {
            // What is ended while it works fails.
            if (!stopped()) reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
      }
      if (underWay === 0) resolve(done());
    };
    signal?.addEventListener("abort", () => {
      resolve(done());
    });
    begin();
  });
}
