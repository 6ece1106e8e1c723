/** Vectors of counts with the cycles they cost: a combination of known vectors has a known cost; any other has not. */

/** Far below one iteration, far above the rounding of the elimination. */
const tolerance = 1e-6;

type Vector = readonly number[];

export class LoopCosts {
  /** In row echelon form: rows by the index of their first number that is not 0. */
  private readonly rows: ({ readonly counts: Vector; readonly cost: number } | undefined)[] = [];

  /** Subtract known rows; what is left of the counts is 0 everywhere if the vector is a combination of them. */
  private reduce(counts: Vector, cost: number): { readonly counts: number[]; cost: number } {
    const rest = { counts: counts.slice(), cost };
    for (let index = 0; index < rest.counts.length; index++) {
      const value = rest.counts[index] ?? 0;
      const row = this.rows[index];
      if (Math.abs(value) <= tolerance || row === undefined) continue;
      const factor = value / (row.counts[index] ?? 1);
      for (let at = index; at < row.counts.length; at++) {
        rest.counts[at] = (rest.counts[at] ?? 0) - factor * (row.counts[at] ?? 0);
      }
      rest.cost -= factor * row.cost;
    }
    return rest;
  }

  /** Cycles of these counts, or undefined. */
  costOf(counts: Vector): number | undefined {
    const rest = this.reduce(counts, 0);
    return rest.counts.some((count) => Math.abs(count) > tolerance) ? undefined : -rest.cost;
  }

  learn(counts: Vector, cost: number): void {
    const rest = this.reduce(counts, cost);
    const first = rest.counts.findIndex((count) => Math.abs(count) > tolerance);
    if (first >= 0) this.rows[first] = rest;
  }
}
