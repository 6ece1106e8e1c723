/** Writes schema/alloc-gen.schema.json from the zod schema: run by `npm run schema`, checked by a unit test. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configJsonSchemaText, jsonSchemaFile } from "../src/config/json-schema.js";

const file = join(import.meta.dirname, "..", jsonSchemaFile);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, configJsonSchemaText());
console.log(jsonSchemaFile);
