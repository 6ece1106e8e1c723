/** A front that chooses by size: what it serves from where, its bounds, and what it costs on top of the heaps. */
import { describe, expect, test } from "vitest";
import { parseHeapsText } from "../src/config/load-several.js";
import { emitMultiHeap } from "../src/outputs/multi-heap/emit.js";
import { buildFront } from "../src/outputs/multi-heap/front-image.js";
import { planMultiHeap, type MultiHeapPlan } from "../src/outputs/multi-heap/plan.js";
import { proveMultiHeap } from "../src/outputs/multi-heap/prove.js";
import { proofOf } from "../src/outputs/multi-heap/report.js";
import { buildProject, generate, provenanceOf, type Project } from "../src/pipeline.js";
import { makePlan } from "../src/policies/make-plan.js";
import { listTargets, loadTarget } from "../src/targets/load.js";
import type { GeneratedFile } from "../src/outputs/c/emit.js";
import { OperationCode, type HeapOperations } from "../src/traces/operation.js";
import type { Change } from "../src/csource/change.js";
import type { Edit } from "./support/bench.js";
import { drawnEngine } from "./support/core-engines.js";
import { lintC } from "./support/lint-c.js";
import { changed, dropCall, replace, setArgument } from "./support/hand-made-fault.js";

interface Front {
  readonly projects: readonly Project[];
  readonly multiHeap: MultiHeapPlan;
  readonly files: readonly GeneratedFile[];
}

const pool = (name: string, size: number, ...classes: readonly object[]) => ({
  name,
  heap: { size },
  policy: { kind: "pool", classes },
});
const two = pool("two", 1200, { size: 16, count: 20 }, { size: 40 });
const small = pool("small", 1024, { size: 16 });
const middle = pool("middle", 2048, { size: 48 });
const general = { name: "general", heap: { size: 12000 }, policy: { kind: "segregated-fit" } };

const all = { calloc: true, realloc: true, usableSize: true };
/** The pools align nothing beyond: what asks for that goes to the last heap. */
const withAll = (heaps: readonly object[]) =>
  heaps.map((heap, index) => ({ ...heap, api: { ...all, alignedAlloc: index === heaps.length - 1 } }));

function front(target: string, heaps: readonly object[], api: object = {}, optimize = "-Os"): Front {
  const config = { target, toolchain: { optimize }, heaps, front: { name: "app", by: "size", api } };
  const loaded = parseHeapsText(JSON.stringify(config), "alloc-gen.json", { targets: listTargets() });
  const projects = loaded.heaps.map((heap) => {
    const core = loadTarget(heap.config.target);
    return { loaded: heap, target: core, plan: makePlan(heap.config, core) };
  });
  const [first] = projects;
  if (loaded.multiHeap === undefined || first === undefined) throw new Error("no front");
  const multiHeap = planMultiHeap(
    loaded.multiHeap,
    projects.map(({ plan }) => plan),
  );
  return {
    projects,
    multiHeap,
    files: [...projects.flatMap(generate), ...emitMultiHeap(multiHeap, provenanceOf(first))],
  };
}

const prove = ({ multiHeap, files, projects: [first] }: Front) => {
  if (first === undefined) throw new Error("no heap");
  const { target, loaded } = first;
  return proveMultiHeap(multiHeap, {
    files,
    target,
    engine: drawnEngine(),
    ...loaded.config.toolchain,
    seed: 1,
  });
};

describe.each<[string, readonly object[], object]>([
  ["cortex-m4", [two, general], {}],
  ["cortex-m0", withAll([two, general]), { ...all, alignedAlloc: true }],
  ["cortex-m33", withAll([small, middle, general]), { ...all, alignedAlloc: true }],
])("on %s", (target, heaps, api) => {
  const given = front(target, heaps, api);

  test("every address and all metadata are as the reference says, and no call exceeds its bound", async () => {
    const proof = await prove(given);
    expect(proof.mismatch).toBeUndefined();
    for (const calls of [...proof.served, proof.fellBack, proof.full]) expect(calls).toBeGreaterThan(10);
    expect(proof.incapable).toBe(0);
    expect(proof.bounds?.malloc).toBeLessThan(400);
    expect(proof.bounds?.free).toBeLessThan(400);
    const { lines } = proofOf(given.multiHeap, proof);
    expect(lines.join("\n")).toMatch(/^bounds +malloc \d+, free \d+/m);
  });

  test("is clean for Clang, GCC's analyser, cppcheck and as C++", async () => {
    const heads = given.files.filter(({ name }) => name.endsWith(".h") && !name.startsWith("app."));
    const own = given.files.filter(({ name }) => name.startsWith("app."));
    expect(await lintC(own, heads)).toEqual([]);
    expect(await lintC(given.files.filter(({ name }) => /^(two|small)\./.test(name)))).toEqual([]);
  });
});

const inMalloc = (...changes: readonly Change[]): Edit => changed("app_malloc", ...changes);

test.each<[string, Edit]>([
  ["a limit that is a byte lower", inMalloc(replace("size > TWO_MAX_REQUEST", "size >= TWO_MAX_REQUEST"))],
  ["an empty pool with nothing behind it", inMalloc(replace("payload == NULL", "size == 0U"))],
  ["a block given back to the wrong heap", changed("app_free", replace("two_free", "general_free"))],
  ["a pool that ends too early", changed("app_free", setArgument("is_in", 1, "$ - 200U"))],
  ["a block that moves and is kept", changed("move", dropCall("app_free"))],
  ["a block that moves with too little", changed("move", setArgument("copy", 2, "held / 2U"))],
  ["an array from the heap behind alone", changed("app_calloc", replace("two_calloc(count, size)", "NULL"))],
])("sees %s", async (_name, edit) => {
  const given = front("cortex-m4", withAll([two, general]), { ...all, alignedAlloc: true });
  const files = given.files.map((file) =>
    file.name === "app.c" ? { ...file, text: edit(file.text) } : file,
  );
  expect((await prove({ ...given, files })).mismatch).toBeDefined();
});

/** A request and its free. */
const pair = (size: number): HeapOperations => ({
  length: 2,
  kind: Uint8Array.of(OperationCode.malloc, OperationCode.free),
  argument: Uint32Array.of(size, 0),
});

test.each(["-Os", "-O2"])("costs a few cycles on top of a heap's own at %s", async (optimize) => {
  const given = front("cortex-m4", [two, general], {}, optimize);
  const [first, last] = given.projects;
  if (first === undefined || last === undefined) throw new Error("no heap");
  const engine = drawnEngine();
  const cyclesOf = (image: Parameters<typeof engine.open>[0], operations: HeapOperations) => {
    const session = engine.open(image, first.target, operations);
    try {
      session.reset();
      session.execute(0, operations.length);
      return [...session.cycles];
    } finally {
      session.close();
    }
  };
  const { target, loaded } = first;
  const { image } = await buildFront(given.multiHeap, {
    files: given.files,
    target,
    ...loaded.config.toolchain,
  });
  const costs: number[][] = [];
  for (const [project, size] of [
    [first, 16],
    [last, 500],
  ] as const) {
    const alone = cyclesOf(await buildProject(project, generate(project)), pair(size));
    const through = cyclesOf(image, pair(size));
    costs.push(through.map((cycles, index) => cycles - (alone[index] ?? 0)));
  }
  // In front of a pool malloc keeps the size, for the heap behind it; all else is a jump.
  expect(costs).toEqual([
    [optimize === "-Os" ? 19 : 15, 9],
    [optimize === "-Os" ? 10 : 6, 10],
  ]);
});
