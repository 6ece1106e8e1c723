import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import { exampleMismatch, exampleResult, workload } from "../../report/run.fixture.js";
import { processContext } from "../context.js";
import { runProgram } from "../program.js";

// The examples have no plan to draw.
vi.mock("../../plan/draw.js", () => ({ drawMemoryMap: () => "[the memory map]" }));
vi.mock("../../report/page/assets.js", () => ({ pageAssets: () => ({ script: "", style: "" }) }));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "alloc-gen-watch-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Puts another file in the file's place, as editors do. */
function save(text: string): void {
  writeFileSync(join(folder, "next"), text);
  renameSync(join(folder, "next"), join(folder, "alloc-gen.json"));
}

it("runs for each change, mends what was wrong, and shows the last page", { timeout: 60_000 }, async () => {
  const config = join(folder, "alloc-gen.json");
  writeFileSync(config, "one");
  const ended = new AbortController();
  const seen: string[] = [];
  let url = "";
  let waits = 0;
  let lastPage = "";
  // The C that differs has no pictures, which a made-up run has none for.
  const result = (name: string) => exampleResult([workload(name, { mismatch: exampleMismatch })]);
  const step = async (): Promise<void> => {
    waits += 1;
    if (waits === 1) save("wrong");
    else if (waits === 2) save("three");
    else {
      lastPage = await (await fetch(url)).text();
      ended.abort();
    }
  };
  const prepareHeaps = () => {
    const text = readFileSync(config, "utf8");
    if (text === "wrong") throw new AllocGenError(2, [diagnose("file-missing", { file: "x.trace" })]);
    const { project } = result(text);
    return { projects: [project], outputs: [] };
  };
  const code = await runProgram(["watch", config], {
    ...processContext(),
    folder,
    ended: ended.signal,
    showsProgress: false,
    out: () => undefined,
    err: (text) => {
      url = /http:\S+/.exec(text)?.[0] ?? url;
      if (text.includes("file-missing") || text.includes("x.trace")) seen.push("wrong");
      if (text.startsWith("Waiting")) void step();
    },
    pipeline: () =>
      Promise.resolve({
        prepare: () => result("one").project,
        prepareHeaps,
        generateHeaps: () => Promise.resolve([]),
        proveHeaps: () => Promise.reject(new Error("no output proves anything")),
        run: () => {
          const name = readFileSync(config, "utf8");
          seen.push(name);
          return Promise.resolve(result(name));
        },
      }),
  });
  expect(code).toBe(0);
  expect(seen).toEqual(["one", "wrong", "three"]);
  expect(lastPage).toContain("three, operation 41");
  expect(lastPage).toContain("EventSource");
});

it.each(["0", "x", "70000"])("refuses port %s", async (port) => {
  writeFileSync(join(folder, "alloc-gen.json"), "{}");
  const said: string[] = [];
  const code = await runProgram(["watch", join(folder, "alloc-gen.json"), "--port", port], {
    ...processContext(),
    folder,
    err: (text) => void said.push(text),
  });
  expect({ code, said }).toEqual({
    code: 2,
    said: [expect.stringContaining(`--port ${port} is no port (allowed: 1 to 65535)`) as string],
  });
});
