/** Heaps that find misuse: proven as any other, and each of their checks needed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildWhole, sourcesOf } from "../src/build-project.js";
import { AllocGenError } from "../src/diagnostics.js";
import {
  generate,
  prepare,
  prepareHeaps,
  proveHeaps,
  run,
  verifySource,
  type Project,
} from "../src/pipeline.js";
import { reportHeap } from "../src/report/make-report.js";
import { openEngine } from "../src/verify/engines.js";
import { proveInjection } from "../src/verify/injection/prove-injection.js";
import { seededRandom } from "../src/traces/random.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { imageFor } from "./support/image-for.js";
import { lintC } from "./support/lint-c.js";
import { randomOperations } from "./support/random-operations.js";
import { chooseSample } from "./support/sample.js";
import { drawHardened } from "./support/sampled-configs.js";

let folder = "";
let written = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-hardening-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const verify = { operations: 2000, workloads: ["uniform", "exhaustion"] };
const heap = { size: "32KiB" };
const policy = { kind: "segregated-fit" };
/** Sequential fit whose list closes to a ring. */
const ring = { kind: "sequential-fit", order: "lifo", wilderness: "none" };
const poolClasses = [{ size: 16, count: 40 }, { size: 40, count: 100 }, { size: 200 }];

function projectOf(config: object): Project {
  const path = join(folder, `${written++}.json`);
  const defaults = { name: "hard", target: "cortex-m4", heap, policy, hardening: "basic", verify };
  writeFileSync(path, JSON.stringify({ ...defaults, ...config }));
  return prepare(path, {});
}

const everyFunction = {
  ...{ calloc: true, realloc: true, alignedAlloc: true, usableSize: true, largestRequest: true },
  ...{ walk: true, check: true, stats: true, counters: true },
};

