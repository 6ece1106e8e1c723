/** What `generate` tells a build: the files it made, and what they are made from. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { packageFolder } from "../../package-folder.js";
import { runWords, wordsOf } from "../run-words.fixture.js";

// The first run that generates splits the decoder, which a built package has done before.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-generate-"));
  const config =
    '{ "name": "app_heap", "target": "cortex-m0", "heap": { "size": "8KiB" }, "policy": { "kind": "segregated-fit" } }';
  writeFileSync(join(folder, "alloc-gen.json"), config);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const generate = (line: string) =>
  runWords(wordsOf(`generate ${folder} ${line}`), { folder, pipeline: () => import("../../pipeline.js") });

it("lists each file that is generated, changed or not", async () => {
  const paths = ["app_heap.h", "app_heap.c", "app_heap.layout.ts"].map((name) => join("generated", name));
  const listed = { code: 0, err: "", out: paths.map((path) => `${join(folder, path)}\n`).join("") };
  expect(await generate("--list --quiet")).toEqual(listed);
  expect(await generate("--list --quiet")).toEqual(listed);
});

it("writes what the files are made from, also where none of them changes", async () => {
  const depfile = "build/heap.d";
  expect((await generate("--quiet")).code).toBe(0);
  expect(await generate(`--depfile ${depfile} --quiet`)).toEqual({ code: 0, err: "", out: "" });
  const sources = [
    join(folder, "alloc-gen.json"),
    join(packageFolder(), "targets", "cortex-m0", "target.json"),
    join(packageFolder(), "package.json"),
  ];
  const text = [`${depfile}: ${sources.join(" ")}`, ...sources.map((path) => `${path}:`), ""].join("\n");
  expect(readFileSync(join(folder, depfile), "utf8")).toBe(text);
});

it("writes nothing where it cannot write what the files are made from", async () => {
  mkdirSync(join(folder, "heap.d"));
  const { code, err } = await generate("--depfile heap.d");
  expect([code, err]).toEqual([2, expect.stringMatching(/^alloc-gen: cannot write .*heap\.d: EISDIR/)]);
  expect(existsSync(join(folder, "generated"))).toBe(false);
});
