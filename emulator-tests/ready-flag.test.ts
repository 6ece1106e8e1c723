/** Functions refuse until init ends: init itself must call none that does, in heaps that begin with their flag unset. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { prepare, run } from "../src/pipeline.js";

test.each([{ section: ".noinit", kind: "static" }, "linker"])(
  "with bitmaps of two levels: %j",
  async (placement) => {
    const folder = mkdtempSync(join(tmpdir(), "alloc-gen-flag-"));
    try {
      const file = join(folder, "alloc-gen.json");
      const heap = { size: 4928, alignment: 32, placement };
      const policy = { kind: "segregated-fit", subdivisions: 16 };
      const verify = { operations: 200, workloads: ["uniform"] };
      writeFileSync(file, JSON.stringify({ name: "h", target: "cortex-m4", heap, policy, verify }));
      const { verification } = await run(prepare(file, {}));
      expect(verification.workloads.map(({ mismatch }) => mismatch)).toEqual([undefined]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
