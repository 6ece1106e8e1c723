import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AllocGenError } from "../diagnostics.js";
import type { BuildCache } from "./cache.js";
import { compile } from "./compile.js";

let folder = "";
let work = "";
const noCache: BuildCache = { read: () => undefined, write: () => undefined };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-compile-"));
  work = mkdtempSync(join(folder, "work-"));
  vi.stubEnv("TMPDIR", work);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** What comes of a compiler that does as the script says; `$out` is the file it is to write. */
async function failureOf(script: string): Promise<string> {
  const path = join(folder, "gcc");
  writeFileSync(path, `#!/bin/sh\nfor out; do :; done\n${script}\n`);
  chmodSync(path, 0o755);
  const toolchain = { family: "gcc", compiler: "a-gcc", path, version: "1", targetFlags: [] } as const;
  const files = [{ name: "a.c", text: "" }];
  const units = [{ source: "a.c", object: "a.o", flags: [] }];
  try {
    await compile({ toolchain, files, units, linkFlags: [] }, noCache);
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    expect(error.exitCode).toBe(3);
    return error.message;
  }
  return "nothing";
}

it.each([
  ["fails", "echo 'a.c: wrong' >&2; exit 1", "a-gcc failed to compile a.c:\na.c: wrong"],
  [
    "fails at length",
    "i=0; while [ $i -lt 5000 ]; do echo wrong >&2; i=$((i+1)); done; exit 1",
    `a-gcc failed to compile a.c:\n${"wrong\n".repeat(3334).slice(0, 20000)}…\n(and 9999 more characters)`,
  ],
  ["writes nothing", "exit 0", "a-gcc failed to compile a.c:\nit reported no error, and did not write a.o"],
  [
    "writes no ELF file",
    'echo hello > "$out"',
    "a-gcc failed to compile a.c:\nit reported no error, but a.o is no ELF file of the target: malformed ELF file: it does not begin with the ELF signature",
  ],
  [
    "hangs",
    "exec sleep 1000",
    "a-gcc was stopped: it did not compile a.c within 0.2 seconds (ALLOC_GEN_TOOL_SECONDS allows more)",
  ],
  ["prints without end", "exec yes", "a-gcc was stopped: to compile a.c it printed more than 64 MiB"],
])("says so of a compiler that %s, and leaves nothing behind", async (what, script, message) => {
  if (what === "hangs") vi.stubEnv("ALLOC_GEN_TOOL_SECONDS", "0.2");
  expect(await failureOf(script)).toBe(message);
  expect(readdirSync(work)).toEqual([]);
});

it.each([
  ["none", "there is no such folder"],
  ["gcc", "it is no folder"],
])("says that no temporary files can be written in %s", async (name, why) => {
  const place = join(folder, name);
  vi.stubEnv("TMPDIR", place);
  const message = `cannot write temporary files in ${place}: ${why} (TMPDIR names another folder)`;
  expect(await failureOf("exit 0")).toBe(message);
});

// Every write to it fails for lack of space.
it.runIf(existsSync("/dev/full"))("says that no space is left", async () => {
  const { workFolderError } = await import("./work-folder.js");
  let found: unknown;
  try {
    writeFileSync("/dev/full", "text");
  } catch (error) {
    found = workFolderError(error);
  }
  expect(found).toBeInstanceOf(AllocGenError);
  expect(String(found)).toContain(`cannot write temporary files in ${work}: no space is left`);
});
