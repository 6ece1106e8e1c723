/** From a long sequence that shows a difference to a short one (delta debugging, Zeller and Hildebrandt 2002). */
import { OperationCode, type HeapOperations } from "../traces/operation.js";

/** A sequence that can be cut: a free names the step whose block it frees. */
export type Step =
  { readonly kind: "malloc"; readonly size: number } | { readonly kind: "free"; readonly of: Step };

export function toSteps(operations: HeapOperations, length: number): readonly Step[] {
  const steps: Step[] = [];
  for (let index = 0; index < length; index++) {
    const argument = operations.argument[index] as number;
    const step: Step =
      operations.kind[index] === OperationCode.malloc
        ? { kind: "malloc", size: argument }
        : { kind: "free", of: steps[argument] as Step };
    steps.push(step);
  }
  return steps;
}

export function toOperations(steps: readonly Step[]): HeapOperations {
  const positions = new Map(steps.map((step, index) => [step, index]));
  const kind = new Uint8Array(steps.length);
  const argument = new Uint32Array(steps.length);
  for (const [index, step] of steps.entries()) {
    kind[index] = step.kind === "malloc" ? OperationCode.malloc : OperationCode.free;
    argument[index] = step.kind === "malloc" ? step.size : (positions.get(step.of) as number);
  }
  return { length: steps.length, kind, argument };
}

/** Drops frees whose malloc is gone. */
function consistent(steps: readonly Step[]): readonly Step[] {
  const present = new Set<Step>();
  return steps.filter((step) => {
    if (step.kind === "free" && !present.has(step.of)) return false;
    present.add(step);
    return true;
  });
}

/** The same steps with the one at `index` asking for `size`; its free follows it. */
function resized(steps: readonly Step[], index: number, size: number): readonly Step[] {
  const old = steps[index] as Step;
  const changed: Step = { kind: "malloc", size };
  return steps.map((step) => {
    if (step === old) return changed;
    return step.kind === "free" && step.of === old ? { kind: "free", of: changed } : step;
  });
}

/** Length of the shortest prefix that fails, which may be all; undefined: the sequence does not fail. */
export type Trial = (steps: readonly Step[]) => number | undefined;

export interface ShrinkLimits {
  readonly trials: number;
  readonly milliseconds: number;
}

/** Pairs and sizes are only looked at in sequences this short: trials grow with the square of the length. */
const shortLength = 40;

/** More than the header and the rounding of one block: a request that takes another's place takes its bytes too. */
const blockOverhead = 64;

/** A sequence from which no step can be taken and no size lowered without losing the difference, or the best so far. */
export function shrink(start: readonly Step[], trial: Trial, limits: ShrinkLimits): readonly Step[] {
  const deadline = performance.now() + limits.milliseconds;
  const passed = new Set<string>();
  let trials = 0;
  let best = start;

  let before: number;
  do {
    before = measure(best);
    removeChunks();
    if (best.length <= shortLength) {
      removePairs();
      mergeRequests();
      lowerSizes();
    }
  } while (measure(best) < before);
  return best;

  /** Whether the candidate fails too; it is then the best, cut behind its first difference. */
  function attempt(candidate: readonly Step[]): boolean {
    const steps = consistent(candidate);
    if (steps.length === 0 || trials >= limits.trials || performance.now() > deadline) return false;
    // Rounds ask the same again; remembering long sequences would cost more than it saves.
    const key = steps.length <= shortLength ? stepLines(steps).join() : undefined;
    if (key !== undefined && passed.has(key)) return false;
    trials++;
    const failing = trial(steps);
    if (failing === undefined) {
      if (key !== undefined) passed.add(key);
      return false;
    }
    best = steps.slice(0, failing);
    return true;
  }

  /** Chunks of half the sequence, then of a quarter, down to single steps, from the end. */
  function removeChunks(): void {
    for (let chunk = Math.ceil(best.length / 2); chunk >= 1; chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)) {
      for (let end = best.length; end > 0; end -= chunk) {
        const at = Math.min(end, best.length);
        const from = Math.max(0, at - chunk);
        const [head, middle, tail] = [best.slice(0, from), best.slice(from, at), best.slice(at)];
        if (!attempt([...head, ...tail]) && middle.length > 1)
          attempt([...head, ...squeezed(middle), ...tail]);
      }
    }
  }

  /** Steps that hold each other in place go together. */
  function removePairs(): void {
    for (let index = best.length - 1; index > 0; index--) {
      for (let other = Math.min(index, best.length) - 1; other >= 0; other--) {
        attempt(best.filter((_, at) => at !== index && at !== other));
      }
    }
  }

  /** Two requests made one: fills a heap with fewer steps. */
  function mergeRequests(): void {
    for (let index = 0; index < best.length; index++) {
      for (let other = index + 1; other < best.length; other++) {
        const [left, right] = [best[index], best[other]];
        if (left?.kind !== "malloc" || right?.kind !== "malloc") continue;
        const rest = best.filter((step) => step !== right);
        const size = left.size + right.size;
        if (attempt(resized(rest, index, size)) || attempt(resized(rest, index, size + blockOverhead))) {
          other = index;
        }
      }
    }
  }

  /** Each size as low as a bisection brings it, which takes a difference at one size for one at all larger sizes. */
  function lowerSizes(): void {
    for (let index = 0; index < best.length; index++) {
      const step = best[index];
      if (step?.kind !== "malloc" || step.size === 0) continue;
      let passes = 0;
      let fails = step.size;
      const lower = (size: number): void => {
        if (best[index]?.kind === "malloc" && attempt(resized(best, index, size))) fails = size;
        else passes = size;
      };
      lower(1);
      while (fails - passes > 1) lower(Math.floor((passes + fails) / 2));
    }
  }
}

/** One request for all that a chunk leaves allocated, where it allocates. */
function squeezed(chunk: readonly Step[]): readonly Step[] {
  const freed = new Set(chunk.map((step) => (step.kind === "free" ? step.of : undefined)));
  const size = chunk.reduce(
    (sum, step) => sum + (step.kind === "malloc" && !freed.has(step) ? step.size + blockOverhead : 0),
    0,
  );
  return size === 0 ? [] : [{ kind: "malloc", size: Math.min(size, 0xffffffff) }];
}

/** Steps count first, then bytes asked for. */
function measure(steps: readonly Step[]): number {
  return (
    steps.length * 2 ** 32 +
    steps.reduce((sum, step) => sum + (step.kind === "malloc" ? Math.log2(step.size + 1) : 0), 0)
  );
}

/** The steps in trace notation. */
export function stepLines(steps: readonly Step[]): readonly string[] {
  const ids = new Map<Step, number>();
  return steps.map((step) => {
    if (step.kind === "free") return `f ${ids.get(step.of) ?? -1}`;
    const id = ids.size;
    ids.set(step, id);
    return `a ${id} ${step.size}`;
  });
}
