/** What a path costs: learnt from a few measured operations, exact for all others that go the same way. */
import type { Path } from "../reference/reference-heap.js";

/**
 * Vectors of loop counts with the cycles they cost, in row echelon form. A combination of known vectors has a known
 * cost; any other has not.
 */
class LoopCosts {
  /** Rows by the index of their first number that is not 0; the cost stands last. */
  private readonly rows = new Map<number, readonly number[]>();

  /** Subtract known rows; what is left of the counts is 0 everywhere if the vector is a combination of them. */
  private reduce(
    counts: readonly number[],
    cost: number,
  ): { readonly counts: readonly number[]; readonly cost: number } {
    let rest = counts.slice();
    let left = cost;
    for (let index = 0; index < rest.length; index++) {
      const value = rest[index] ?? 0;
      const row = this.rows.get(index);
      if (value === 0 || row === undefined) continue;
      const factor = value / (row[index] ?? 1);
      rest = rest.map((count, at) => count - factor * (row[at] ?? 0));
      left -= factor * (row.at(-1) ?? 0);
    }
    return { counts: rest, cost: left };
  }

  /** Cycles of these counts, or undefined. */
  costOf(counts: readonly number[]): number | undefined {
    const rest = this.reduce(counts, 0);
    return rest.counts.some((count) => Math.abs(count) > tolerance) ? undefined : -rest.cost;
  }

  learn(counts: readonly number[], cost: number): void {
    const rest = this.reduce(counts, cost);
    const first = rest.counts.findIndex((count) => Math.abs(count) > tolerance);
    if (first >= 0) this.rows.set(first, [...rest.counts, rest.cost]);
  }
}

/** Far below one iteration, far above the rounding of the elimination. */
const tolerance = 1e-6;

/** Loop kinds a path can count. */
const kinds = 24;

interface Known {
  readonly loops: readonly number[];
  readonly cycles: number;
}

/** Costs of one function's paths in one build. */
export class CostTable {
  private readonly paths = new Map<number | string, Known>();
  private readonly loops = new Map<number, LoopCosts>();

  /** Cycles of an operation; undefined when nothing like it was measured, and for one that swept the heap. */
  predict(path: Path): number | undefined {
    if (path.coalescingPass) return undefined;
    const known = this.paths.get(identity(path));
    if (known === undefined) return undefined;
    if (path.loops.length === 0 && known.loops.length === 0) return known.cycles;
    const extra = this.loopsOf(path).costOf(difference(path.loops, known.loops));
    return extra === undefined ? undefined : Math.round(known.cycles + extra);
  }

  /** A measured operation. */
  learn(path: Path, cycles: number): void {
    if (path.coalescingPass) return;
    const known = this.paths.get(identity(path));
    if (known === undefined) this.paths.set(identity(path), { loops: path.loops, cycles });
    else this.loopsOf(path).learn(difference(path.loops, known.loops), cycles - known.cycles);
  }

  private loopsOf({ group }: Path): LoopCosts {
    const known = this.loops.get(group) ?? new LoopCosts();
    this.loops.set(group, known);
    return known;
  }

  get size(): number {
    return this.paths.size;
  }
}

/**
 * A loop's first and second iterations may cost more or less than the others (the compiler may peel them, the pipeline
 * is in another state): paths are alike only from there on.
 */
function identity(path: Path): number | string {
  if (path.loops.length === 0) return path.key;
  return `${path.key}:${path.loops.map((count) => Math.min(count, 2)).join("")}`;
}

function difference(left: readonly number[], right: readonly number[]): readonly number[] {
  return Array.from({ length: kinds }, (_, index) => (left[index] ?? 0) - (right[index] ?? 0));
}