const configs: Readonly<Record<string, object>> = {
  "segregated fit": {},
  "segregated fit, two levels, in memory that is handed over": {
    policy: { ...policy, preset: "tlsf" },
    heap: { size: "64KiB", placement: "runtime" },
    api: { calloc: true, walk: true, check: true, stats: true, counters: true, failureHook: true },
  },
  "segregated fit with every function, two levels, with a lock": {
    policy: { ...policy, preset: "tlsf" },
    heap: { size: "64KiB", placement: "runtime" },
    lock: "primask",
    api: { ...everyFunction, realloc: { keepAlignment: 32 }, failureHook: true },
    verify: { operations: 2000, workloads: ["uniform", "exhaustion", "mixed"] },
  },
  "segregated fit with every function, by neighbour, at the first request": {
    policy: { ...policy, split: "by-neighbour" },
    heap: { size: 1200, placement: "linker" },
    init: "lazy",
    api: everyFunction,
    verify: { operations: 2000, workloads: ["uniform", "exhaustion", "mixed"] },
  },
  "segregated fit with a guard": { hardening: "guard" },
  "segregated fit with a guard and every function, two levels, with a lock": {
    policy: { ...policy, preset: "tlsf" },
    heap: { size: "64KiB", placement: "runtime" },
    lock: "primask",
    hardening: "guard",
    api: { ...everyFunction, realloc: { keepAlignment: 32 }, failureHook: true },
    verify: { operations: 2000, workloads: ["uniform", "exhaustion", "mixed"] },
  },
  "segregated fit with a guard and every function, requests of nothing, for the least core": {
    policy: { ...policy, preset: "half-fit" },
    heap: { size: "16KiB" },
    target: "cortex-m0plus",
    hardening: "guard",
    api: { ...everyFunction, zeroSize: "unique" },
    verify: { operations: 2000, workloads: ["uniform", "exhaustion", "mixed"] },
  },
  "segregated fit, the low end, with a lock, for the least core": {
    policy: { ...policy, preset: "half-fit" },
    heap: { size: "160KiB" },
    lock: "primask",
    target: "cortex-m0plus",
  },
  "segregated fit, by neighbour, at the first request, with a hook of its own": {
    policy: { ...policy, split: "by-neighbour" },
    heap: { size: 600, placement: "linker" },
    init: "lazy",
    hardening: { tier: "basic", hook: "found" },
  },
  "sequential fit": { policy: ring },
  "sequential fit, the best, the last freed last, for the least core": {
    policy: { ...ring, fit: "best", ties: "lowest", order: "fifo", split: "two-ended" },
    heap: { size: "160KiB" },
    lock: "primask",
    target: "cortex-m0plus",
  },
  "sequential fit, the worst, the high end, in memory that is handed over": {
    policy: { ...ring, fit: "worst", split: "high" },
    heap: { size: "16KiB", placement: "runtime" },
  },
  "sequential fit, by neighbour, at the first request, with a hook of its own": {
    policy: { ...ring, order: "fifo", split: "by-neighbour" },
    heap: { size: "8KiB", placement: "linker", alignment: 16 },
    init: "lazy",
    api: { calloc: true, walk: true, check: true, stats: true, counters: true, failureHook: true },
    hardening: { tier: "basic", hook: "found" },
  },
  "bits of granules": { policy: { kind: "bitmap" } },
  "bits of granules in one word, all functions": {
    policy: { kind: "bitmap", granule: 32 },
    heap: { size: 600 },
    api: { calloc: true, walk: true, check: true, stats: true, counters: true, failureHook: true },
    hardening: { tier: "basic", hook: "misused" },
  },
  buddies: { policy: { kind: "buddy" } },
  "buddies, no power of two of them, all functions, with a lock, for the least core": {
    policy: { kind: "buddy" },
    heap: { size: "20KiB", placement: "runtime" },
    api: { calloc: true, walk: true, check: true, stats: true, counters: true, failureHook: true },
    lock: "primask",
    target: "cortex-m0plus",
  },
  "a pool of three classes, all functions": {
    policy: { kind: "pool", classes: poolClasses },
    heap: { size: "16KiB" },
    api: { check: true, stats: true, counters: true },
  },
  "a lazy pool of three classes without fallback, for the least core": {
    policy: { kind: "pool", classes: poolClasses, lazy: true, fallback: false },
    heap: { size: "16KiB" },
    lock: "primask",
    target: "cortex-m0plus",
  },
  "a lazy pool in memory that is handed over": {
    policy: { kind: "pool", classes: [{ size: 40 }], lazy: true },
    heap: { size: "160KiB", placement: "runtime" },
  },
  "a pool of odd blocks, with a lock": {
    policy: { kind: "pool", classes: [{ size: 40 }] },
    heap: { size: "8KiB" },
    lock: "primask",
    api: { check: true, stats: true },
  },
};

describe.each(Object.entries(configs))("%s", (_name, config) => {
  test("is proven, predicted and bounded, and finds what it promises", async () => {
    const report = reportHeap(await run(projectOf(config)));
    expect(report.injection?.failure).toBeUndefined();
    expect(report.workloads.flatMap(({ wrongPrediction }) => wrongPrediction ?? [])).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.bounds["malloc"]?.cycles).toBeGreaterThan(0);
    const { hardened, without } = report.hardeningPrice ?? {};
    expect(hardened?.malloc.cycles).toBe(report.bounds["malloc"]?.cycles);
    expect(hardened?.flashBytes).toBe(report.size.flashBytes);
    expect(hardened?.flashBytes).toBeGreaterThan(without?.flashBytes ?? Infinity);
    const counts = report.injection?.counts ?? [];
    const sum = (of: (count: (typeof counts)[number]) => number) =>
      counts
        .filter(({ misuse }) => !misuse.includes("imitated"))
        .reduce((total, each) => total + of(each), 0);
    expect(sum(({ tried }) => tried)).toBeGreaterThan(100);
    expect(sum(({ namedOtherwise }) => namedOtherwise)).toBeLessThan(sum(({ named }) => named) / 10);
  });

  test("is clean for the checkers", async () => {
    expect(await lintC(generate(projectOf(config)))).toEqual([]);
  });
});

