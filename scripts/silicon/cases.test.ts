import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseArgument } from "../../src/function-timing/argument.js";
import { listTargets } from "../../src/targets/load.js";
import { readCases } from "./cases.js";

it("reads the project's cases: known targets, arguments that can be given", () => {
  const cases = readCases("bench/silicon.jsonc");
  expect(cases.length).toBeGreaterThan(100);
  for (const { program, given } of cases) {
    expect(listTargets()).toContain(program.target);
    expect(given.filter((text) => parseArgument(text) === undefined)).toEqual([]);
  }
});

it.each([
  ["{", "malformed at character"],
  [`{ "one": { "target": "cortex-m4" } }`, "flags"],
])("refuses %s", (text, message) => {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-cases-"));
  try {
    const path = join(folder, "cases.jsonc");
    writeFileSync(path, text);
    expect(() => readCases(path)).toThrow(message);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
