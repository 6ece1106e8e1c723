/** The action for GitHub at the package's root: it is packed, and its words are the command line's. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands } from "./cli/commands.js";
import { packageFolder } from "./package-folder.js";

const read = (name: string): string => readFileSync(join(packageFolder(), name), "utf8");
const action = read("action.yml");

test("the action is part of the package", () => {
  expect(JSON.parse(read("package.json"))).toMatchObject({
    files: expect.arrayContaining(["action.yml", "cmake"]) as string[],
  });
});

test("its script has options that verify has", () => {
  const options = [...action.matchAll(/(?:verify .*|words\+=\()--([\w-]+)/g)].map(([, name = ""]) => name);
  expect(options).toContain("fail-on-regression");
  expect(
    options.filter((name) => name !== "format" && !Object.hasOwn(commands.verify.options, name)),
  ).toEqual([]);
});

test("its scripts take inputs from the environment alone", () => {
  const scripts = action.split("run: |").slice(1);
  expect(scripts.filter((text) => text.split("\n    - ")[0]?.includes("${{"))).toEqual([]);
});
