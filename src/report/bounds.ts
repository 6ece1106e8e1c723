/** Proven bounds in the report. */
import type { RunResult } from "../pipeline.js";
import { formulaText } from "./formula.js";
import { latencyExcesses } from "./latency.js";
import type { BoundReport } from "./report.js";
import { autoTable, formatCount } from "./table.js";

const measured = ["malloc", "free"] as const;

export function reportBounds({
  proven,
  observed,
}: RunResult["bounds"]): Readonly<Record<string, BoundReport>> {
  return Object.fromEntries(
    measured.flatMap((name) => {
      const { cycles, stack } = proven[name];
      if (!("cycles" in cycles)) return [];
      const bound: BoundReport = {
        cycles: cycles.cycles,
        observed: observed[name].cycles,
        ...("bytes" in stack ? { stackBytes: stack.bytes } : {}),
        ...(cycles.formula.terms.length > 0 ? { formula: formulaText(cycles) } : {}),
      };
      return [[name, bound] as const];
    }),
  );
}

/** Whether a call took more than was proven: then the proof, the model or the engine is wrong. */
export function exceedsBound(result: RunResult): boolean {
  return excesses(result).length > 0;
}

/** A sentence's part for each figure above its bound. */
export function excesses(result: RunResult): readonly string[] {
  const { proven, observed } = result.bounds;
  const above = measured.flatMap((name) => {
    const { cycles, stack } = proven[name];
    const seen = observed[name];
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
export function boundLines({ bounds: { proven, observed } }: RunResult): {
  readonly table: readonly string[];
  readonly notes: readonly string[];
} {
  const rows = measured.map((name) => {
    const { cycles, stack } = proven[name];
    const seen = observed[name];
    return [
      name,
      "cycles" in cycles ? formatCount(cycles.cycles) : "none",
      formatCount(seen.cycles),
      "cycles" in cycles && seen.cycles > 0 ? (cycles.cycles / seen.cycles).toFixed(3) : "",
      "bytes" in stack ? formatCount(stack.bytes) : "none",
      formatCount(seen.stackBytes),
    ];
  });
  const head = ["", "cycles", "seen", "ratio", "stack", "seen"];
  const notes = measured.flatMap((name) => {
    const { cycles, stack } = proven[name];
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
    table: autoTable(["left", "right", "right", "right", "right", "right"], [head, ...rows]),
    notes: [...new Set(notes)],
  };
}
