/** The generated C as a firmware engineer's tools see it: other compilers, analysers, C++, and a diff. */
import { describe, expect, test } from "vitest";
import type { SourceFile } from "../src/toolchain/compile.js";
import { machineOf } from "../src/machine/registry.js";
import { AllocGenError } from "../src/diagnostics.js";
import { emitC } from "../src/outputs/c/emit.js";
import { makePlan } from "../src/policies/make-plan.js";
import { loadTarget } from "../src/targets/load.js";
import { seededRandom } from "../src/traces/random.js";
import {
  bitmap,
  buddy,
  bump,
  everyFunction,
  quick,
  seed,
  segregated,
  sequential,
  testConfig,
  type TestConfig,
} from "./support/configs.js";
import { tidyExceptions } from "./support/clang-tidy.js";
import { drawnHeap, drawnPolicies } from "./support/drawn-heaps.js";
import { headerless, headerlessFunctions } from "./support/headerless.js";
import { lintC, neededTidyExceptions } from "./support/lint-c.js";
import { hooksOf } from "./support/run-on-host.js";
import { chooseSample } from "./support/sample.js";
import { drawConfig } from "./support/sampled-configs.js";
import { bytes } from "../src/units.js";

function filesOf(test: TestConfig): readonly SourceFile[] {
  const config = testConfig(test);
  const target = loadTarget(config.target);
  return emitC(makePlan(config, target), {
    version: "0.0.0",
    configName: "alloc-gen.json",
    configHash: "0123456789abcdef",
    targetName: target.name,
  });
}

const everyField = { magic: { bits: 16, value: 0xbeef }, tag: { bits: 8 }, requested: {} };

const frugal = sequential({
  fit: "best",
  ties: "highest",
  order: "in-place",
  split: "two-ended",
  wilderness: "none",
});

