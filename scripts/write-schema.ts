/** Writes the files of schema/ from the zod schemas: run by `npm run schema`, checked by unit tests. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configJsonSchemaText, jsonSchemaFile } from "../src/config/json-schema.js";
import { peerJsonSchemaText, peerSchemaFile } from "../src/peers/json-schema.js";

const texts = { [jsonSchemaFile]: configJsonSchemaText(), [peerSchemaFile]: peerJsonSchemaText() };
for (const [name, text] of Object.entries(texts)) {
  const file = join(import.meta.dirname, "..", name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(name);
}
