/** Instructions of 32 bits that straddle two words, behind one that keeps fetch waiting: some in a row are late. */
import type { Outcome } from "../../cycle-model.js";
import type { Instruction } from "../instruction.js";

/** So many in a row are a cycle late; a long product is none of them. */
export const mostStraddling = 3;

/**
 * Of the instructions that keep fetch waiting those with only straddling ones behind them: bit n has n of these.
 * @param straddled the same before the instruction
 * @param behindLoad whether the one before it is a single load
 */
export function straddledBehind(
  straddled: number,
  behindLoad: boolean,
  instruction: Instruction,
  outcome: Outcome,
): number {
  const isLong = instruction.kind === "multiplyLong";
  const straddles = instruction.size === 4 && (instruction.at & 2) !== 0 && !isLong;
  // Of pipelined loads only the last counts.
  const isPipelined = instruction.kind === "load" && behindLoad;
  const before = straddles ? (isPipelined ? straddled & ~1 : straddled) << 1 : 0;
  return outcome !== "skipped" && keepsBusy(instruction) ? before | 1 : before;
}

/** LDM, STM, PUSH, POP, LDRD, STRD, and a load: behind others that it is pipelined with, the last. */
const keepsBusy = ({ kind }: Instruction): boolean =>
  kind === "load" ||
  kind === "loadMultiple" ||
  kind === "storeMultiple" ||
  kind === "loadPair" ||
  kind === "storePair";
