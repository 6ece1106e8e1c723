import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { checkShape } from "./check-shape.js";
import { configJsonSchemaText, jsonSchemaFile } from "./json-schema.js";
import { policies } from "../policies/registry.js";
import { schemasOf } from "./known-schemas.js";

const configSchema = schemasOf(policies).one;

describe("the published schema", () => {
  const published = readFileSync(join(import.meta.dirname, "../..", jsonSchemaFile), "utf8");

  it("is made from the zod schema (run: npm run schema)", () => {
    expect(published).toBe(configJsonSchemaText());
  });

  it("describes every key", () => {
    const bare: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node) as [string, unknown][]) {
        if (key === "properties" && typeof value === "object" && value !== null) {
          for (const [name, property] of Object.entries(value) as [string, object][]) {
            if (!("description" in property)) bare.push(`${path}.${name}`);
            visit(property, `${path}.${name}`);
          }
        } else visit(value, path);
      }
    };
    visit(JSON.parse(published), "");
    expect(bare).toEqual([]);
  });
});

describe("checkShape", () => {
  const leaf = fc.oneof(
    fc.constantFrom(
      "first",
      "auto",
      "static",
      "linker",
      "segregated-fit",
      "sequential-fit",
      "buddy",
      "32KiB",
    ),
    fc.integer({ min: -1, max: 40 }),
    fc.boolean(),
    fc.constant(null),
  );
  const section = (...keys: string[]) => fc.dictionary(fc.constantFrom("kind", "x", ...keys), leaf);
  const configs = fc.record(
    {
      name: leaf,
      heap: fc.record({ size: leaf, placement: fc.oneof(leaf, section("section", "start", "end")) }),
      policy: fc.oneof(leaf, section("fit", "probe", "subdivisions", "cut")),
      header: fc.oneof(leaf, fc.record({ links: section("place", "width", "slots") }), fc.array(leaf)),
      verify: fc.record({ workloads: fc.oneof(leaf, fc.array(leaf)) }),
      api: section("calloc", "zeroSize"),
    },
    { requiredKeys: [] },
  );

  it("finds no fault exactly where the schema accepts", () => {
    fc.assert(
      fc.property(configs, (config) => {
        expect(checkShape(configSchema, config).length === 0).toBe(configSchema.safeParse(config).success);
      }),
      { numRuns: 500 },
    );
  });
});