const seed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);
const hardenedRandom = seededRandom(seed, "hardened");
const drawn = Array.from({ length: Number(process.env["ALLOC_GEN_SAMPLE"] ?? 2) }, () =>
  drawHardened(hardenedRandom),
);

test.each(drawn.map((config) => ({ name: JSON.stringify(config), config })))(
  "drawn: $name",
  async ({ config }) => {
    const bench = await benchFor(config);
    const { heapBytes, maximumRequestBytes: maximumRequest } = bench.plan;
    const random = seededRandom(seed, "operations");
    const operations = randomOperations({ length: 2000, heapBytes, maximumRequest }, random);
    expect(verifyWorkload(bench, "random", operations).result.mismatch).toBeUndefined();
    const { image } = await imageFor(config, undefined, [], { faults: "returns" });
    const proof = proveInjection(bench, image, seed);
    expect(proof?.counts.length).toBeGreaterThan(4);
    expect(proof?.failure).toBeUndefined();
  },
);

/** Conditions that only damage meets, as they stand in the C. */
function checksOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(/HARD_UNLIKELY\(/g)].flatMap(({ index }) => {
    let end = index + "HARD_UNLIKELY(".length;
    for (let depth = 1; depth > 0; end++) depth += text[end] === "(" ? 1 : text[end] === ")" ? -1 : 0;
    return text.slice(index, end) === "HARD_UNLIKELY(condition)" ? [] : [{ start: index, end }];
  });
}

/** What others find soon after, or nobody has to: the name alone gets worse. */
const repeated = [
  "HARD_UNLIKELY(next != HARD_NO_BLOCK)",
  "HARD_UNLIKELY(first != HARD_NO_BLOCK)",
  "HARD_UNLIKELY(size < need)",
  "HARD_UNLIKELY(!sound)",
  "HARD_UNLIKELY(!is_behind_free(behind))",
  // Of the header behind a free neighbour only flips tell, of which a share may go undetected.
  "HARD_UNLIKELY(!is_behind_free(header_of(right + free)->header))",
  "HARD_UNLIKELY((behind & (HARD_USED | HARD_PREV_FREE)) != (HARD_USED | HARD_PREV_FREE))",
];

/** What a few trials do not always need, where one list has all blocks, or a state says the same. */
const rarelyNeeded = [
  ...repeated,
  "HARD_UNLIKELY(links_of(previous)->next != unit)",
  "HARD_UNLIKELY(heap.control.first[order] != unit)",
  "HARD_UNLIKELY(found >= HARD_ORDERS)",
  "HARD_UNLIKELY(!lists_none(order, found))",
  "HARD_UNLIKELY(links_of(payload_at(next))->previous != HARD_NO_BLOCK)",
  "HARD_UNLIKELY((header_of(right + after)->header & HARD_PREV_FREE) != 0U)",
];

const needed: readonly {
  readonly name: string;
  readonly config: object;
  readonly least: number;
  readonly spared: readonly string[];
}[] = [
  { name: "segregated fit", config: {}, least: 20, spared: repeated },
  { name: "sequential fit", config: { policy: ring }, least: 15, spared: rarelyNeeded },
  { name: "buddies", config: { policy: { kind: "buddy" } }, least: 10, spared: rarelyNeeded },
];

test.each(needed)(
  "$name: each check is needed",
  async ({ name, config, least, spared }) => {
    const project = projectOf(config);
    const files = generate(project);
    const source = files.find(({ name }) => name.endsWith(".c"));
    if (source === undefined) throw new Error("no C");
    const checks = checksOf(source.text).filter(
      ({ start, end }) => !spared.includes(source.text.slice(start, end).replace(/\s+/g, " ")),
    );
    expect(checks.length).toBeGreaterThanOrEqual(least);
    for (const { start, end } of chooseSample(checks, 4, `checks of ${name}`)) {
      const text = `${source.text.slice(0, start)}(false)${source.text.slice(end)}`;
      const whole = await buildWhole(project, sourcesOf(project, files, { name: source.name, text }));
      const bench = {
        plan: project.plan,
        target: project.target,
        image: whole.image,
        engine: openEngine("js"),
      };
      const proof = proveInjection(bench, whole.faulted, project.loaded.config.verify.seed);
      expect([source.text.slice(start, end), proof?.failure !== undefined]).toEqual([
        source.text.slice(start, end),
        true,
      ]);
    }
  },
  120_000,
);

