import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFolder, packageVersion } from "./package-folder.js";

test("the package's folder holds targets and templates", () => {
  expect(existsSync(join(packageFolder(), "targets"))).toBe(true);
  expect(existsSync(join(packageFolder(), "templates"))).toBe(true);
});

test("the version is the manifest's", () => {
  const manifest = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as {
    version: string;
  };
  expect(packageVersion()).toBe(manifest.version);
});
