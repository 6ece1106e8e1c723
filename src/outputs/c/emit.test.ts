import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { placedFunctions } from "../../csource/source-lines.js";
import { prepare } from "../../prepare.js";
import { emitC } from "./emit.js";

/** Every seventh of the configs that were drawn once: of each policy several. */
const drawn = (
  JSON.parse(
    readFileSync(new URL("../../../emulator-tests/cases/drawn-configs.json", import.meta.url), "utf8"),
  ) as object[]
).filter((_, index) => index % 7 === 0);

/** A name that its comments repeat until the line is full. */
const longNamed = {
  name: "arena_of_parsed_requests",
  target: "cortex-m4",
  heap: { size: 4096 },
  policy: { kind: "bump", release: "lifo" },
};

test("the files of drawn configs keep the page, and tell where each of their functions stands", () => {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-emit-"));
  const file = join(folder, "alloc-gen.json");
  for (const config of [...drawn, longNamed]) {
    writeFileSync(file, JSON.stringify(config));
    const { plan } = prepare(file, {});
    const provenance = {
      version: "1",
      configName: "alloc-gen.json",
      configHash: "00000000",
      targetName: "core",
    };
    for (const { name, text, functions = [] } of emitC(plan, provenance)) {
      const what = `${name} of ${JSON.stringify(config)}`;
      expect(
        text.split("\n").filter((line) => line.length > 120),
        what,
      ).toEqual([]);
      expect(text, what).not.toMatch(/\n\n\n|[ \t]\n|[^\n]$/);
      if (name.endsWith(".c")) expect(functions, what).toEqual(placedFunctions(text));
    }
  }
  rmSync(folder, { recursive: true });
});
