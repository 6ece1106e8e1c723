/** One more policy, added in one place: the list that a run is given. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explainChoices } from "../src/plan/draw.js";
import { inspect } from "../src/inspect/inspect.js";
import { generateAll, prepare, run, type Project } from "../src/pipeline.js";
import { policies } from "../src/policies/registry.js";
import { metadataImage } from "../src/reference/image.js";
import { snapshotOfMemory, snapshotOfReference } from "../src/verify/snapshot.js";
import { toy } from "./support/toy-policy/index.js";

const known = [...policies, toy] as const;
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "alloc-gen-toy-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function prepared(policy: object, others: object = {}): Project {
  const config = { name: "app_heap", target: "cortex-m4", heap: { size: 1024 }, policy, ...others };
  const file = join(folder, "alloc-gen.json");
  writeFileSync(file, JSON.stringify({ ...config, verify: { operations: 500 } }));
  return prepare(file, { policies: known });
}

describe("one more policy", () => {
  test("has its keys in the config, with its defaults and its faults", () => {
    expect(prepared({ kind: "toy" }).loaded.config.policy).toEqual({ kind: "toy", blocks: 8 });
    expect(() => prepared({ kind: "toy", blocks: 0 })).toThrow("policy.blocks");
    expect(() => prepared({ kind: "toy", block: 4 })).toThrow('did you mean "blocks"?');
    expect(() => prepared({ kind: "toi" })).toThrow('did you mean "toy"?');
    expect(() => prepared({ kind: "toy" }, { api: { realloc: true } })).toThrow("a toy has malloc and free");
  });

  test("is unknown where it is not listed", () => {
    prepared({ kind: "toy" });
    expect(() => prepare(join(folder, "alloc-gen.json"), {})).toThrow('found "toy"');
  });

  test.each([
    ["one", {}],
    ["with a lock", { lock: "primask" }],
    ["many heaps", { heap: { size: 1024, instances: "many" } }],
  ])("is built, emulated and proven: %s", async (_name, others) => {
    const project = prepared({ kind: "toy", blocks: 12 }, others);
    const { verification, bounds } = await run(project);
    const faults = verification.workloads.filter((each) => each.mismatch ?? each.wrongPrediction);
    expect(faults).toEqual([]);
    expect(bounds.proven.malloc.cycles).toHaveProperty("formula");
  });

  test("is drawn, decoded and inspected", async () => {
    const project = prepared({ kind: "toy", blocks: 12 });
    const { plan } = project;
    expect(explainChoices(plan)[0]).toEqual({ choice: "12 blocks", costs: "a byte each" });
    const [, source, module] = await generateAll(project);
    expect(source?.text).toContain(`block         | payload, padding ... |`);
    expect(module?.text).toContain("export function* blocks(heap: DataView)");
    const heap = plan.rules.reference(plan);
    heap.malloc(5, 0);
    const memory = metadataImage(plan, heap).bytes;
    expect(snapshotOfMemory(plan, memory)).toEqual(snapshotOfReference(heap));
    expect(inspect(plan, memory).totals).toMatchObject({ usedBlocks: 1, freeBlocks: 11 });
    memory[3] = 7;
    expect(inspect(plan, memory).damage).toMatchObject([{ offset: 3, found: "7" }]);
  });
});
