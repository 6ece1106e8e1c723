/** Configs that are no configs: very long lists, very many keys. Work is counted by what is told. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AllocGenError, formatDiagnostics } from "../diagnostics.js";
import { loadHeaps, parseHeapsText } from "./load-several.js";

const plain =
  '"name": "app", "target": "cortex-m4", "heap": { "size": "32KiB" }, "policy": { "kind": "buddy" }';

function faultsOf(text: string): readonly string[] {
  try {
    parseHeapsText(text, "a.json");
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    return formatDiagnostics(error.diagnostics);
  }
  return [];
}

const list = (count: number, item: string): string =>
  `[${Array.from({ length: count }, () => item).join(",")}]`;

describe("a very large config", () => {
  it("is refused by its size before it is read", () => {
    const folder = mkdtempSync(join(tmpdir(), "alloc-gen-large-"));
    const file = join(folder, "a.json");
    writeFileSync(file, Buffer.alloc(4 * 1024 * 1024 + 1, " "));
    expect(() => loadHeaps(file)).toThrow(`cannot read ${file}: it is larger than 4 MiB`);
    rmSync(folder, { recursive: true });
  });

  it("has a list of 200,000 workloads", () => {
    expect(faultsOf(`{ ${plain}, "verify": { "workloads": ${list(200_000, '"mixed"')} } }`)).toEqual([
      "a.json:1:126: verify.workloads: found a list of 200000 items (allowed: at most 1024)",
    ]);
  });

  it.each(["1", "{}", '"x"'])("has a list of 200,000 heaps, each %s", (item) => {
    expect(faultsOf(`{ "target": "cortex-m4", "heaps": ${list(200_000, item)} }`)).toEqual([
      "a.json:1:35: heaps: found a list of 200000 items (allowed: at most 1024)",
    ]);
  });

  it("has 100,000 unknown keys, on as many lines", () => {
    const keys = Array.from({ length: 100_000 }, (_, index) => `"k${index}": 1`).join(",\n");
    const faults = faultsOf(`{ ${plain},\n${keys} }`);
    expect(faults).toHaveLength(21);
    expect(
      faults.filter((fault) => fault.startsWith('a.json:2:1: unknown key "k0" (allowed: ')),
    ).toHaveLength(1);
    expect(faults).toContain("a.json:1:1: and 99980 more unknown keys");
  });

  it("has a key 50,000 times, on as many lines", () => {
    const keys = Array.from({ length: 50_000 }, () => `"name": "app"`).join(",\n");
    const faults = faultsOf(`{ ${plain},\n${keys} }`);
    expect(faults).toHaveLength(51);
    expect(faults[0]).toBe('a.json:2:1: key "name" is given twice (first on line 1)');
    expect(faults.at(-1)).toContain("and 49950 more faults");
  });

  it("has a key with commands for the terminal", () => {
    expect(faultsOf(`{ ${plain}, "a\\u001b[2J\\nb": 1 }`)[0]).toMatch(
      /unknown key "a\\u001b\[2J\\u000ab" \(allowed/,
    );
  });
});
