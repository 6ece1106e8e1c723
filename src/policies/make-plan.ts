/** Config and target to plan. */
import type { Config } from "../config/config.js";
import { planHeap } from "../plan/plan-heap.js";
import type { Plan } from "../plan/plan.js";
import type { Target } from "../targets/target.js";
import type { Policies } from "./policy.js";
import { policies, policyNamed } from "./registry.js";

/**
 * Decides every number of the allocator.
 * @param known the policies there are
 * @throws AllocGenError (exit code 2) with every fault of the header and of the sizes, by config path.
 */
export function makePlan(config: Config, target: Target, known: Policies = policies): Plan {
  return planHeap(policyNamed(config.policy.kind, known), config, target);
}
