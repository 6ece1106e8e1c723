/** Where code asks for the highest bit of a value, each answer is a path of its own: what follows depends on it. */
import type { Semantics } from "../machine/semantics.js";
import type { KnownState } from "./known-state.js";
import { makeRange } from "./terms.js";

/** A value of which so little is known is left as it is. */
const mostParts = 20;

/** The state itself; or, in front of a count of leading zeros, a copy for each count that there can be. */
export function splitByMagnitude(state: KnownState, semantics: Semantics): readonly KnownState[] {
  if (semantics.kind !== "set" || semantics.value.kind !== "leadingZeros") return [state];
  const operand = state.evaluate(semantics.value.of);
  const { least, most } = state.range(operand);
  const [fewest, highest] = [Math.clz32(most), Math.clz32(least)];
  if (fewest === highest || highest - fewest >= mostParts) return [state];
  const parts: KnownState[] = [];
  for (let zeros = fewest; zeros <= highest; zeros++) {
    const range = zeros === 32 ? makeRange(0, 0) : makeRange(2 ** (31 - zeros), 2 ** (32 - zeros) - 1);
    const part = state.copy();
    if (range !== undefined && part.refine(operand, range)) parts.push(part);
  }
  return parts;
}
