/** What a config may ask of realloc, and what is refused. */
import { describe, expect, it } from "vitest";
import { AllocGenError, formatDiagnostic } from "../diagnostics.js";
import { makePlan } from "../policies/make-plan.js";
import { loadTarget } from "../targets/load.js";
import { hashOf } from "./hash.js";
import { parseHeapsText } from "./load-several.js";

const one = (api: string, more = "") => `{
  "name": "app_heap", "target": "cortex-m4", "heap": { "size": "8KiB" }, "policy": { "kind": "segregated-fit" }, ${more}
  "api": { ${api} }
}`;
const lock = '"lock": "primask",';

function load(text: string) {
  const [heap] = parseHeapsText(text, "alloc-gen.json").heaps;
  if (heap === undefined) throw new Error("no heap");
  return heap.config;
}

function faultsOf(text: string): readonly string[] {
  try {
    const config = load(text);
    makePlan(config, loadTarget(config.target));
    return [];
  } catch (error) {
    if (error instanceof AllocGenError) return error.diagnostics.map(formatDiagnostic);
    throw error;
  }
}

describe("api.realloc", () => {
  it("is a word, or what is asked of it", () => {
    const asked = load(
      one('"alignedAlloc": true, "realloc": { "keepAlignment": 64, "copyUnlocked": true }', lock),
    );
    expect(asked.api.realloc).toBe(true);
    expect(asked.realloc).toEqual({ keepAlignment: 64, copyUnlocked: true });
    expect(load(one('"realloc": true')).realloc).toBeUndefined();
    expect(load(one('"realloc": false')).api.realloc).toBe(false);
    expect(load(one('"realloc": {}')).api.realloc).toBe(true);
  });

  it("leaves hashes as they were where nothing more is asked", () => {
    const plain = hashOf(load(one('"realloc": true')));
    expect(hashOf(load(one('"realloc": { "copyUnlocked": false }')))).toBe(plain);
    expect(hashOf(load(one('"realloc": { "copyUnlocked": true }', lock)))).not.toBe(
      hashOf(load(one('"realloc": true', lock))),
    );
  });

  it("keeps alignments that aligned_alloc gives", () => {
    const keeping = (most: number) => one(`"alignedAlloc": true, "realloc": { "keepAlignment": ${most} }`);
    for (const most of [16, 64, 1024]) expect(faultsOf(keeping(most))).toEqual([]);
    for (const most of [0, -64, 8, 24, 2048])
      expect(faultsOf(keeping(most))).toEqual([
        `api.realloc.keepAlignment: found ${most} (allowed: a power of two from 16 to 1024, the largest that aligned_alloc serves)`,
      ]);
    expect(faultsOf(one('"realloc": { "keepAlignment": 64 }'))).toEqual([
      "api.realloc.keepAlignment: found 64, but without alignedAlloc no block has a larger alignment than heap.alignment",
    ]);
  });

  it("copies with a lock released only where there is one", () => {
    expect(faultsOf(one('"realloc": { "copyUnlocked": true }'))).toEqual([
      'alloc-gen.json:3:41: api.realloc.copyUnlocked: found true, but without a lock nothing is copied under one (lock is "none")',
    ]);
  });

  it("is held to its keys", () => {
    expect(faultsOf(one('"realloc": { "keepsAlignment": 64 }'))).toEqual([
      'alloc-gen.json:3:25: api.realloc: unknown key "keepsAlignment"; did you mean "keepAlignment"? (allowed: keepAlignment, copyUnlocked)',
    ]);
    expect(faultsOf(one('"realloc": "yes"'))).toHaveLength(1);
  });
});
