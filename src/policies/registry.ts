/** All policies, by name. A policy that is in the config's type but not here is a type error. */
import type { PolicyConfig, PolicyName } from "../config/config.js";
import type { PolicyPlan } from "../plan/plan.js";
import type { Policy } from "./policy.js";
import { bitmap } from "./bitmap/index.js";
import { buddy } from "./buddy/index.js";
import { bump } from "./bump/index.js";
import { pool } from "./pool/index.js";
import { segregatedFit } from "./segregated-fit/index.js";
import { sequentialFit } from "./sequential-fit/index.js";

const policies = {
  "sequential-fit": sequentialFit,
  "segregated-fit": segregatedFit,
  bump,
  pool,
  bitmap,
  buddy,
} satisfies { readonly [Name in PolicyName]: Policy<Extract<PolicyConfig, { readonly kind: Name }>> };

/** The policy of a config or of a plan. */
export function policyFor(policy: PolicyConfig | PolicyPlan): Policy<PolicyConfig> {
  return policies[policy.kind];
}
