import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFolder } from "../package-folder.js";
import { optionalFunctions } from "./shared-pieces.js";

test("what a heap may do without is a function of some template: a name that changed would be left out no more", () => {
  const root = join(packageFolder(), "templates");
  const texts = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".c.hbs"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  const defined = new Set(
    texts.flatMap((text) => Array.from(text.matchAll(/^\S.*?\b(\w+)\([^;]*\)\n\{/gm), ([, name]) => name)),
  );
  expect(optionalFunctions.filter((name) => !defined.has(name))).toEqual([]);
});
