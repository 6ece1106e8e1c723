/** Functions refuse until init ends: init itself must call none that does, in heaps that begin with their flag unset. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { prepare, run } from "../src/pipeline.js";

async function verified(config: object) {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-flag-"));
  try {
    const file = join(folder, "alloc-gen.json");
    const verify = { operations: 200, workloads: ["uniform"] };
    writeFileSync(file, JSON.stringify({ name: "h", target: "cortex-m4", verify, ...config }));
    return (await run(prepare(file, {}))).verification;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each([{ section: ".noinit", kind: "static" }, "linker"])(
  "with bitmaps of two levels: %j",
  async (placement) => {
    const heap = { size: 4928, alignment: 32, placement };
    const { workloads } = await verified({ heap, policy: { kind: "segregated-fit", subdivisions: 16 } });
    expect(workloads.map(({ mismatch }) => mismatch)).toEqual([undefined]);
  },
);

test("what is beside the C is told as not run", async () => {
  const heap = { heap: { size: 4096 }, policy: { kind: "segregated-fit" } };
  const { interface: proven } = await verified({ ...heap, init: "constructor", outputs: ["rust"] });
  expect(proven.notRun.map(({ what }) => what)).toEqual(["the constructor that calls init", "outputs rust"]);
  expect((await verified(heap)).interface.notRun).toEqual([]);
});
