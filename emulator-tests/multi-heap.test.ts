/** The front over several heaps: order of trying, blocks given back by address, and requests that nobody can serve. */
import { describe, expect, test } from "vitest";
import type { Lock, Placement } from "../src/config/config.js";
import { emitC, type GeneratedFile } from "../src/outputs/c/emit.js";
import type { Engine } from "../src/emulators/engine.js";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import { emitMultiHeap } from "../src/outputs/multi-heap/emit.js";
import { multiHeapFunctions, type MultiHeapFunction } from "../src/outputs/multi-heap/config.js";
import type { MultiHeapPlan } from "../src/outputs/multi-heap/plan.js";
import { proveMultiHeap } from "../src/outputs/multi-heap/prove.js";
import { proofOf } from "../src/outputs/multi-heap/report.js";
import { makePlan } from "../src/policies/make-plan.js";
import { loadTarget } from "../src/targets/load.js";
import type { Change } from "../src/csource/change.js";
import type { Edit } from "./support/bench.js";
import { bitmap, segregated, sequential, testConfig, type TestConfig } from "./support/configs.js";
import { lintC } from "./support/lint-c.js";
import { changed, dropCall, replace, setArgument, setValue } from "./support/hand-made-fault.js";

const provenance = { version: "test", configName: "alloc-gen.json", configHash: "00000000", targetName: "x" };

interface Described {
  readonly front: MultiHeapPlan;
  readonly files: readonly GeneratedFile[];
}

type HeapOfMultiHeap = TestConfig & { readonly name: string; readonly has: number };

/** `has` are bits of capabilities a, b, c. */
function described(
  target: string,
  heaps: readonly HeapOfMultiHeap[],
  functions: readonly MultiHeapFunction[] = [],
  region?: HeapOfMultiHeap,
): Described {
  const memberOf = ({ name, has, ...test }: HeapOfMultiHeap) => {
    const config = { ...testConfig({ ...test, target }), name, owned: true } as const;
    return { plan: makePlan(config, loadTarget(target)), capabilities: has };
  };
  const planned = heaps.map(memberOf);
  const regions = region === undefined ? {} : { regions: { ...memberOf(region), most: 2 } };
  const has = (name: MultiHeapFunction): boolean => functions.includes(name);
  const api = {
    calloc: has("calloc"),
    realloc: has("realloc"),
    alignedAlloc: has("alignedAlloc"),
    usableSize: has("usableSize"),
  };
  const front = {
    name: "app",
    by: "capabilities" as const,
    capabilities: ["a", "b", "c"],
    heaps: planned,
    api,
    ...regions,
  };
  const files = [...planned, ...Object.values(regions)].flatMap(({ plan }) => emitC(plan, provenance));
  return { front, files: [...files, ...emitMultiHeap(front, provenance)] };
}

const linker: Placement = { kind: "linker", start: "sram_start", end: "sram_end" };
const primask: Lock = { kind: "primask" };

const three: readonly HeapOfMultiHeap[] = [
  { name: "fast", has: 0b001, policy: segregated(), size: 1024 },
  { name: "middle", has: 0b011, policy: sequential({ fit: "best" }), size: 2048, placement: linker },
  { name: "large", has: 0b010, policy: segregated(), size: 8192, lock: primask, alignment: 16 },
];
const tagged: HeapOfMultiHeap = {
  name: "tagged_heap",
  has: 0b010,
  policy: sequential({ coalesce: "deferred" }),
  size: 4096,
  fields: { tag: { bits: 4 } },
  zeroSize: "unique",
};

/** With all that the functions over them call. */
const capable = (heaps: readonly HeapOfMultiHeap[]): readonly HeapOfMultiHeap[] =>
  heaps.map((heap) => ({ ...heap, api: everyFunction }));
const everyFunction = { calloc: true, realloc: true, alignedAlloc: true, usableSize: true };
const headerless: HeapOfMultiHeap = {
  name: "small",
  has: 0b001,
  policy: bitmap(16),
  size: 2048,
  alignment: 16,
};

const proof = (target: string, { front, files }: Described, engine: Engine = unicornEngine()) =>
  proveMultiHeap(front, {
    files,
    target: loadTarget(target),
    engine,
    compiler: "arm-none-eabi-gcc",
    optimize: "-O2",
    seed: 1,
  });

