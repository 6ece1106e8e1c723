/** The schemas of both forms of a config, for the policies there are. */
import type { Policies } from "../policies/policy.js";
import { policies as allPolicies } from "../policies/registry.js";
import { configSchemaOf, type ConfigSchema } from "./schema.js";
import { severalSchemaOf, type SeveralSchema } from "./several-schema.js";

export interface ConfigSchemas {
  /** Of a config of one heap. */
  readonly one: ConfigSchema;
  readonly several: SeveralSchema;
}

function build([first, ...others]: Policies): ConfigSchemas {
  const blockAligned = [first, ...others].filter((policy) => policy.isBlockAligned).map(({ name }) => name);
  const one = configSchemaOf([first.schema, ...others.map(({ schema }) => schema)], blockAligned);
  return { one, several: severalSchemaOf(one) };
}

const ofAll = build(allPolicies);

export const schemasOf = (policies: Policies): ConfigSchemas =>
  policies === allPolicies ? ofAll : build(policies);
