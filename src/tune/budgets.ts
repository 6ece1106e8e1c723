/** Limits that a config must keep to be proposed. */
import type { WorstCycles } from "./cycles.js";

/** What budgets limit. */
export interface Limited {
  readonly worst: WorstCycles;
  readonly meanCycles: number;
  readonly flashBytes: number;
  readonly ramBytes: number;
}

export const budgetNames = ["malloc.bound", "free.bound", "mean", "flash", "ram"] as const;
export type BudgetName = (typeof budgetNames)[number];

export interface Budget {
  readonly name: BudgetName;
  /** Cycles or bytes, the most that is allowed. */
  readonly most: number;
}

/** The figure that a budget limits. */
export function figureOf(name: BudgetName, { worst, meanCycles, flashBytes, ramBytes }: Limited): number {
  switch (name) {
    case "malloc.bound":
      return worst.malloc;
    case "free.bound":
      return worst.free;
    case "mean":
      return meanCycles;
    case "flash":
      return flashBytes;
    case "ram":
      return ramBytes;
  }
}

export const keeps = (row: Limited, budgets: readonly Budget[]): boolean =>
  budgets.every(({ name, most }) => figureOf(name, row) <= most);
