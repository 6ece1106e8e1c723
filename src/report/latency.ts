/** How long interrupts wait for a heap with a lock: proven, and beside it the longest wait of the run. */
import type { RunResult } from "../pipeline.js";
import { formulaText } from "./formula.js";
import { autoTable, formatCount } from "./table.js";

/** Of one function: modelled cycles from behind the instruction that masks interrupts to the end of what unmasks them. */
export interface LatencyReport {
  /** No call keeps interrupts out for longer. Absent where that is not proven. */
  readonly cycles?: number;
  /** 0 too where no operation calls the function. */
  readonly observed: number;
  /** Where the cycles depend on how full the heap is: how. */
  readonly formula?: string;
}

/** By function; undefined for a heap without a lock. */
export function reportLatency({
  project,
  bounds,
}: RunResult): Readonly<Record<string, LatencyReport>> | undefined {
  if (project.plan.lock.kind === "none") return undefined;
  const called = Object.entries(bounds.observed).map(([name, { maskedCycles }]) => {
    return { name, maskedCycles, proof: bounds.proven[name as keyof typeof bounds.observed]?.masked };
  });
  const others = Object.entries(bounds.uncalled).flatMap(([name, { masked: proof }]) =>
    proof === undefined ? [] : [{ name, maskedCycles: 0, proof }],
  );
  return Object.fromEntries(
    [...called, ...others].map(({ name, maskedCycles, proof }) => {
      if (proof === undefined || !("cycles" in proof)) return [name, { observed: maskedCycles }];
      const { cycles, formula } = proof;
      const text = formula.terms.length > 0 ? { formula: formulaText(proof) } : {};
      return [name, { cycles, observed: maskedCycles, ...text }];
    }),
  );
}

/** The longest wait proven of any function; Infinity where one is not proven. */
export function worstLatency(latency: Readonly<Record<string, LatencyReport>>): number {
  return Math.max(0, ...Object.values(latency).map(({ cycles = Infinity }) => cycles));
}

/** A sentence's part for each function that kept interrupts out for longer than was proven. */
export function latencyExcesses(result: RunResult): readonly string[] {
  return Object.entries(reportLatency(result) ?? {}).flatMap(([name, { cycles = Infinity, observed }]) =>
    observed > cycles
      ? [`${name} kept interrupts out for ${observed} cycles, above its bound of ${cycles}`]
      : [],
  );
}

/** A table, and the formulas below it; empty for a heap without a lock. Without colours. */
export function latencyLines(result: RunResult): {
  readonly table: readonly string[];
  readonly notes: readonly string[];
} {
  const latency = Object.entries(reportLatency(result) ?? {});
  if (latency.length === 0) return { table: [], notes: [] };
  const rows = latency.map(([name, { cycles, observed }]) => [
    name,
    cycles === undefined ? "none" : formatCount(cycles),
    formatCount(observed),
  ]);
  return {
    table: autoTable(["left", "right", "right"], [["", "bound", "seen"], ...rows]),
    notes: latency.flatMap(([name, { formula }]) => (formula === undefined ? [] : [`${name}: ${formula}`])),
  };
}
