/** Where code asks for the highest bit of a value, each answer is a path of its own: what follows depends on it. */
import type { Instruction } from "../machine/arm/instruction.js";
import type { KnownState } from "./known-state.js";
import { meaningOf } from "../machine/arm/semantics/semantics.js";
import { makeRange } from "./terms.js";

/** A value of which so little is known is left as it is. */
const mostParts = 20;

/** The state itself; or, in front of a count of leading zeros, a copy for each count that there can be. */
export function splitByMagnitude(state: KnownState, instruction: Instruction): readonly KnownState[] {
  if (instruction.kind !== "alu" || instruction.size !== 4) return [state];
  const meaning = meaningOf(instruction, false);
  if (meaning.kind !== "set" || meaning.value.kind !== "leadingZeros") return [state];
  const operand = state.evaluate(meaning.value.of);
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
