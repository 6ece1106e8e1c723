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

interface Known {
  readonly counts: readonly number[];
  readonly cycles: number;
}

/** An extrapolation with what it knows, until a measurement refutes it. */
class Extrapolator {
  private readonly known = new Map<string, Known>();
  private readonly costs = new Map<number, LoopCosts>();
  private readonly index = new StepIndex();
  private confirmed = 0;
  private refuted = false;

  constructor(private readonly by: Extrapolation) {}

  get isTrusted(): boolean {
    return !this.refuted && this.confirmed >= trusted;
  }

  /** Undefined when nothing alike was measured, or not enough of it. */
  predict(path: Path): number | undefined {
    const known = this.known.get(this.by.alike(path));
    if (known === undefined) return undefined;
    const counts = this.by.counts(path, this.index);
    const extra = this.costsOf(path).costOf(difference(counts, known.counts));
    return extra === undefined ? undefined : Math.round(known.cycles + extra);
  }

  learn(path: Path, cycles: number): void {
    if (this.refuted) return;
    const predicted = this.predict(path);
    if (predicted !== undefined) {
      if (predicted === cycles) this.confirmed++;
      else this.refuted = true;
      return;
    }
    const alike = this.by.alike(path);
    const known = this.known.get(alike);
    const counts = this.by.counts(path, this.index);
    if (known === undefined) this.known.set(alike, { counts, cycles });
    else this.costsOf(path).learn(difference(counts, known.counts), cycles - known.cycles);
  }

  private costsOf(path: Path): LoopCosts {
    const scope = this.by.scope(path);
    const known = this.costs.get(scope) ?? new LoopCosts();
    this.costs.set(scope, known);
    return known;
  }
}

/** Costs of one function's paths in one build. */
export class CostTable {
  /** Of paths that were measured, by key and order. */
  private readonly measured = new Map<number, Map<number, number>>();
  /** Runs of loops that were measured on any path: of others no rule knows whether the compiler made code of their own. */
  private readonly runs = new Set<number>();
  private readonly extrapolators = extrapolations.map((each) => new Extrapolator(each));

  /**
   * Cycles of an operation that goes a way already measured, or one that differs from such in the iterations of its loops
   * alone; undefined when nothing like it was measured, and for one that swept the heap.
   */
  predict(path: Path): number | undefined {
    if (path.coalescingPass) return undefined;
    const measured = this.measured.get(path.key)?.get(path.order);
    if (measured !== undefined || path.order === 0) return measured;
    for (const run of path.runs) if (!this.runs.has(run)) return undefined;
    for (const extrapolator of this.extrapolators) {
      const predicted = extrapolator.isTrusted ? extrapolator.predict(path) : undefined;
      if (predicted !== undefined) return predicted;
    }
    return undefined;
  }

  /** A measured operation. */
  learn(path: Path, cycles: number): void {
    if (path.coalescingPass) return;
    const orders = this.measured.get(path.key) ?? new Map<number, number>();
    this.measured.set(path.key, orders);
    if (orders.has(path.order)) return;
    orders.set(path.order, cycles);
    if (path.order === 0) return;
    for (const run of path.runs) this.runs.add(run);
    for (const extrapolator of this.extrapolators) extrapolator.learn(path, cycles);
  }
}

function difference(left: readonly number[], right: readonly number[]): readonly number[] {
  return Array.from(
    { length: Math.max(left.length, right.length) },
    (_, index) => (left[index] ?? 0) - (right[index] ?? 0),
  );
}