/** What is looked at beside the fast path, and names: a part of the C, what takes its place, and where it is once. */
const weakened: readonly (readonly [part: string, weaker: string])[] = [
  ["(*(block + held - slack) == (HARD_GUARD + HARD_GUARD_BYTES))", "true"],
  ["block[request]   = (uint8_t)(HARD_GUARD + HARD_GUARD_BYTES);", ""],
  ["(header_of(block)->header == HARD_DEAD) || is_free_block(block)", "false"],
  ["(around != block) && is_sound_block(around)", "false"],
  [
    "is_free(header_of(around)) ? HARD_FAULT_DOUBLE_FREE : HARD_FAULT_INVALID_POINTER",
    "HARD_FAULT_INVALID_POINTER",
  ],
  ["kind = is_overrun() ? HARD_FAULT_OVERFLOW : HARD_FAULT_UNDERFLOW", "kind = HARD_FAULT_DOUBLE_FREE"],
  [
    "kind = is_overrun() ? HARD_FAULT_OVERFLOW : HARD_FAULT_CORRUPT_LINK; ",
    "kind = HARD_FAULT_USE_AFTER_FREE; ",
  ],
  ["used = has_sound_headers(block) && is_guarded", "used = true || is_guarded"],
  ["((room == 0U) || has_sound_links(right))", "true"],
  ["(!merges || has_sound_links(block - left))", "true"],
  ["if (!is_place(link)) {", "if (false) {"],
  ["const bool     sound = is_used(pointer);", "const bool     sound = true;"],
];

test("what is weakened is told by the injection", async () => {
  const project = projectOf({ hardening: "guard", api: everyFunction });
  const files = generate(project);
  const source = files.find(({ name }) => name.endsWith(".c"));
  if (source === undefined) throw new Error("no C");
  for (const [part, weaker] of chooseSample(weakened, 3, "weakened")) {
    expect([part, source.text.includes(part)]).toEqual([part, true]);
    const text = source.text.replaceAll(part, weaker);
    const whole = await buildWhole(project, sourcesOf(project, files, { name: source.name, text }));
    const { plan, target } = project;
    const bench = { plan, target, image: whole.image, engine: openEngine("js") };
    const proof = proveInjection(bench, whole.faulted, project.loaded.config.verify.seed);
    expect([part, proof?.failure !== undefined]).toEqual([part, true]);
  }
}, 120_000);

/** Misuse that a compiler sees in a program, one a line, and the warning. */
const misuses = [
  ["void a(void) { void *p = hard_malloc(9U); hard_free(p); hard_free(p); }", "CWE-415"],
  [
    "int b(void) { int *p = hard_calloc(1U, 4U); if (p == NULL) { return 0; } hard_free(p); return *p; }",
    "CWE-416",
  ],
  ["void c(void) { char on_stack; hard_free(&on_stack); }", "CWE-590"],
  ["int d(void) { int *p = hard_malloc(4U); return p == NULL; }", "CWE-401"],
  [
    "void e(void) { char *p = hard_malloc(4U); if (p != NULL) { p[4] = 1; } hard_free(p); }",
    "-Warray-bounds",
  ],
  [
    "void f(void) { char *p = hard_malloc(4U); if (p != NULL) { hard_free(p + 1); } }",
    "-Wfree-nonheap-object",
  ],
  ["void g(void) { (void)0; hard_malloc(4U); }", "-Wunused-result"],
];

