/** The JSON Schema editors use to complete and check peer.json; `npm run schema` writes it to schema/. */
import { z } from "zod";
import { peerSchema } from "./schema.js";

/** Where the schema is published, relative to the package. */
export const peerSchemaFile = "schema/peer.schema.json";

/** Draft 7. Ends with a line break. */
export function peerJsonSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(peerSchema, { target: "draft-7" }), null, 2)}\n`;
}
