import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageFolder } from "../../package-folder.js";
import { runWords } from "../run-words.fixture.js";

const trace = join(packageFolder(), "examples/traces/libpng.trace.gz");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-tune-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runWords(["tune", ...words], { folder });

describe("alloc-gen tune", () => {
  it.each([
    [[], "name a trace: --trace FILE"],
    [["--trace", trace, "--budget", "stack=3"], '--budget is "stack=3" (allowed: NAME=NUMBER, NAME one of'],
    [["--trace", trace, "--budget", "ram=many"], '--budget is "ram=many"'],
    [["--trace", trace, "--write", "11"], '--write is "11" (allowed: 1 to 10)'],
    [["--trace", trace, "--perturb", "0"], '--perturb is "0" (allowed: 1 to 1000)'],
    [["--trace", trace, "--confidence", "95"], '--confidence is "95" (allowed: above 0, up to 1'],
    [["--trace", trace, "--minimise", "size"], '--minimise is "size" (allowed: ram, worst, mean, flash)'],
  ])("refuses %j", async (words, message) => {
    const { code, err } = await run(...words);
    expect(err).toContain(message);
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does not write over a config, and is for one of one heap", async () => {
    const path = join(folder, "alloc-gen.json");
    writeFileSync(path, '{ "heaps": [] }');
    const { code, err } = await run("--trace", trace);
    expect([code, err]).toEqual([2, expect.stringContaining("tune is for a config of one heap")]);
    writeFileSync(path, '{ "name": "h", "target": "cortex-m4", "heap": { "size": "4KiB" } }');
    const before = readFileSync(path, "utf8");
    const refused = await run("--trace", trace, "--write", "1");
    expect([refused.code, refused.err]).toEqual([
      2,
      "alloc-gen: alloc-gen.json already exists (--force overwrites it)\n",
    ]);
    expect(readFileSync(path, "utf8")).toBe(before);
  });
});
