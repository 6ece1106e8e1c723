import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepare } from "./pipeline.js";

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "alloc-gen-pipeline-")), "alloc-gen.json");
});
afterEach(() => rmSync(join(file, ".."), { recursive: true, force: true }));

const config = (rest: string): string => `{
  "name": "app_heap", "target": "cortex-m4",
  "heap": { "size": "32KiB" },
  "policy": { "kind": "segregated-fit" },
  ${rest}
}`;

describe("prepare", () => {
  it("reports the faults of the plan with the others of the config, at their lines", () => {
    writeFileSync(
      file,
      config('"header": { "fields": { "size": { "bits": 7 } } }, "verify": { "seed": -1 }'),
    );
    expect(() => prepare(file, {})).toThrow(
      `${file}:5:45: header.fields.size.bits: size needs 12 bits at 8-byte granules, the field has 7\n` +
        `${file}:5:74: verify.seed: found -1 (allowed: a whole number from 0 to 4294967295)`,
    );
  });

  it("makes no plan of a config it had to guess at", () => {
    writeFileSync(file, config('"header": { "fields": { "size": { "bits": 7 }, "tagg": true } }'));
    expect(() => prepare(file, {})).toThrow(/^[^\n]*unknown key "tagg"[^\n]*$/);
  });
});
