/** The JSON Schema editors use to complete and check alloc-gen.json; `npm run schema` writes it to schema/. */
import { z } from "zod";
import { configSchema } from "./schema.js";

/** Where the schema is published, relative to the package. */
export const jsonSchemaFile = "schema/alloc-gen.schema.json";

/** Draft 7, which the common editors read in full. Ends with a line break. */
export function configJsonSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(configSchema, { target: "draft-7" }), null, 2)}\n`;
}
