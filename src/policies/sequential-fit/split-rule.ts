import type { SequentialFitNumbers } from "./types.js";
import type { Block } from "../../reference/block.js";
import type { PathTrail } from "../../reference/path-trail.js";

/** Whether a request is given the high end of a larger block; what the C looks at for it goes on the trail. */
export function getsHighEnd(
  { split, smallBelow }: SequentialFitNumbers,
  need: number,
  { right }: Block,
  trail: PathTrail,
): boolean {
  switch (split) {
    case "low":
      return false;
    case "high":
      return true;
    case "two-ended":
      return need < smallBelow;
    case "by-neighbour":
      // Behind the last block stands the heap's end, of size 0.
      return !trail.yesNo(need < smallBelow) && need >= (right?.size ?? 0);
  }
}
