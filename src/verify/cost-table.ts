/** What a path costs: learnt from a few measured operations, exact for all others that go the same way. */
import type { Path } from "../reference/path.js";
import { LoopCosts } from "./loop-costs.js";

/**
 * A way to tell what a path costs that goes round its loops as often as none that was measured: from alike paths, whose
 * costs differ by those of their iterations.
 */
interface Extrapolation {
  /** Paths are alike whose code differs in iterations alone. */
  readonly alike: (path: Path) => string;
  /** What iterations are counted by. */
  readonly counts: (path: Path, index: StepIndex) => readonly number[];
  /** An iteration costs the same in all paths of a scope. */
  readonly scope: (path: Path) => number;
}

/** Numbers steps of loops in the order in which they are met. */
class StepIndex {
  private readonly indices = new Map<number, number>();

  counts({ steps }: Path): readonly number[] {
    const counts: number[] = [];
    for (const [step, count] of steps) {
      const index = this.indices.get(step) ?? this.indices.size;
      this.indices.set(step, index);
      while (counts.length <= index) counts.push(0);
      counts[index] = count;
    }
    return counts;
  }
}

/**
 * From the simplest to the most careful. A compiler may peel a loop's first iterations or all of a short loop; it may
 * unroll one, or make of one loop several, of which each costs otherwise; and an iteration's cost may depend on the one
 * before, by the way that the code takes from one to the other or by the pipeline's state.
 */
const extrapolations: readonly Extrapolation[] = [
  {
    alike: ({ key, loops }) => `${key}:${loops.map((count) => Math.min(count, 2)).join("")}`,
    counts: ({ loops }) => loops,
    scope: ({ group }) => group,
  },
  {
    alike: ({ key, opening }) => `${key}:${opening}`,
    counts: (path, index) => index.counts(path),
    scope: ({ group }) => group,
  },
  {
    alike: ({ key, opening }) => `${key}:${opening}`,
    counts: (path, index) => index.counts(path),
    scope: ({ key }) => key,
  },
  {
    alike: ({ key, opening, lengths }) => `${key}:${opening}:${lengths}`,
    counts: (path, index) => index.counts(path),
    scope: ({ key }) => key,
  },
];

/** Right answers before an extrapolation is relied on. */
const trusted = 24;

/**
 * Different counts of a loop for which it was right before it is relied on for any other; with fewer, for one below
 * four times their number. A rule that is right of other loops tells nothing of one that is unrolled.
 */
const countsTried = 4;
const none: ReadonlySet<number> = new Set();

interface Known {
  readonly counts: readonly number[];
  readonly runs: ReadonlySet<number>;
  readonly cycles: number;
}

/** What iterations cost, and of what that was right: counts of each, and runs. */
interface ScopeCosts {
  readonly costs: LoopCosts;
  readonly counts: Set<number>[];
  readonly runs: Set<number>;
}

/** What a rule says of a path. */
interface Guess {
  readonly cycles: number;
  /** Counts in which the path differs from the one it is told from: by which, and the larger one. */
  readonly counts: readonly { readonly at: number; readonly count: number }[];
  /** Runs that the other one has not: a compiler may have made code of their own for them. */
  readonly runs: readonly number[];
}

/** An extrapolation with what it knows, until a measurement refutes it. */
class Extrapolator {
  private readonly known = new Map<string, Known>();
  private readonly scopes = new Map<number, ScopeCosts>();
  private readonly index = new StepIndex();
  private confirmed = 0;
  private refuted = false;

  constructor(private readonly by: Extrapolation) {}

  /** Undefined when nothing alike was measured, or not enough of it, or the rule was not tried enough. */
  predict(path: Path): number | undefined {
    if (this.refuted || this.confirmed < trusted) return undefined;
    const guess = this.guess(path);
    if (guess === undefined) return undefined;
    const { counts, runs } = this.scopeOf(path);
    const isTried = guess.counts.every(({ at, count }) => {
      const tried = counts[at] ?? none;
      return tried.has(count) || tried.size >= Math.min(countsTried, (count + 1) / countsTried);
    });
    return isTried && guess.runs.every((run) => runs.has(run)) ? guess.cycles : undefined;
  }

  /** Right or wrong. */
  private guess(path: Path): Guess | undefined {
    const known = this.known.get(this.by.alike(path));
    if (known === undefined) return undefined;
    const counts = this.by.counts(path, this.index);
    const change = difference(counts, known.counts);
    const extra = this.scopeOf(path).costs.costOf(change);
    if (extra === undefined) return undefined;
    return {
      cycles: Math.round(known.cycles + extra),
      counts: change.flatMap((by, at) =>
        by === 0 ? [] : [{ at, count: Math.max(counts[at] ?? 0, known.counts[at] ?? 0) }],
      ),
      runs: [...path.runs].filter((run) => !known.runs.has(run)),
    };
  }

  learn(path: Path, cycles: number): void {
    if (this.refuted) return;
    const guess = this.guess(path);
    if (guess !== undefined) {
      if (guess.cycles === cycles) this.confirm(path, guess);
      else this.refuted = true;
      return;
    }
    const alike = this.by.alike(path);
    const known = this.known.get(alike);
    const counts = this.by.counts(path, this.index);
    if (known === undefined) this.known.set(alike, { counts, runs: path.runs, cycles });
    else this.scopeOf(path).costs.learn(difference(counts, known.counts), cycles - known.cycles);
  }

  private confirm(path: Path, guess: Guess): void {
    this.confirmed++;
    const { counts, runs } = this.scopeOf(path);
    for (const { at, count } of guess.counts) (counts[at] ??= new Set()).add(count);
    for (const run of guess.runs) runs.add(run);
  }

  private scopeOf(path: Path): ScopeCosts {
    const scope = this.by.scope(path);
    const known = this.scopes.get(scope) ?? { costs: new LoopCosts(), counts: [], runs: new Set() };
    this.scopes.set(scope, known);
    return known;
  }
}

/** Costs of one function's paths in one build. */
export class CostTable {
  /** Of paths that were measured, by key and order. */
  private readonly measured = new Map<number, Map<number, number>>();
  private readonly extrapolators = extrapolations.map((each) => new Extrapolator(each));
  /** One way had two costs: what makes the difference is in no path of the function. */
  private isAmbiguous = false;

  /**
   * Cycles of an operation that goes a way already measured, or one that differs from such in the iterations of its loops
   * alone; undefined when nothing like it was measured, where any way had two costs, and for one that swept the
   * heap.
   */
  predict(path: Path): number | undefined {
    if (path.coalescingPass || this.isAmbiguous) return undefined;
    const measured = this.measured.get(path.key)?.get(path.order);
    if (measured !== undefined || path.order === 0) return measured;
    for (const extrapolator of this.extrapolators) {
      const predicted = extrapolator.predict(path);
      if (predicted !== undefined) return predicted;
    }
    return undefined;
  }

  /** A measured operation. */
  learn(path: Path, cycles: number): void {
    if (path.coalescingPass) return;
    const orders = this.measured.get(path.key) ?? new Map<number, number>();
    this.measured.set(path.key, orders);
    const known = orders.get(path.order);
    if (known !== undefined) {
      if (known !== cycles) this.isAmbiguous = true;
      return;
    }
    orders.set(path.order, cycles);
    if (path.order === 0) return;
    for (const extrapolator of this.extrapolators) extrapolator.learn(path, cycles);
  }
}

function difference(left: readonly number[], right: readonly number[]): readonly number[] {
  return Array.from(
    { length: Math.max(left.length, right.length) },
    (_, index) => (left[index] ?? 0) - (right[index] ?? 0),
  );
}
