/** Which functions of a file reach the heap. */
import type { CFunction } from "./c-function.js";

/** Functions that touch the heap, or call one that does. */
export function touching(
  functions: readonly CFunction[],
  touches: (each: CFunction) => boolean = ({ words }) => words.has("heap"),
): ReadonlySet<string> {
  const found = new Set<string>();
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const each of functions) {
      if (touches(each) || [...each.calls].some((called) => found.has(called))) found.add(each.name);
    }
  }
  return found;
}