const many: Placement = { kind: "runtime", instances: "many" };
/** Of a size that init finds out, and of one that is fixed. */
const rest: HeapOfMultiHeap = {
  name: "rest",
  has: 0b011,
  policy: sequential(),
  size: 6144,
  upTo: true,
  placement: many,
  lock: primask,
};
const fixed: HeapOfMultiHeap = {
  name: "more",
  has: 0b010,
  policy: segregated(),
  size: 3072,
  placement: many,
  zeroSize: "unique",
};
const withRest: HeapOfMultiHeap = { ...rest, api: everyFunction };

describe.each<[string, readonly HeapOfMultiHeap[], readonly MultiHeapFunction[], HeapOfMultiHeap?]>([
  ["cortex-m4", three, []],
  ["cortex-m0", [...three].reverse(), []],
  ["cortex-m33", [tagged, ...three], []],
  ["cortex-m3", capable(three), multiHeapFunctions],
  ["cortex-m0plus", capable([headerless, tagged, ...three].reverse()), multiHeapFunctions],
  ["cortex-m7", capable(three), ["realloc"]],
  ["cortex-m4", capable(three.slice(0, 1)), multiHeapFunctions, withRest],
  ["cortex-m0", three.slice(0, 2), [], fixed],
])("on %s", (target, heaps, functions, region) => {
  const given = described(target, heaps, functions, region);

  test("every address and all metadata are as the reference says", async () => {
    const { mismatch, ...counts } = await proof(target, given);
    expect(mismatch).toBeUndefined();
    expect(counts.operations).toBe(4000);
    // The operations try what there is to try.
    for (const calls of [...counts.served, counts.fellBack, counts.incapable, counts.full]) {
      expect(calls).toBeGreaterThan(10);
    }
    if (functions.includes("realloc")) expect(counts.moved).toBeGreaterThan(10);
    expect(counts.notCalled).toBeUndefined();
  });

  test("is clean for Clang, GCC's analyser, cppcheck and as C++", async () => {
    const own = given.files.filter(({ name }) => name.startsWith("app."));
    const heads = given.files.filter(({ name }) => name.endsWith(".h") && !name.startsWith("app."));
    expect(await lintC(own, heads)).toEqual([]);
    const owners = given.files.filter(({ name }) => /^(fast|middle)\./.test(name));
    expect(await lintC(owners)).toEqual([]);
  });
});

const inMalloc = (...changes: readonly Change[]): Edit => changed("app_malloc_caps", ...changes);
const inMove = (...changes: readonly Change[]): Edit => changed("move", ...changes);
const inRealloc = (...changes: readonly Change[]): Edit => changed("app_realloc_caps", ...changes);
const inFree = (...changes: readonly Change[]): Edit => changed("app_free", ...changes);

test.each<[string, Edit, RegExp]>([
  [
    "another order",
    inMalloc(
      replace("fast_malloc", "later_malloc"),
      replace("middle_malloc", "fast_malloc"),
      replace("later_malloc", "middle_malloc"),
    ),
    /returns offset \d+ of fast in the reference, offset \d+ of middle on the core/,
  ],
  [
    "a heap that is tried without the capability",
    inMalloc(setArgument("has_all", 1, "0U", "LARGE_HAS")),
    /returns NULL in the reference, offset \d+ of large on the core/,
  ],
  [
    "no fallback",
    inMalloc(replace("payload == NULL", "capabilities > 1U", "MIDDLE_HAS")),
    /in the reference/,
  ],
  ["a block that is not given back", inFree(dropCall("middle_free")), /metadata differs|in the reference/],
  ["a block given to the wrong heap", inFree(replace("fast_free", "large_free")), /./],
])("sees %s", async (_name, edit, message) => {
  const { front, files } = described("cortex-m4", three);
  const broken = files.map((file) => (file.name === "app.c" ? { ...file, text: edit(file.text) } : file));
  const { mismatch } = await proof("cortex-m4", { front, files: broken });
  expect(mismatch?.message).toMatch(message);
});

