import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { runWords, wordsOf } from "../run-words.fixture.js";

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-certify-"));
  const config = {
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "8KiB" },
    policy: { kind: "segregated-fit" },
    limits: { largest: 512 },
  };
  writeFileSync(join(folder, "alloc-gen.json"), JSON.stringify(config));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (line: string) =>
  runWords(wordsOf(line), { folder, pipeline: () => import("../../pipeline.js") });

it.each([
  ["certify", /^alloc-gen: certify needs --live: the most bytes/],
  ["certify --live 2KB", /^alloc-gen: --live "2KB" is no size \(allowed: 4096, 4KiB, 1MiB\)/],
  ["certify --live 0", /^alloc-gen: --live "0" is no size/],
  ["certify --live 256", /^alloc-gen: the largest request, 512 bytes, is above --live, 256/],
  [
    "certify --live 2KiB --largest 600",
    /^alloc-gen: --largest 600 is above the config's limits\.largest, 512/,
  ],
  ["certify --live 2KiB --smallest 513", /^alloc-gen: the smallest request, 513 bytes, is not between 1 and/],
  ["certify --live 2KiB --blocks 0", /^alloc-gen: --blocks "0" is no count \(allowed: 1 and more\)/],
  [
    "certify --live 2KiB --set limits={}",
    /^alloc-gen: certify needs --largest, or limits\.largest in the config/,
  ],
])("refuses %s", async (line, message) => {
  const { code, err, out } = await run(line.replace("certify", `certify ${folder}`));
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
});
