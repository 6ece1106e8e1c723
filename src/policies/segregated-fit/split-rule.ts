import type { SegregatedFitNumbers } from "./types.js";
import type { Block } from "../../reference/block.js";

/** Whether a request is given the high end of a larger block. */
export function getsHighEnd(
  { split, smallBelow }: SegregatedFitNumbers,
  need: number,
  { right }: Block,
): boolean {
  switch (split) {
    case "low":
      return false;
    case "two-ended":
      return need < smallBelow;
    case "by-neighbour":
      // Behind the last block stands the heap's end, of size 0.
      return need >= (right?.size ?? 0);
  }
}
