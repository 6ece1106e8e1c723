/**
 * What the C says of its loops: a comment in front of one gives it a budget, and in one call of the API all loops of a
 * budget go round together at most as often as there are such things. Instructions find their loop by their source line.
 */
import type { SourceFunctions } from "../csource/source-lines.js";
import type { LineRow } from "../toolchain/debug-lines.js";
import { lineAt } from "../toolchain/debug-lines.js";
import type { BudgetsOf } from "./longest.js";

/** Budgets of a binary loop: those of all loops with a budget that any of its instructions comes from. */
export function budgetsFromLines(rows: readonly LineRow[], sources: readonly SourceFunctions[]): BudgetsOf {
  const loopsOf = new Map(
    sources.map(({ name, functions }) => [name, functions.flatMap((each) => each.loops)]),
  );
  return (instructions) => {
    const budgets = new Set<string>();
    for (const address of instructions) {
      const row = lineAt(rows, address);
      const loops = row && loopsOf.get(row.file);
      if (row === undefined || loops === undefined) continue;
      const inside = loops.filter(({ first, last }) => row.line >= first && row.line <= last);
      const innermost = inside.sort((a, b) => b.first - a.first)[0];
      if (innermost !== undefined) budgets.add(innermost.budget);
    }
    return [...budgets].sort();
  };
}
