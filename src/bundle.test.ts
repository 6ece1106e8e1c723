import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadBundle } from "./bundle.js";

let distribution: string;
let bundle: URL;

beforeEach(() => {
  distribution = mkdtempSync(join(tmpdir(), "alloc-gen-bundle-test-"));
  mkdirSync(join(distribution, "bundle"));
  bundle = pathToFileURL(join(distribution, "bundle/"));
});
afterEach(() => rmSync(distribution, { recursive: true, force: true }));

const text = `(function (module, require, distribution) {
  module.exports = { run: async () => [distribution, require.resolve("./other.js")] };
})`;

/** What the bundle's program gives. */
const given = (): unknown => loadBundle(bundle, "program")?.run();

test("without a bundle there is no program", () => {
  expect(loadBundle(bundle, "program")).toBeUndefined();
});

test("the program finds the compiled code, and modules beside the entry", async () => {
  mkdirSync(join(distribution, "cli"));
  writeFileSync(join(distribution, "cli", "other.js"), "");
  writeFileSync(new URL("program.js", bundle), text);
  const expected = [pathToFileURL(`${distribution}/`).href, join(distribution, "cli", "other.js")];
  expect(await given()).toEqual(expected);

  const code = new Script(text).createCachedData();
  writeFileSync(new URL("program.code", bundle), code);
  expect(await given()).toEqual(expected);
  // Another V8's.
  writeFileSync(new URL("program.code", bundle), code.fill(0xff, 4, 12));
  expect(await given()).toEqual(expected);
});

test("a bundle without a program is our error", () => {
  writeFileSync(new URL("program.js", bundle), "(function () {})");
  expect(() => loadBundle(bundle, "program")).toThrow(/exports no program/);
});
