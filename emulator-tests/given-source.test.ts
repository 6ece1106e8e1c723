/** C that is handed in to be proven in place of the generated one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runWords } from "../src/cli/run-words.fixture.js";
import { generate, prepare, verifySource } from "../src/pipeline.js";
import type { HeapReport } from "../src/report/report.js";

let folder: string;
let source: string;
const config = `{
  "name": "h", "target": "cortex-m4", "heap": { "size": "4KiB" },
  "policy": { "kind": "sequential-fit" },
  "verify": { "operations": 2000, "workloads": ["uniform", "lifo", "fifo"] }
}`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-source-"));
  writeFileSync(join(folder, "alloc-gen.json"), config);
  source = generate(project()).find(({ name }) => name === "h.c")?.text ?? "";
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const project = () => prepare(join(folder, "alloc-gen.json"), {});

function verify(text: string, ...words: readonly string[]) {
  writeFileSync(join(folder, "mine.c"), text);
  const given = ["verify", folder, "--source", "mine.c", "--quiet", ...words];
  return runWords(given, { folder, pipeline: () => import("../src/pipeline.js") });
}

/** `text` with `from`, which must be there, as `to`. */
function replaced(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`the C has no ${String(from)}`);
  return changed;
}

/** free forgets every fifth block. */
const forgetful = () =>
  replaced(source, /\nvoid h_free\(void \*(\w+)\)\n\{/, "$& static unsigned n; if (++n % 5U == 0U) return;");

test("the generated C is equivalent, and has its bounds", async () => {
  const { out, code } = await verify(source, "--json");
  const report = JSON.parse(out) as HeapReport;
  expect({ code, ok: report.ok, name: report.givenSource }).toEqual({ code: 0, ok: true, name: "mine.c" });
  expect(report.bounds).toHaveProperty("free");
  expect((await verify(source)).out).toMatch(/^C +mine\.c, in place of the generated C$/m);
});

test("warnings are no errors, and a loop without its comment has no bound", async () => {
  const text = replaced(source, /Loop: at most once a listed block/g, "As often as needed");
  const { out, code } = await verify(`static int never_called(void) { return 1; }\n${text}`);
  expect(code).toBe(0);
  expect(out).toMatch(/^malloc +none/m);
  expect(out).toContain("OK: the C matches the reference.");
});

test("the first operations that differ end the run", async () => {
  const { out, code } = await verify(forgetful(), "--json");
  const { workloads, notReached } = JSON.parse(out) as HeapReport;
  expect(code).toBe(1);
  expect(workloads.map(({ name, mismatches }) => [name, mismatches])).toEqual([["directed malloc", 1]]);
  expect(notReached).toEqual(["uniform", "lifo", "fifo"]);
  expect((await verify(forgetful())).out).toContain(
    "Not run, because the C and the reference differ before: uniform, lifo, fifo.",
  );
});

test("the library tells of a fault without making it short", async () => {
  const { workloads } = await verifySource(project(), { name: "mine.c", text: forgetful() });
  expect(workloads[0]?.mismatch).toMatchObject({ minimal: [], referenceDrawing: "" });
  const short = await verifySource(project(), { name: "mine.c", text: forgetful() }, { shrinks: true });
  expect(short.workloads[0]?.mismatch?.minimal.length).toBeGreaterThan(5);
  const sound = await verifySource(project(), { name: "mine.c", text: source });
  expect(sound.workloads.filter(({ mismatch }) => mismatch !== undefined)).toEqual([]);
});

test.each([
  [
    "a function",
    /\bh_free\b/g,
    "h_fre",
    "mine.c: does not define h_free as a function with external linkage",
  ],
  [
    "a static function",
    /\nvoid h_free\(/g,
    "\n__attribute__((used)) static void h_free(",
    "failed to compile",
  ],
  ["the heap", /\bheap\b/g, "memory", 'mine.c: has no array "heap", the plan has one of 4096'],
])("%s that is missing is told", async (_, from, to, message) => {
  const { err, code } = await verify(replaced(source, from, to));
  expect(err).toContain(message);
  expect(code).toBe(message === "failed to compile" ? 3 : 2);
});

test("C that does not compile is told in the compiler's words", async () => {
  expect(await verify("int x = ;")).toMatchObject({
    code: 3,
    err: expect.stringMatching(
      /failed to compile mine\.c:\nmine\.c:1:9: error: expected expression/,
    ) as string,
  });
});

const misbehaving = [
  [
    "an index past an array",
    "void *h_malloc(size_t size)\n{",
    "$& static volatile unsigned char a[4]; if (a[size & 7U] == 9U) return 0;",
    /undefined-instruction: the behaviour of this C is undefined here \(mine\.c:\d+\)/,
  ],
  [
    "a read between control data and blocks",
    "void *h_malloc(size_t size)\n{",
    "$& if (*(volatile unsigned char *)&heap.bytes[H_FIRST_BLOCK - 1U] == 9U) return 0;",
    /stray-access: the .* accesses 0x\w+, and that byte belongs to nothing \(mine\.c:\d+\)/,
  ],
  [
    "a read behind the heap",
    "void *h_malloc(size_t size)\n{",
    '$& const volatile unsigned char *end = heap.bytes; __asm volatile("" : "+r"(end)); if (end[4096] == 9U) return 0;',
    /stray-access: the .* accesses 0x\w+, and that byte belongs to nothing \(mine\.c:\d+\)/,
  ],
] as const;

test.each(misbehaving)("%s is told, though what the C returns is right", async (_, from, to, message) => {
  const { out, code } = await verify(replaced(source, from, to), "--json");
  const { interface: called, workloads, coverage } = JSON.parse(out) as HeapReport;
  const messages = workloads.flatMap(({ mismatch }) => mismatch?.message ?? []);
  expect([...messages, called.mismatch?.found ?? ""].join("\n")).toMatch(message);
  expect(coverage.branches).toBeLessThan(100);
  expect(code).toBe(1);
});

test("the file is only read", async () => {
  await verify(source);
  expect(readFileSync(join(folder, "mine.c"), "utf8")).toBe(source);
});
