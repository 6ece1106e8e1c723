/** The figures of the house that only ever go down, and how they are counted. Circles of imports: src/imports.test.ts. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutAt } from "./checkout.js";
import { countConditionals, countIn } from "./conditionals.js";
import { importCircles } from "./sources.js";
import { countTouched } from "./touched.js";

/** Lowered whenever the templates have less. */
const mostConditionals = 170;
const mostUnbalanced = 0;

const checkout = checkoutAt(join(import.meta.dirname, "../.."));

describe("the house", () => {
  const templates = countConditionals(checkout);

  it("has no more conditionals in its templates than it had", () => {
    expect(templates.length).toBeGreaterThan(30);
    const total = templates.reduce((sum, { conditionals }) => sum + conditionals, 0);
    expect(total).toBeLessThanOrEqual(mostConditionals);
  });

  it("has no more branches with unbalanced brackets than it had", () => {
    const found = templates.flatMap(({ template, unbalanced }) =>
      unbalanced.map((line) => `${template}:${line}`),
    );
    expect(found.slice(mostUnbalanced)).toEqual([]);
  });
});

describe("the counts", () => {
  it("are of every conditional, also of one that continues another", () => {
    const template = "{{#if a}}x{{else if b}}y{{else}}{{#unless c}}z{{/unless}}{{/if}}{{#each d}}v{{/each}}";
    expect(countIn(template)).toEqual({ conditionals: 3, unbalanced: [] });
  });

  it("find the branches that do not come apart", () => {
    const template =
      "{{#if a}}\nif (b) {\n{{else}}\n{\n{{/if}}\n}\n{{#if d}}\n} else {\n{{/if}}\n{{#if e}}({{#if f}}){{/if}}{{/if}}";
    expect(countIn(template).unbalanced).toEqual([1, 3, 7, 10]);
  });

  it("find circles through several files, and none where imports run one way", () => {
    const files = { a: ["b"], b: ["c", "d"], c: ["a"], d: ["e"], e: [], f: ["g"], g: ["f", "e"] };
    const graph = Object.entries(files).map(([path, imports]) => ({ path, imports }));
    expect(importCircles(graph)).toEqual([
      ["a", "b", "c"],
      ["f", "g"],
    ]);
  });

  it("see who names a thing, in parts of a name and in the plural, and who does not", () => {
    const named = (...names: readonly string[]): readonly string[] => {
      const source = { path: "src/x.ts", imports: [], names };
      const rows = countTouched({ ...checkout, files: [] }, [source]);
      return rows.filter(({ files }) => files.length > 0).map(({ example }) => example);
    };
    expect(named("PoolConfig")).toEqual(["pool"]);
    expect(named('"./inspect-pools.js"')).toEqual(["pool"]);
    expect(named("spooled", "bitmapOfClasses")).toEqual([]);
    expect(named('"bitmap"', "json", "withCall")).toEqual(["bitmap", "json", "with-call"]);
    expect(named("JSON")).toEqual([]);
  });

  it("leave out a thing's own files", () => {
    const at = (path: string): number =>
      countTouched({ ...checkout, files: [] }, [{ path, imports: [], names: ["Pool", "primask"] }]).filter(
        ({ files }) => files.length > 0,
      ).length;
    expect([at("src/a.ts"), at("src/policies/pool/plan.ts"), at("src/machine/arm/lock.ts")]).toEqual([
      2, 1, 1,
    ]);
    expect([at("src/a.test.ts"), at("src/policies/buddy/plan.ts")]).toEqual([0, 2]);
  });
});
