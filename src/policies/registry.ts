/** All policies: a new one is a folder here, one in templates/policies, and a line below. */
import { bitmap } from "./bitmap/index.js";
import { buddy } from "./buddy/index.js";
import { bump } from "./bump/index.js";
import { pool } from "./pool/index.js";
import { segregatedFit } from "./segregated-fit/index.js";
import { sequentialFit } from "./sequential-fit/index.js";
import type { Policies, Policy } from "./policy.js";

/** In the order in which messages name them. */
export const policies = [sequentialFit, segregatedFit, buddy, pool, bump, bitmap] as const;

/** What `init` proposes. */
export const defaultStarter = "segregated-fit";

type Known = (typeof policies)[number];

/** The `policy` of a resolved config. */
export type PolicyConfig = Known extends Policy<infer Config> ? Config : never;

/** @throws Error where there is no such policy: configs are checked before. */
export function policyNamed(name: string, known: Policies = policies): Policy {
  const found = known.find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`no policy ${name}`);
  return found;
}
