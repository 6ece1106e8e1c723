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
          ? "malloc searches the list until a block fits"
          : "malloc searches the whole list",
    },
    {
      choice: `order ${policy.order}`,
      costs:
        policy.order === "address"
          ? "free searches the block's position in the list"
          : "free inserts the block in one step",
    },
    ...(plan.hardening === undefined
      ? []
      : [
          {
            choice: `hardening ${plan.hardening.tier}`,
            costs:
              "no memory a block: malloc and free look at all that they follow before they write, and no search is endless; docs/hardening.md has cycles and flash",
          },
        ]),
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
      return "free does not coalesce; a request that fails coalesces the whole heap and is tried again";
    case "list-neighbours":
      return "only adjacent blocks that follow each other in the list are coalesced: memory fragments";
    case "never":
      return "memory fragments permanently: suitable only for equal sizes";
  }
}
