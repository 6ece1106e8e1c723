/** A config of several heaps from the command line. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runWords } from "../src/cli/run-words.fixture.js";
import type { MultiHeapReport } from "../src/outputs/multi-heap/report.js";
import type { SeveralJson } from "../src/report/formats/json.js";

const example = fileURLToPath(new URL("../examples/two-heaps", import.meta.url));

const command = (name: string, ...words: readonly string[]) =>
  runWords([name, example, ...words], { folder: example, pipeline: () => import("../src/pipeline.js") });

const quick = ["--set", "verify.operations=300", "--set", 'verify.workloads=["uniform"]'];

test("each heap is reported, and the one malloc over them", async () => {
  const { out, code } = await command("verify", "--json", "--quiet", ...quick);
  const { version, ok, heaps, front } = JSON.parse(out) as SeveralJson & { front?: MultiHeapReport };
  expect({ version, ok, code }).toEqual({ version: 1, ok: true, code: 0 });
  expect(heaps.map(({ name, ok: good }) => [name, good])).toEqual([
    ["fast_heap", true],
    ["bulk_heap", true],
  ]);
  expect(heaps[0]?.interruptLatency).toMatchObject({ malloc: {}, free: {} });
  expect(front).toMatchObject({ name: "app", ok: true, operations: 4000 });
  expect(front?.served.map(({ heap }) => heap)).toEqual(["fast_heap", "bulk_heap"]);
  const text = (await command("verify", "--quiet", ...quick)).out;
  expect(text).toContain("Multi-heap app: 4,000 operations through app_malloc_caps and app_free");
  expect(text).toContain("OK: every address and all metadata of all heaps match the reference.");
});

test("one heap is taken by its name", async () => {
  const { out, code } = await command("verify", "--heap", "bulk_heap", "--json", "--quiet", ...quick);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ version: 1, ok: true, plan: { heapBytes: 16384 } });
});

test("what is of one heap wants its name", async () => {
  const unnamed = await command("explain");
  expect(unnamed.code).toBe(2);
  expect(unnamed.err).toContain(
    'the config describes several heaps: name one with --heap ("fast_heap", "bulk_heap")',
  );
  const baseline = await command("verify", "--write-baseline", ...quick);
  expect(baseline.code).toBe(2);
  expect(baseline.err).toContain('a baseline is of one heap: name it with --heap ("fast_heap", "bulk_heap")');
  expect((await command("explain", "--heap", "fast_heap")).code).toBe(0);
});
