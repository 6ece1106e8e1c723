/** The schemas of both forms of a config, for the policies and the fields of headers there are. */
import type { Policies } from "../policies/policy.js";
import { policies as allPolicies } from "../policies/registry.js";
import { standardPalette, type Palette } from "../header/palette.js";
import { configSchemaOf, type ConfigSchema } from "./schema.js";
import { severalSchemaOf, type SeveralSchema } from "./several-schema.js";

export interface ConfigSchemas {
  /** Of a config of one heap. */
  readonly one: ConfigSchema;
  readonly several: SeveralSchema;
}

function build([first, ...others]: Policies, palette: Palette): ConfigSchemas {
  const blockAligned = [first, ...others].filter((policy) => policy.isBlockAligned).map(({ name }) => name);
  const one = configSchemaOf({
    policies: [first.schema, ...others.map(({ schema }) => schema)],
    blockAligned,
    palette,
  });
  return { one, several: severalSchemaOf(one) };
}

const ofAll = build(allPolicies, standardPalette);

export const schemasOf = (policies: Policies, palette: Palette = standardPalette): ConfigSchemas =>
  policies === allPolicies && palette === standardPalette ? ofAll : build(policies, palette);
