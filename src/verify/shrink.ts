/** From a long sequence that shows a difference to a short one (delta debugging, Zeller and Hildebrandt 2002). */
import { operationName, secondArgument, type HeapOperations, type Trace } from "../traces/operation.js";
import { formatOperation } from "../traces/write.js";

/** A sequence that can be cut: a free or a realloc names the step that first allocated its block. */
export type Step =
  | { readonly kind: "malloc" | "calloc"; readonly size: number }
  | { readonly kind: "aligned"; readonly size: number; readonly alignment: number }
  | { readonly kind: "realloc"; readonly size: number; readonly of: Step }
  | { readonly kind: "free"; readonly of: Step };

/** A step that asks for bytes. */
type Request = Exclude<Step, { readonly kind: "free" }>;

export function toSteps(operations: HeapOperations, length: number): readonly Step[] {
  const steps: Step[] = [];
  /** What first allocated the block that each operation allocated. */
  const origins: Step[] = [];
  for (let index = 0; index < length; index++) {
    const argument = operations.argument[index] as number;
    const second = secondArgument(operations, index);
    const step = toStep(operationName(operations.kind[index] as number), argument, second, origins);
    steps.push(step);
    origins.push(step.kind === "realloc" ? step.of : step);
  }
  return steps;
}

function toStep(
  name: ReturnType<typeof operationName>,
  argument: number,
  second: number,
  origins: readonly Step[],
): Step {
  switch (name) {
    case "malloc":
    case "calloc":
      return { kind: name, size: argument };
    case "alignedAlloc":
      return { kind: "aligned", alignment: second, size: argument };
    case "realloc":
      return { kind: "realloc", of: origins[second] as Step, size: argument };
    case "free":
      return { kind: "free", of: origins[argument] as Step };
  }
}

/** The steps as a trace: which realloc fails, and so what a later step frees, is decided anew. */
export function toTrace(steps: readonly Step[]): Trace {
  const ids = new Map<Step, number>();
  const operations = steps.map((step) => {
    if (step.kind === "free") return { kind: "free", id: ids.get(step.of) ?? -1 } as const;
    if (step.kind === "realloc") {
      return { kind: "realloc", id: ids.get(step.of) ?? -1, size: step.size } as const;
    }
    const id = ids.size;
    ids.set(step, id);
    return { ...step, id };
  });
  return { name: "", header: new Map(), operations };
}

/** Drops frees and reallocs whose block's allocation is gone. */
function consistent(steps: readonly Step[]): readonly Step[] {
  const present = new Set<Step>();
  return steps.filter((step) => {
    if ("of" in step && !present.has(step.of)) return false;
    present.add(step);
    return true;
  });
}

/** The same steps with the one at `index` asking for `size`; what names it follows it. */
function resized(steps: readonly Step[], index: number, size: number): readonly Step[] {
  const old = steps[index] as Request;
  const changed: Step = { ...old, size };
  return steps.map((step) => {
    if (step === old) return changed;
    return "of" in step && step.of === old ? { ...step, of: changed } : step;
  });
}

/** Length of the shortest prefix that fails, which may be all; undefined: the sequence does not fail. */
export type Trial = (steps: readonly Step[]) => number | undefined;

export interface ShrinkLimits {
  readonly trials: number;
  /** Whether the trials were work enough: counted, and not timed, so that the same search ends the same. */
  readonly isSpent: () => boolean;
}

/** Pairs and sizes are only looked at in sequences this short: trials grow with the square of the length. */
const shortLength = 40;

/** More than the header and the rounding of one block: a request that takes another's place takes its bytes too. */
const blockOverhead = 64;

/** A sequence from which no step can be taken and no size lowered without losing the difference, or the best so far. */
export function shrink(start: readonly Step[], trial: Trial, limits: ShrinkLimits): readonly Step[] {
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
  } while (measure(best) < before && !isOver());
  return best;

  function isOver(): boolean {
    return trials >= limits.trials || limits.isSpent();
  }

  /** Whether the candidate fails too; it is then the best, cut behind its first difference. */
  function attempt(candidate: readonly Step[]): boolean {
    const steps = consistent(candidate);
    if (steps.length === 0 || isOver()) return false;
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
      for (let end = best.length; end > 0 && !isOver(); end -= chunk) {
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
      for (let other = Math.min(index, best.length) - 1; other >= 0 && !isOver(); other--) {
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
      if (step === undefined || step.kind === "free" || step.size === 0) continue;
      let passes = 0;
      let fails = step.size;
      const lower = (size: number): void => {
        if (best[index]?.kind === step.kind && attempt(resized(best, index, size))) fails = size;
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
    (sum, step) => sum + ("size" in step && !freed.has(step) ? step.size + blockOverhead : 0),
    0,
  );
  return size === 0 ? [] : [{ kind: "malloc", size: Math.min(size, 0xffffffff) }];
}

/** Steps count first, then bytes asked for. */
function measure(steps: readonly Step[]): number {
  return (
    steps.length * 2 ** 32 +
    steps.reduce((sum, step) => sum + ("size" in step ? Math.log2(step.size + 1) : 0), 0)
  );
}

/** The steps in trace notation. */
export function stepLines(steps: readonly Step[]): readonly string[] {
  return toTrace(steps).operations.map(formatOperation);
}