/** Between them they use every partial template and both sides of each switch. */
const configs: Readonly<Record<string, TestConfig>> = {
  "hardened, basic": { policy: segregated(), hardening: { tier: "basic" } },
  "hardened, guard": { policy: segregated(), hardening: { tier: "guard" } },
  "hardened bitmap": { policy: bitmap(), hardening: { tier: "basic" } },
  "buddies of one unit": {
    policy: buddy(256),
    limits: { largest: 234 },
    zeroSize: "unique",
    placement: { kind: "runtime", instances: "many" },
  },
  "hardened buddies": { policy: buddy(), hardening: { tier: "basic" } },
  "hardened ring": {
    policy: sequential({ order: "lifo", wilderness: "none" }),
    hardening: { tier: "basic" },
    boundaryTag: "footer",
  },
  "seed preset": { policy: seed, links: { place: "slots", slots: 32 } },
  "first fit by address": { policy: sequential(), size: 4096, target: "cortex-m0" },
  "next fit by address, footer": { policy: sequential({ fit: "next" }), boundaryTag: "footer" },
  "next fit, list neighbours": {
    policy: sequential({ fit: "next", order: "fifo", coalesce: "list-neighbours" }),
  },
  "best fit, lifo, prevSize": {
    policy: sequential({ fit: "best", order: "lifo" }),
    boundaryTag: "prevSize",
    size: 1 << 20,
    alignment: 4,
  },
  "best, in place, two-ended": { policy: frugal },
  "best, in place, by neighbour": { policy: { ...frugal, split: "by-neighbour" } },
  "next, address, by neighbour": {
    policy: { ...frugal, fit: "next", ties: "list", order: "address", split: "by-neighbour" },
    boundaryTag: "footer",
  },
  "segregated, no flag for blocks in use": { policy: segregated(), size: 200_000 },
  "best, in place, no flag for blocks in use": { policy: frugal, size: 1 << 18 },
  "best, in place, every function": { policy: frugal, api: everyFunction },
  "best, in place, two-ended, shifted links": { policy: frugal, size: 1 << 19 },
  "worst, in place, high, prevSize": {
    policy: { ...frugal, fit: "worst", split: "high" },
    boundaryTag: "prevSize",
    fields: everyField,
  },
  "first, fifo ring": { policy: { ...frugal, fit: "first", ties: "list", order: "fifo" } },
  "best, lifo, wilderness, high": {
    policy: { ...frugal, order: "lifo", wilderness: "last", split: "high" },
  },
  "worst, slots, two-ended": {
    policy: { ...frugal, fit: "worst", order: "fifo", wilderness: "first" },
    links: { place: "slots", slots: 9 },
  },
  "worst, address, two-ended": { policy: { ...frugal, order: "address", fit: "worst" } },
  "best, address, high, highest": { policy: { ...frugal, order: "address", split: "high" } },
  "no wilderness, address": { policy: sequential({ wilderness: "none" }), links: { width: 32 } },
  "no wilderness, address, best": { policy: sequential({ wilderness: "none", fit: "best" }), size: 1 << 20 },
  "no wilderness, address, prevSize": { policy: sequential({ wilderness: "none" }), boundaryTag: "prevSize" },
  "no wilderness, fifo, footer": { policy: sequential({ wilderness: "none", order: "fifo" }) },
  "no wilderness, lifo, no tags": {
    policy: sequential({ wilderness: "none", order: "lifo" }),
    boundaryTag: "none",
  },
  "no wilderness, slots": { policy: sequential({ wilderness: "none" }), links: { place: "slots", slots: 8 } },
  "no wilderness, deferred": { policy: sequential({ wilderness: "none", coalesce: "deferred" }) },
  "worst fit, fifo, no tags": {
    policy: sequential({ fit: "worst", order: "fifo" }),
    boundaryTag: "none",
    placement: { kind: "static", section: ".ccmram" },
  },
  "best fit, deferred": { policy: sequential({ fit: "best", coalesce: "deferred" }), zeroSize: "unique" },
  "first fit, never, slots": {
    policy: sequential({ coalesce: "never", wilderness: "first", order: "lifo" }),
    links: { place: "slots", slots: 8, width: 32 },
  },
  "first fit, every field": { policy: sequential({ order: "lifo" }), fields: everyField, alignment: 16 },
  "next fit, slots by address": { policy: sequential({ fit: "next" }), links: { place: "slots", slots: 20 } },
  ...headerless,
  ...headerlessFunctions,
  segregated: { policy: segregated() },
  "segregated, two-ended": { policy: segregated({ split: "two-ended" }) },
  "segregated, two-ended, no probe, two levels": {
    policy: segregated({ split: "two-ended", probe: false, subdivisions: 8 }),
    boundaryTag: "prevSize",
  },
  "segregated, a header of many words": {
    policy: segregated({ subdivisions: 1, probe: false, ...quick(1024, 2) }),
    boundaryTag: "prevSize",
    fields: { magic: { bits: 5, value: 22 } },
    size: 16384,
    alignment: 4,
  },
  "segregated, by neighbour": { policy: segregated({ split: "by-neighbour" }), size: 1 << 18 },
  "every function, by address": { policy: sequential(), api: everyFunction, target: "cortex-m0" },
  "every function, footers, every field": {
    policy: sequential({ order: "lifo" }),
    api: everyFunction,
    fields: everyField,
    alignment: 4,
    lock: { kind: "primask" },
    zeroSize: "unique",
  },
  "every function, prevSize, no untouched space": {
    policy: sequential({ order: "fifo", wilderness: "none" }),
    api: everyFunction,
    boundaryTag: "prevSize",
    limits: { smallest: 30 },
    fields: { tag: { bits: 8 } },
  },
  "every function, segregated": { policy: segregated(), api: everyFunction, lock: { kind: "primask" } },
  "every function, segregated, prevSize": {
    policy: segregated({ probe: false, subdivisions: 2 }),
    boundaryTag: "prevSize",
    api: everyFunction,
    fields: { tag: { bits: 8 }, requested: {} },
    zeroSize: "unique",
    target: "cortex-m0",
  },
  "segregated, quick lists": { policy: segregated(quick()) },
  "segregated, quick lists, a checksum, two levels": {
    policy: segregated({ ...quick(100, 300), subdivisions: 8 }),
    fields: { ...everyField, checksum: { bits: 8 } },
    target: "cortex-m0plus",
  },
  "segregated, quick lists, every function": {
    policy: segregated(quick()),
    api: everyFunction,
    fields: { tag: { bits: 8 } },
    lock: { kind: "primask" },
    placement: { kind: "runtime", instances: "many" },
  },
  "segregated, deferred": { policy: segregated({ coalesce: "deferred" }), lock: { kind: "primask" } },
  "segregated, deferred, two levels, every function": {
    policy: segregated({ coalesce: "deferred", subdivisions: 8 }),
    api: everyFunction,
    fields: { tag: { bits: 8 }, requested: {} },
  },
  "segregated, deferred, quick lists, every function": {
    policy: segregated({ coalesce: "deferred", ...quick() }),
    api: everyFunction,
    size: 1 << 18,
    target: "cortex-m0",
  },
  "every function, slots": {
    policy: seed,
    links: { place: "slots", slots: 32 },
    api: everyFunction,
    alignment: 16,
    placement: { kind: "runtime", instances: "many" },
  },
  "a checksum": { policy: segregated(), fields: { ...everyField, checksum: { bits: 16 } } },
  "a checksum, every function, locked": {
    policy: sequential({ order: "lifo" }),
    api: everyFunction,
    fields: { tag: { bits: 8 }, checksum: { bits: 5 } },
    lock: { kind: "primask" },
    target: "cortex-m0plus",
  },
  "calloc alone": { policy: segregated(), api: { calloc: true } },
  "realloc alone": { policy: sequential({ wilderness: "none" }), api: { realloc: true } },
  "walk alone": { policy: sequential({ fit: "next", coalesce: "never" }), api: { walk: true } },
  "check alone": { policy: sequential({ order: "lifo" }), boundaryTag: "none", api: { check: true } },
  "stats alone": { policy: sequential({ order: "fifo" }), api: { stats: true }, lock: { kind: "primask" } },
  "usable size alone": { policy: sequential(), api: { usableSize: true } },
  "aligned allocation alone": { policy: sequential({ coalesce: "deferred" }), api: { alignedAlloc: true } },
  "segregated, no probe, v6-M": {
    policy: segregated({ probe: false, subdivisions: 32 }),
    target: "cortex-m0plus",
    size: 1 << 20,
  },
  "segregated, exact classes, v6-M": {
    policy: segregated(),
    limits: { largest: 100, smallest: 9 },
    size: 512,
    target: "cortex-m0",
  },
  "segregated, every function, RISC-V": {
    policy: segregated(),
    api: everyFunction,
    lock: { kind: "primask" },
    target: "rv32imc",
  },
  "segregated, every function, RISC-V without products": {
    policy: segregated({ split: "two-ended" }),
    api: everyFunction,
    target: "rv32ec",
    size: 2048,
  },
  "a buddy, calloc, RISC-V without products": {
    policy: buddy(),
    api: { calloc: true, realloc: true },
    target: "rv32ec",
  },
  "segregated, a large heap, RISC-V without products": {
    policy: segregated({ subdivisions: 8 }),
    api: { calloc: true },
    target: "rv32ec",
    size: 1 << 21,
  },
  "by address, every function, RISC-V with Zbb": {
    policy: sequential(),
    api: everyFunction,
    lock: { kind: "primask" },
    target: "hazard3",
    placement: { kind: "runtime", instances: "many" },
  },
  "segregated, prevSize, every field": {
    policy: segregated({ subdivisions: 1 }),
    boundaryTag: "prevSize",
    fields: { ...everyField, padding: { bits: 5 } },
    alignment: 32,
    placement: { kind: "static", section: ".noinit" },
  },
};

