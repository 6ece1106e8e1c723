/** The committed figures of the bench: the page is what the data say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { FieldResults } from "../bench/field-data.js";
import { fieldText } from "../bench/field-text.js";
import { packageFolder } from "../src/package-folder.js";

const read = (name: string): string => readFileSync(join(packageFolder(), "bench", name), "utf8");

it("is made from the measured data (run: npm run bench)", () => {
  expect(read("results.md")).toBe(fieldText(JSON.parse(read("results.json")) as FieldResults));
});
