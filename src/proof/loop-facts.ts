/**
 * What the generated C says of its loops. A comment in front of a loop,
 *
 *     // Loop: at most once a listed block.
 *
 * (with C's older comment signs) gives the loop a budget: in one call of the API, all loops with the same words go round
 * together at most as often as there are such things. Instructions find their loop by their source line.
 */
import type { LineRow } from "../toolchain/debug-lines.js";
import { lineAt } from "../toolchain/debug-lines.js";
import type { BudgetsOf } from "./longest.js";

const fact = /^\s*\/\* Loop: at most once a ([a-z ]+?)\. \*\/\s*$/;

interface MarkedLoop {
  /** Lines from 1, both inclusive: from the loop's head through its closing brace. */
  readonly first: number;
  readonly last: number;
  readonly budget: string;
}

/** The loops of a C text that say how often they run. */
export function markedLoops(text: string): readonly MarkedLoop[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const budget = fact.exec(line)?.[1];
    if (budget === undefined) return [];
    return [{ first: index + 2, last: closingLine(lines, index + 1) + 1, budget }];
  });
}

/** Index of the line that closes the first brace opened from line `start` on. */
function closingLine(lines: readonly string[], start: number): number {
  let depth = 0;
  for (let index = start; index < lines.length; index++) {
    for (const character of lines[index] ?? "") {
      if (character === "{") depth++;
      else if (character === "}" && --depth === 0) return index;
    }
  }
  throw new Error(`the loop in line ${start + 1} of the generated C is not closed`);
}

/** Budgets of a binary loop: those of all marked loops that any of its instructions comes from. */
export function budgetsFromLines(rows: readonly LineRow[], file: string, text: string): BudgetsOf {
  const loops = markedLoops(text);
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
