/** Proven bounds in the report. */
import type { FunctionBounds } from "../proof/bounds.js";
import type { RunResult } from "../pipeline.js";
import { namesOf } from "../traces/operation.js";
import type { Observed } from "../verify/run-bounds.js";
import { formulaText } from "./formula.js";
import { latencyExcesses } from "./latency.js";
import type { BoundReport } from "./report.js";
import { autoTable, formatCount } from "./table.js";

export function reportBounds(bounds: RunResult["bounds"]): Readonly<Record<string, BoundReport>> {
  return Object.fromEntries(
    rows(bounds).flatMap(({ name, cycles, stack, seen }) => {
      if (!("cycles" in cycles)) return [];
      const bound: BoundReport = {
        cycles: cycles.cycles,
        observed: seen?.cycles ?? 0,
        ...("bytes" in stack ? { stackBytes: stack.bytes } : {}),
        ...(cycles.formula.terms.length > 0 ? { formula: formulaText(cycles) } : {}),
      };
      return [[name, bound] as const];
    }),
  );
}

interface BoundRow extends FunctionBounds {
  readonly name: string;
  /** Undefined where no operation calls it. */
  readonly seen?: Observed;
}

/** The functions that were called, and behind them the others. */
function rows({ proven, observed, uncalled }: RunResult["bounds"]): readonly BoundRow[] {
  const called = namesOf(observed).flatMap((name): BoundRow[] => {
    const [bounds, seen] = [proven[name], observed[name]];
    return bounds === undefined || seen === undefined ? [] : [{ name, ...bounds, seen }];
  });
  return [...called, ...Object.entries(uncalled).map(([name, bounds]) => ({ name, ...bounds }))];
}

/** Whether a call took more than was proven: then the proof, the model or the engine is wrong. */
export function exceedsBound(result: RunResult): boolean {
  return excesses(result).length > 0;
}

/** A sentence's part for each figure above its bound. */
export function excesses(result: RunResult): readonly string[] {
  const above = rows(result.bounds).flatMap(({ name, cycles, stack, seen }) => {
    if (seen === undefined) return [];
    return [
      ...("cycles" in cycles && seen.cycles > cycles.cycles
        ? [`${name} took ${seen.cycles} cycles, above its bound of ${cycles.cycles}`]
        : []),
      ...("bytes" in stack && seen.stackBytes > stack.bytes
        ? [`${name} used ${seen.stackBytes} bytes of stack, above its bound of ${stack.bytes}`]
        : []),
    ];
  });
  return [...above, ...latencyExcesses(result)];
}

/** A table with the worst measured beside it, and the reasons where there is no bound. Without colours. */
export function boundLines({ bounds }: RunResult): {
  readonly table: readonly string[];
  readonly notes: readonly string[];
} {
  const lines = rows(bounds).map(({ name, cycles, stack, seen }) => {
    return [
      name,
      "cycles" in cycles ? formatCount(cycles.cycles) : "none",
      seen === undefined ? "-" : formatCount(seen.cycles),
      "cycles" in cycles && seen !== undefined && seen.cycles > 0
        ? (cycles.cycles / seen.cycles).toFixed(3)
        : "",
      "bytes" in stack ? formatCount(stack.bytes) : "none",
      seen === undefined ? "-" : formatCount(seen.stackBytes),
    ];
  });
  const head = ["", "cycles", "seen", "ratio", "stack", "seen"];
  const notes = rows(bounds).flatMap(({ name, cycles, stack }) => {
    return [
      ...("cycles" in cycles
        ? cycles.formula.terms.length > 0
          ? [`${name}: ${formulaText(cycles)}`]
          : []
        : [`${name}: ${cycles.unprovable}`]),
      ...("bytes" in stack ? [] : [`${name}: ${stack.unprovable}`]),
    ];
  });
  return {
    table: autoTable(["left", "right", "right", "right", "right", "right"], [head, ...lines]),
    notes: [...new Set(notes)],
  };
}