const inUsableSize = (...changes: readonly Change[]): Edit => changed("app_usable_size", ...changes);
const inCopy = (...changes: readonly Change[]): Edit => changed("copy", ...changes);

test.each<[string, Edit, RegExp]>([
  ["a move that copies what the old block held", inMove(setArgument("copy", 2, "held")), /./],
  ["a move that copies a word less", inMove(setArgument("copy", 2, "$ - 4U")), /payload|overwritten/i],
  ["a copy without its last bytes", inCopy(replace("3U", "0U")), /payload|overwritten/i],
  ["a move that keeps the old block", inMove(dropCall("app_free")), /metadata differs|in the reference/],
  [
    "a move to a heap without the capabilities",
    inMove(setArgument("has_all", 1, "0U", "LARGE_HAS")),
    /realloc_caps\(.*\) returns NULL in the reference, offset \d+ of large on the core/,
  ],
  [
    "a block that stays in a heap without the capabilities",
    inRealloc(setArgument("has_all", 1, "0U", "FAST_HAS")),
    /realloc_caps\(.*\) returns/,
  ],
  [
    "a block of no bytes that moves",
    inRealloc(replace("(size == 0U) ? 0U : capabilities", "capabilities")),
    /metadata differs|in the reference/,
  ],
  [
    "a heap whose blocks hold a word more",
    inUsableSize(setValue("bytes", "$ + 4U", "middle_usable_size")),
    /usable_size\(\d+\) returns \d+ in the reference, \d+ on the core/,
  ],
  [
    "an array whose size is not checked",
    changed("app_calloc_caps", replace("large_calloc(count, size)", "large_malloc(count * size)")),
    /calloc|zero/,
  ],
  [
    "an alignment that is passed over",
    changed("app_aligned_alloc_caps", setArgument("fast_aligned_alloc", 0, "8U")),
    /aligned_alloc_caps\(\d+, \d+\) returns/,
  ],
])("sees %s", async (_name, edit, message) => {
  const { front, files } = described("cortex-m4", capable(three), multiHeapFunctions);
  const broken = files.map((file) => (file.name === "app.c" ? { ...file, text: edit(file.text) } : file));
  const { mismatch } = await proof("cortex-m4", { front, files: broken });
  expect(mismatch?.message).toMatch(message);
});

const inRegions = (...changes: readonly Change[]): Edit => changed("app_add_region", ...changes);

test.each<[string, Edit]>([
  ["a region that is not tried", inMalloc(replace("index < region_count", "index < 1U"))],
  ["a region that is tried without the capability", inMalloc(setArgument("has_all", 1, "0U", "REST_HAS"))],
  ["a block of a region that is not given back", inFree(dropCall("rest_free"))],
  ["more regions than there may be", inRegions(replace("region_count < APP_REGIONS", "true"))],
  ["a region that was refused and is used", inRegions(replace("region != NULL", "true"))],
  [
    "a block that is looked for in one region",
    changed("region_of", replace("index < region_count", "index < 1U")),
  ],
  [
    "an array that is not cleared",
    changed(
      "app_calloc_caps",
      replace("rest_calloc(regions[index], count, size)", "rest_malloc(regions[index], count * size)"),
    ),
  ],
  ["a region whose blocks hold a word more", inUsableSize(setValue("bytes", "$ + 4U", "rest_usable_size"))],
  ["a block of a region that moves though it could stay", inRealloc(replace("region != NULL", "false"))],
])("sees %s", async (_name, edit) => {
  const { front, files } = described("cortex-m4", capable(three.slice(0, 1)), multiHeapFunctions, withRest);
  const broken = files.map((file) => (file.name === "app.c" ? { ...file, text: edit(file.text) } : file));
  const { mismatch } = await proof("cortex-m4", { front, files: broken });
  expect(mismatch?.message).toBeDefined();
});

test("says what an engine did not call", async () => {
  const { front, files } = described("cortex-m4", capable(three), ["usableSize"]);
  const { caller: _none, ...engine } = unicornEngine();
  const found = await proof("cortex-m4", { front, files }, engine);
  expect(proofOf(front, found).lines).toContain(
    `not run   app_usable_size: ${engine.name} calls no single functions`,
  );
});
