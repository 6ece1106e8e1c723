/** From "somewhere in this workload they differ" to the first wrong operation and a minimal sequence. */
import { Equivalence, type Bench, type Difference } from "./equivalence.js";
import type { Plan } from "../plan/plan.js";
import type { HeapOperations } from "../traces/operation.js";
import { lowered } from "./lowered.js";
import { shrink, stepLines, toSteps, toTrace, type Step } from "./shrink.js";
import { drawSnapshots, snapshotOfMemory, snapshotOfReference } from "./snapshot.js";
import type { Mismatch } from "./verification.js";

/**
 * Instructions an operation may take before a search for the shortest sequence calls it a hang: several passes over
 * every granule of the heap. Waiting longer in each of many trials would be most of the search.
 */
const patience = ({ heapBytes, granuleBytes }: Plan): number => 20_000 + 200 * (heapBytes / granuleBytes);

/** What was replayed so far, in instructions of the core or what takes as long. */
class Work {
  private done = 0;

  /** Beside its instructions, an operation is lowered, executed by the reference and compared. */
  static readonly ofOperation = 300;
  /** Fresh memory, and an image of the metadata. */
  static ofTrial({ heapBytes }: Plan): number {
    return 10_000 + heapBytes;
  }

  add(instructions: number): void {
    this.done += instructions;
  }

  isMoreThan(most: number): boolean {
    return this.done > most;
  }
}

/** A prefix from fresh memory in one batch. */
function runPrefix(
  bench: Bench,
  operations: HeapOperations,
  length: number,
  work: Work,
): Difference | undefined {
  const instructionLimit = patience(bench.plan);
  const comparison = new Equivalence(bench, operations, { instructionLimit });
  try {
    const difference = comparison.start() ?? (length === 0 ? undefined : comparison.advance(length));
    const executed = difference?.after ?? length;
    const { instructions } = comparison.emulated;
    work.add(Work.ofTrial(bench.plan) + executed * Work.ofOperation);
    work.add(instructions.subarray(0, executed).reduce((sum, each) => sum + each, 0));
    if (difference?.cause === "hang") work.add(instructionLimit);
    return difference;
  } finally {
    comparison.close();
  }
}

/** Operations in a batch, in the run that looks for the batch and in the one that looks in it. */
const narrowing = [32, 1] as const;

/**
 * Fewest operations after which the two sides differ. Stray writes and metadata are only seen when a batch ends, so what
 * was seen after operation `good` may have arisen earlier: two more runs compare more often from there on.
 */
function firstWrong(bench: Bench, operations: HeapOperations, good: number, seen: Difference): Difference {
  let low = good;
  let first = seen;
  for (const step of narrowing) {
    if (first.after - low <= 1) break;
    const found = firstInSteps(bench, operations, { low, step, high: first.after });
    if (found === undefined) break;
    ({ low } = found);
    // What stops the core at once was told exactly, with the patience of a run.
    if (found.difference.after < first.after) first = found.difference;
  }
  return first;
}

/** @param range agrees after `low` operations, differs after `high`; batches of `step` between them. */
function firstInSteps(
  bench: Bench,
  operations: HeapOperations,
  range: { readonly low: number; readonly step: number; readonly high: number },
): { readonly low: number; readonly difference: Difference } | undefined {
  const comparison = new Equivalence(bench, operations, { instructionLimit: patience(bench.plan) });
  try {
    let { low } = range;
    const before = comparison.start() ?? (low === 0 ? undefined : comparison.advance(low));
    if (before !== undefined) return { low: Math.min(low, before.after), difference: before };
    while (low < range.high) {
      const to = Math.min(low + range.step, range.high);
      const difference = comparison.advance(to);
      if (difference !== undefined) return { low, difference };
      low = to;
    }
    return undefined;
  } finally {
    comparison.close();
  }
}

/** Limits on the search for a minimal sequence; the work is a few seconds'. */
const mostTrials = 4000;
const mostWork = 150_000_000;

/** @param good number of operations after which the two sides were seen to agree. */
export function explainDifference(
  seenOn: Bench,
  operations: HeapOperations,
  good: number,
  seen: Difference,
): Mismatch {
  // A witness is asked again where it is the one who differs.
  const bench: Bench = {
    ...seenOn,
    witness: { kind: seen.cause === "engines-differ" ? "all" : "none" },
  };
  const first = seen.after === 0 ? seen : firstWrong(bench, operations, good, seen);
  const work = new Work();
  const trial = (steps: readonly Step[]): number | undefined =>
    runPrefix(bench, lowered(bench.plan, toTrace(steps), bench.image.heapAddress), steps.length, work)?.after;
  const limits = { trials: mostTrials, isSpent: () => work.isMoreThan(mostWork) };
  const minimal = first.after === 0 ? [] : shrink(toSteps(operations, first.after), trial, limits);
  return { ...told(first), ...describe(bench, minimal, first) };
}

/** A difference as it was seen: it arose in that operation or before. */
export const asSeen = (seen: Difference): Mismatch => ({
  ...told(seen),
  minimal: [],
  minimalMessage: seen.message,
  referenceDrawing: "",
  emulatedDrawing: "",
});

const told = ({ kind, after, message, source }: Difference) => ({
  kind,
  operation: Math.max(0, after - 1),
  message,
  ...(source === undefined ? {} : { source }),
});

function describe(
  bench: Bench,
  minimal: readonly Step[],
  first: Difference,
): Pick<Mismatch, "minimal" | "minimalMessage" | "referenceDrawing" | "emulatedDrawing"> {
  const comparison = new Equivalence(bench, lowered(bench.plan, toTrace(minimal), bench.image.heapAddress));
  try {
    const difference =
      comparison.start() ?? (minimal.length === 0 ? undefined : comparison.advance(minimal.length));
    const [referenceDrawing, emulatedDrawing] = drawSnapshots(bench.plan, [
      snapshotOfReference(comparison.reference),
      snapshotOfMemory(bench.plan, comparison.emulated.heap),
    ]);
    return {
      minimal: stepLines(minimal),
      minimalMessage: (difference ?? first).message,
      referenceDrawing,
      emulatedDrawing,
    };
  } finally {
    comparison.close();
  }
}