test("the header has GCC find misuse in a program", () => {
  const [header] = generate(projectOf({ api: { calloc: true } })).filter(({ name }) => name.endsWith(".h"));
  writeFileSync(join(folder, "hard.h"), header?.text ?? "");
  for (const [line, warning] of misuses) {
    writeFileSync(join(folder, "user.c"), `#include "hard.h"\n${line ?? ""}\n`);
    const flags = [
      "-mcpu=cortex-m4",
      "-mthumb",
      "-O2",
      "-Wall",
      "-Wextra",
      "-fanalyzer",
      "-S",
      "-o",
      "/dev/null",
    ];
    const { stderr } = spawnSync("arm-none-eabi-gcc", [...flags, join(folder, "user.c")], {
      encoding: "utf8",
    });
    expect(stderr).toContain(warning);
  }
});

test("several heaps may tell one function", async () => {
  const one = { policy, hardening: { tier: "basic", hook: "found" } };
  const heaps = [
    { name: "fast", heap: { size: "8KiB" }, ...one },
    { name: "slow", heap: { size: "16KiB" }, ...one },
  ];
  const path = join(folder, "several.json");
  const several = { target: "cortex-m4", heaps, front: { name: "both" }, verify: { operations: 200 } };
  writeFileSync(path, JSON.stringify(several));
  const proofs = await proveHeaps(prepareHeaps(path, {}), "js");
  expect(proofs.map(({ failure }) => failure)).toEqual([undefined]);
});

test("a check that misfires fails the run", async () => {
  const project = projectOf({ verify: { operations: 300, workloads: ["uniform"] } });
  const [source] = generate(project).filter(({ name }) => name.endsWith(".c"));
  const text = source?.text.replace("(place >= places())", "(place >= (places() - 2U))") ?? "";
  const given = { name: "hard.c", text };
  const { workloads } = await verifySource(project, given, { engine: openEngine("js") });
  expect(workloads.flatMap(({ mismatch }) => mismatch?.kind ?? [])).toEqual(["fault"]);
});

test.each<[string, object, string]>([
  [
    "a tier that is not built",
    { hardening: "full" },
    'hardening: hardening "full" of "segregated-fit" is not available in this version (available: "none", "basic", "guard")',
  ],
  [
    "blocks that a guard cannot count",
    { hardening: "guard", limits: { smallest: 100 } },
    'hardening: found "guard", but the byte that ends a block counts up to 126 bytes behind what was asked for, and blocks of 104 bytes at least have up to 197',
  ],
  [
    "a policy without checks",
    { policy: { kind: "bump" } },
    'hardening: hardening "basic" of "bump" is not available in this version (available: "none")',
  ],
  [
    "a list in the order of addresses",
    { policy: { kind: "sequential-fit" } },
    'hardening: found "basic", but order "address" has no checks in this version: "lifo" and "fifo" have',
  ],
  [
    "a wilderness that no header ends",
    { policy: { ...ring, wilderness: "last" } },
    'hardening: found "basic", but wilderness "last" has no checks in this version: "none" has',
  ],
  [
    "a function without checks",
    { policy: { kind: "pool", classes: [{ size: 40 }] }, api: { realloc: true } },
    'hardening: found "basic", but api.realloc has no checks in this version',
  ],
  [
    "an end that nothing checks",
    { heap: { size: { upTo: "64KiB" }, placement: "runtime" } },
    'hardening: found "basic", but nothing checks where a heap ends whose size is "upTo"',
  ],
  [
    "an atomic pool",
    { policy: { kind: "pool", classes: [{ size: 16 }], atomic: true } },
    'hardening: found "basic", but an atomic pool has no lock under which a block and its bit could change together',
  ],
  [
    "a pool on a core that does not multiply",
    { policy: { kind: "pool", classes: [{ size: 16 }] }, target: "rv32ec" },
    'hardening: found "basic", but a pool tells a block by a product, and rv32ec does not multiply',
  ],
  [
    "quick lists",
    { policy: { ...policy, quickLists: {} } },
    'hardening: found "basic", but quickLists has no checks in this version',
  ],
  [
    "a field that nothing repeats",
    { header: { fields: { tag: { bits: 4 } } } },
    'hardening: found "basic", but header field tag has no checks in this version',
  ],
])("refuses %s", (_name, config, message) => {
  try {
    projectOf(config);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    expect(error.message).toContain(message);
  }
});
