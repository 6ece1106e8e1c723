import type { SequentialFitPlan, Split } from "./types.js";

/**
 * The rule of splitting as the C has it. Where every block that the heap can have is small, a compiler sees that the way
 * of others leads outside the heap, and warns of it: there is none then.
 */
export function splitInC({ policy, endOfBlocks, firstBlock }: SequentialFitPlan): Split {
  if (policy.smallBelow <= endOfBlocks - firstBlock) return policy.split;
  switch (policy.split) {
    case "two-ended":
      return "high";
    case "by-neighbour":
      return "low";
    case "low":
    case "high":
      return policy.split;
  }
}
