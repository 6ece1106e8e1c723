/** The alignment of a block that realloc keeps: told from its address, so that nothing is stored for it. */
import type { Plan } from "../plan/plan.js";

/**
 * @param address of a payload
 * @return the largest power of two that divides it, as far as the config has it kept; the alignment of every payload
 * where the config asks for nothing
 */
export function keptAlignment({ realloc, alignment }: Plan, address: number): number {
  const { keepAlignment: most = alignment } = realloc;
  let kept: number = most;
  while (address % kept !== 0) kept /= 2;
  return kept;
}
