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

/** A sequence from which no step can be taken and no size halved without losing the difference, or the best so far. */
export function shrink(start: readonly Step[], trial: Trial, limits: ShrinkLimits): readonly Step[] {
  const deadline = performance.now() + limits.milliseconds;
  let trials = 0;
  let best = start;
  const attempt = (candidate: readonly Step[]): boolean => {
    const steps = consistent(candidate);
    if (steps.length === 0 || trials >= limits.trials || performance.now() > deadline) return false;
    trials++;
    const failing = trial(steps);
    if (failing === undefined) return false;
    best = steps.slice(0, failing);
    return true;
  };

  let before: number;
  do {
    before = measure(best);
    removeChunks();
    mergeRequests();
    lowerSizes();
  } while (measure(best) < before);
  return best;

  /** Chunks of half the sequence, then of a quarter, down to single steps, from the end. */
  function removeChunks(): void {
    for (let chunk = Math.ceil(best.length / 2); chunk >= 1; chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)) {
      for (let end = best.length; end > 0; end -= chunk) {
        const at = Math.min(end, best.length);
        attempt([...best.slice(0, Math.max(0, at - chunk)), ...best.slice(at)]);
      }
    }
  }

  /** Two requests made one: fills a heap with fewer steps. */
  function mergeRequests(): void {
    for (let index = 0; index + 1 < best.length; index++) {
      for (let other = index + 1; other < best.length; other++) {
        const [left, right] = [best[index], best[other]];
        if (left?.kind !== "malloc" || right?.kind !== "malloc" || best.length > 400) continue;
        const merged = resized(best, index, left.size + right.size).filter((step) => step !== right);
        if (attempt(merged)) other = index;
      }
    }
  }

  function lowerSizes(): void {
    for (let index = 0; index < best.length; index++) {
      for (const lower of [() => 1, (size: number) => size >> 1, (size: number) => size - 1]) {
        const step = best[index];
        if (step?.kind !== "malloc" || step.size <= 1 || best.length > 60) continue;
        attempt(resized(best, index, lower(step.size)));
      }
    }
  }
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
