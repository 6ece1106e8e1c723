/** From "somewhere in this workload they differ" to the first wrong operation and a minimal sequence. */
import { Equivalence, type Bench, type Difference } from "./equivalence.js";
import type { Plan } from "../plan/plan.js";
import type { HeapOperations } from "../traces/operation.js";
import { lowered } from "./lowered.js";
import { shrink, stepLines, toSteps, toTrace, type Step } from "./shrink.js";
import { drawSnapshot, snapshotOfMemory, snapshotOfReference } from "./snapshot.js";
import type { Mismatch } from "./verification.js";

/**
 * Instructions an operation may take before a search for the shortest sequence calls it a hang: several passes over
 * every granule of the heap. Waiting longer in each of many trials would be most of the search.
 */
const patience = ({ heapBytes, granuleBytes }: Plan): number => 20_000 + 200 * (heapBytes / granuleBytes);

/** Runs a prefix in one batch from fresh memory. */
function runPrefix(bench: Bench, operations: HeapOperations, length: number): Difference | undefined {
  const comparison = new Equivalence(bench, operations, { instructionLimit: patience(bench.plan) });
  try {
    return comparison.start() ?? (length === 0 ? undefined : comparison.advance(length));
  } finally {
    comparison.close();
  }
}

/**
 * Fewest operations after which the two sides differ, by bisection between `good` (they agree) and the difference.
 * Stray writes and metadata are only seen when a batch ends, so what was seen may have arisen earlier.
 */
function firstWrong(bench: Bench, operations: HeapOperations, good: number, seen: Difference): Difference {
  let low = good;
  let difference = seen;
  while (difference.after - low > 1) {
    const middle = Math.floor((low + difference.after) / 2);
    const found = runPrefix(bench, operations, middle);
    if (found === undefined) low = middle;
    else difference = { ...found, after: Math.min(found.after, middle) };
  }
  return difference;
}

/** Limits on the search for a minimal sequence. */
const shrinkLimits = { trials: 4000, milliseconds: 8000 };

/** @param good number of operations after which the two sides were seen to agree. */
export function explainDifference(
  bench: Bench,
  operations: HeapOperations,
  good: number,
  seen: Difference,
): Mismatch {
  const first = seen.after === 0 ? seen : firstWrong(bench, operations, good, seen);
  const trial = (steps: readonly Step[]): number | undefined =>
    runPrefix(bench, lowered(bench.plan, toTrace(steps), bench.image.heapAddress), steps.length)?.after;
  const minimal = first.after === 0 ? [] : shrink(toSteps(operations, first.after), trial, shrinkLimits);
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
    return {
      minimal: stepLines(minimal),
      minimalMessage: (difference ?? first).message,
      referenceDrawing: drawSnapshot(bench.plan, snapshotOfReference(comparison.reference)),
      emulatedDrawing: drawSnapshot(bench.plan, snapshotOfMemory(bench.plan, comparison.emulated.heap)),
    };
  } finally {
    comparison.close();
  }
}
