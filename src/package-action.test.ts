/** The action for GitHub at the package's root: it is packed, and its words are the command line's. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
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

/** The words that the script that proves the heap calls npx with, given these inputs. */
function wordsFor(inputs: Readonly<Record<string, string>>): readonly string[] {
  const script = action.slice(action.lastIndexOf("run: |") + "run: |".length);
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-action-"));
  try {
    const npx = join(folder, "npx");
    writeFileSync(npx, '#!/bin/sh\nprintf "%s\\n" "$@"\n');
    chmodSync(npx, 0o755);
    const env = { PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`, ...inputs };
    // As GitHub calls it.
    const words = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
    const { status, stdout, stderr } = spawnSync("bash", words, { env, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return stdout.trimEnd().split("\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.skipIf(process.platform === "win32")("its script hands each input on as one word", () => {
  const verify = (config: string) => ["--no-install", "alloc-gen", "verify", config, "--format", "github"];
  expect(wordsFor({ CONFIG: ".", REGRESSION: "", SARIF: "" })).toEqual(verify("."));
  expect(wordsFor({ CONFIG: "a $(b) c", REGRESSION: "2", SARIF: "heap 1.sarif" })).toEqual([
    ...verify("a $(b) c"),
    ...["--fail-on-regression", "2"],
    ...["--format", "sarif=heap 1.sarif"],
  ]);
});
