/** What each choice of the config costs, for `explain`. */
import type { Choice } from "../policy.js";
import type { SequentialFitPlan } from "./types.js";

export function choices(plan: SequentialFitPlan): readonly Choice[] {
  const { policy } = plan;
  return [
    {
      choice: `fit ${policy.fit}`,
      costs:
        policy.fit === "first" || policy.fit === "next"
          ? "malloc looks at free blocks until one fits"
          : "malloc looks at every free block",
    },
    {
      choice: `order ${policy.order}`,
      costs:
        policy.order === "address"
          ? "free looks for the block's place in the list"
          : "free lists the block in one step",
    },
    { choice: `coalesce ${policy.coalesce}`, costs: coalesceCost(plan) },
  ];
}

function coalesceCost({ policy, header }: SequentialFitPlan): string {
  switch (policy.coalesce) {
    case "immediate":
      return header.boundaryTag === "none"
        ? "neighbours are found by walking the list"
        : "neighbours are found in constant time";
    case "deferred":
      return "free merges nothing; a request that fails sweeps the whole heap and is tried again";
    case "list-neighbours":
      return "only blocks that follow each other in the list merge: memory fragments";
    case "never":
      return "memory fragments for good: for equal sizes only";
  }
}