/** Where a heap may lie and what may guard it. */
const places: Readonly<Record<string, TestConfig>> = {
  "between symbols, PRIMASK, deferred": {
    policy: sequential({ coalesce: "deferred" }),
    placement: { kind: "linker", start: "heap_start", end: "heap_end" },
    lock: { kind: "primask" },
  },
  "where init is told, BASEPRI, segregated": {
    policy: segregated(),
    placement: { kind: "runtime", instances: "one" },
    lock: { kind: "basepri", priority: 0x40 },
    fields: everyField,
  },
  "many, hooks, segregated, v6-M": {
    policy: segregated(),
    placement: { kind: "runtime", instances: "many" },
    lock: { kind: "custom", header: "app_heap_lock.h" },
    target: "cortex-m0",
    alignment: 64,
  },
  "many, the seed's slots": {
    policy: seed,
    links: { place: "slots", slots: 32 },
    placement: { kind: "runtime", instances: "many" },
    lock: { kind: "primask" },
  },
  "many, best fit by address, no tags": {
    policy: sequential({ fit: "best" }),
    placement: { kind: "runtime", instances: "many" },
    fields: everyField,
  },
  "many, next fit with footers": {
    policy: sequential({ fit: "next" }),
    boundaryTag: "footer",
    placement: { kind: "runtime", instances: "many" },
    lock: { kind: "basepri", priority: 0x40 },
  },
  ...Object.fromEntries(
    Object.entries({
      "segregated, prevSize": { policy: segregated(), boundaryTag: "prevSize", fields: everyField },
      "a ring": { policy: sequential({ fit: "best", order: "lifo", wilderness: "none" }) },
      "many bitmaps": { policy: bitmap(), placement: { kind: "runtime", instances: "many" } },
      "an arena": { policy: bump("lifo") },
    } satisfies Readonly<Record<string, TestConfig>>).map(([name, config]): [string, TestConfig] => [
      `rules of realloc, ${name}`,
      { ...config, api: { realloc: true, alignedAlloc: true }, realloc: { keepAlignment: bytes(64) } },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries({ "a buddy": buddy(), "a bitmap": bitmap(), "an arena": bump("lifo") }).map(
      ([name, policy]): [string, TestConfig] => [
        `copies of realloc unlocked, ${name}`,
        { policy, api: { realloc: true }, lock: { kind: "primask" }, realloc: { copyUnlocked: true } },
      ],
    ),
  ),
};

/** And some nobody chose. */
function drawn(): readonly [string, TestConfig][] {
  const sampleSeed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);
  const random = seededRandom(sampleSeed, "generated C");
  const found: [string, TestConfig][] = [];
  while (found.length < 8) {
    const config = drawConfig(random);
    if (!isRefused(config)) found.push([`ALLOC_GEN_SEED=${sampleSeed}: ${JSON.stringify(config)}`, config]);
  }
  return found;
}

/** A header of hooks as a user would write it. */
function hooks({ lock, target = "cortex-m4" }: TestConfig): readonly SourceFile[] {
  if (lock?.kind !== "custom") return [];
  return [{ name: lock.header, text: machineOf(loadTarget(target)).lockHooks("APP_HEAP") }];
}

function isRefused(config: TestConfig): boolean {
  try {
    filesOf(config);
    return false;
  } catch (error) {
    if (error instanceof AllocGenError) return true;
    throw error;
  }
}

/** The decision that a hardened heap's header leaves: how a compiler is told what a block is. */
const blockAttributes = [
  "#ifndef APP_HEAP_ALLOCATES",
  "#if defined(__GNUC__) && !defined(__clang__) && (__GNUC__ >= 11)",
  "#elif defined(__GNUC__)",
  "#else",
];

const chosen = Object.entries({ ...configs, ...places }).map(([name, config]) => ({
  name,
  config,
  deep: false,
}));
const nobodysChoice = drawn().map(([name, config]) => ({ name, config, deep: true }));

describe.each([...chosen, ...nobodysChoice])("$name", ({ config, deep }) => {
  const files = filesOf(config);
  const text = files.map((file) => file.text).join("");

  test("is clean for Clang, clang-tidy, GCC's analyser, cppcheck and as C++", async () => {
    const { target = "cortex-m4" } = config;
    expect(await lintC(files, hooks(config), { deep, target })).toEqual([]);
  });

  test("is the same each time", () => {
    expect(filesOf(config)).toEqual(files);
  });

  test("leaves no decision to the preprocessor", () => {
    const conditions = text.split("\n").filter((line) => /^\s*#\s*(if|elif|else)/.test(line));
    const hook = /_CORRUPT\(/.test(text) ? ["#ifndef APP_HEAP_CORRUPT"] : [];
    const attribute = /_MUST_CHECK|_MAY_ALIAS/.test(text) ? ["#ifdef __GNUC__", "#else"] : [];
    const blocks = text.includes("#ifndef APP_HEAP_ALLOCATES") ? blockAttributes : [];
    expect(new Set(conditions)).toEqual(
      new Set(["#ifndef APP_HEAP_H_INCLUDED", "#ifdef __cplusplus", ...hook, ...attribute, ...blocks]),
    );
  });

  test("fits 120 columns, without tabs or trailing blanks", () => {
    expect(text.split("\n").filter((line) => line.length > 120 || /\t|\s$/.test(line))).toEqual([]);
    expect(text).not.toMatch(/\n\n\n|\{\n\n|\n\n *\}/);
    expect(files.every((file) => file.text.endsWith("\n") && !file.text.endsWith("\n\n"))).toBe(true);
  });

  test("holds nothing that a template left behind", () => {
    expect(text).not.toMatch(/\{\{|\}\}|\[object|NaN/);
  });

  test("names every constant it defines", () => {
    const [header, source] = files.map((file) => file.text);
    for (const [, name] of source?.matchAll(/^#define (\w+)/gm) ?? []) {
      const uses = `${header}${source}`.match(new RegExp(`\\b${name}\\b`, "g")) ?? [];
      expect(uses.length, name).toBeGreaterThan(1);
    }
    expect(header).toContain("#define APP_HEAP_MAX_REQUEST");
  });
});

/** As a user writes them, with every field of the format. */
const written = chooseSample([...drawnPolicies.keys()], 4, "analysers").map(drawnHeap);

test.each(written)("$title is clean for the same checkers", async (heap) => {
  expect(await lintC(heap.files, hooksOf(heap), { deep: true })).toEqual([]);
});

test("no check of clang-tidy is left out that finds nothing", async () => {
  const atomic = chosen.filter(({ name }) => name === "pool, atomic").map(({ config }) => filesOf(config));
  const needed = await Promise.all([drawnHeap(138).files, ...atomic].map(neededTidyExceptions));
  expect(Object.keys(tidyExceptions).filter((name) => !needed.flat().includes(name))).toEqual([]);
});
