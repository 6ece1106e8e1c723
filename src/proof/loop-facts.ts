/**
 * What the C says of its loops: a comment in front of one gives it a budget, and in one call of the API all loops of a
 * budget go round together at most as often as there are such things. Instructions find their loop by their source line.
 */
import type { PlacedFunction } from "../csource/source-lines.js";
import type { LineRow } from "../toolchain/debug-lines.js";
import { lineAt } from "../toolchain/debug-lines.js";
import type { BudgetsOf } from "./longest.js";

/** Budgets of a binary loop: those of all loops with a budget that any of its instructions comes from. */
export function budgetsFromLines(
  rows: readonly LineRow[],
  file: string,
  functions: readonly PlacedFunction[],
): BudgetsOf {
  const loops = functions.flatMap((each) => each.loops);
  return (instructions) => {
    const budgets = new Set<string>();
    for (const address of instructions) {
      const row = lineAt(rows, address);
      if (row?.file !== file) continue;
      const inside = loops.filter(({ first, last }) => row.line >= first && row.line <= last);
      const innermost = inside.sort((a, b) => b.first - a.first)[0];
      if (innermost !== undefined) budgets.add(innermost.budget);
    }
    return [...budgets].sort();
  };
}
