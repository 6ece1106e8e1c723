/** A bound that depends on how full the heap is, in words. */
import type { CycleBound } from "../proof/bounds.js";
import { formatCount } from "./table.js";

/** "93 + 14 a listed block (at most 2,047)" */
export function formulaText({ formula: { base, terms } }: CycleBound): string {
  const parts = terms.map(({ each, most, cycles }) => `${cycles} a ${each} (at most ${formatCount(most)})`);
  return [formatCount(base), ...parts].join(" + ");
}
