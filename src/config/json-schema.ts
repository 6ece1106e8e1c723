/** The JSON Schema editors use to complete and check alloc-gen.json; `npm run schema` writes it to schema/. */
import { z } from "zod";
import { policies } from "../policies/registry.js";
import { schemasOf } from "./known-schemas.js";

/** Where the schema is published, relative to the package. */
export const jsonSchemaFile = "schema/alloc-gen.schema.json";

/** Draft 7, which the common editors read in full. Ends with a line break. */
export function configJsonSchemaText(): string {
  const schemas = schemasOf(policies);
  const { $schema, ...one } = z.toJSONSchema(schemas.one, { target: "draft-7" });
  const several = z.toJSONSchema(schemas.several, { target: "draft-7" });
  // Not anyOf: an editor would then complain of what is wrong in the form that is not meant.
  const schema = {
    $schema,
    if: { required: ["heaps"] },
    then: { ...several, $schema: undefined },
    else: one,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
