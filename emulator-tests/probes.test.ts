/** Every public function of every policy is called and held against the reference, and a function that errs is found. */
import { describe, expect, test } from "vitest";
import { verifies } from "../src/header/facts.js";
import { corruptionHook } from "../src/verify/probes/corruption.js";
import { lookProbes } from "../src/verify/probes/looks.js";
import { allProbes } from "../src/verify/probes/run-probes.js";
import { proveInterface, type InterfaceProof } from "../src/verify/interface.js";
import { publicNames, uncalledNames, allocatorNames } from "../src/outputs/c/names.js";
import { benchFor, type Edit } from "./support/bench.js";
import {
  buddy,
  everyFunction,
  quick,
  seed,
  segregated,
  sequential,
  type TestConfig,
} from "./support/configs.js";
import { generatedFiles } from "./support/generated-program.js";
import { planOf } from "./support/dumps.js";
import { editOf } from "./support/hand-made-fault.js";
import { headerlessFunctions } from "./support/headerless.js";
import { lookFaults } from "./support/look-faults.js";
import { chooseSample } from "./support/sample.js";

const api = everyFunction;
const everyField = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };
const size = 4096;

const configs: Readonly<Record<string, TestConfig>> = {
  "the default": { policy: segregated() },
  "first fit, address order": { policy: sequential(), size, api },
  "first fit, every field": {
    policy: sequential({ order: "lifo" }),
    size,
    api,
    fields: everyField,
    zeroSize: "unique",
  },
  "the seed": { policy: seed, links: { place: "slots", slots: 20 }, size, api },
  "slots of words, whose sizes have bits that no offset has": {
    policy: sequential({ split: "high" }),
    links: { place: "slots", slots: 2, width: 32 },
    boundaryTag: "none",
    size: 6480,
    api,
    alignment: 4,
    target: "cortex-m7",
  },
  "deferred coalescing": { policy: sequential({ coalesce: "deferred", order: "fifo" }), size, api },
  "deferred coalescing without a wilderness": {
    policy: sequential({ coalesce: "deferred", fit: "worst", wilderness: "none" }),
    size,
    api,
    target: "cortex-m0",
  },
  "buddies of 1 KiB": { policy: buddy(1024), size: 16 * 1024, api },
  "segregated, every field": {
    policy: segregated(),
    boundaryTag: "prevSize",
    size,
    api,
    fields: everyField,
    target: "cortex-m0",
  },
  "segregated, quick lists, a checksum": {
    policy: segregated(quick(100, 9)),
    size,
    api,
    fields: { checksum: { bits: 8 } },
  },
  "a checksum, footers": {
    policy: sequential({ order: "lifo" }),
    size,
    api,
    fields: { checksum: { bits: 8 } },
  },
  "a checksum, previous sizes": {
    policy: sequential({ order: "fifo", fit: "next" }),
    boundaryTag: "prevSize",
    size,
    api: { realloc: true },
    fields: { checksum: { bits: 8 } },
  },
  "sizes and previous sizes with more bits than sizes have": {
    policy: segregated(),
    boundaryTag: "prevSize",
    size,
    alignment: 16,
    api: { check: true },
    fields: { size: { unit: "granules", bits: 30 }, prevSize: { bits: 32 } },
  },
  "a checksum, address order": {
    policy: sequential(),
    size,
    api: { realloc: true },
    fields: { tag: { bits: 4 }, requested: {}, checksum: { bits: 5 } },
    target: "cortex-m0",
  },
  "a wide checksum, classes": {
    policy: segregated(),
    boundaryTag: "prevSize",
    size,
    fields: { ...everyField, checksum: { bits: 16 } },
  },
  "segregated, many, a lock": {
    policy: segregated(),
    size,
    api,
    placement: { kind: "runtime", instances: "many" },
    lock: { kind: "primask" },
  },
  "segregated, memory handed over": {
    policy: segregated(),
    size,
    api,
    placement: { kind: "runtime", instances: "one" },
  },
  ...headerlessFunctions,
};

async function prove(config: TestConfig, edit?: Edit, probes = allProbes): Promise<InterfaceProof> {
  const uncalled = uncalledNames(generatedFiles(config), allocatorNames(planOf(config)));
  const bench = await benchFor(config, edit, uncalled);
  const functions = publicNames(bench.plan, uncalled);
  const hook = (source: string) => corruptionHook(bench.plan) + (edit?.(source) ?? source);
  const hooked = verifies(bench.plan.header) ? (await benchFor(config, hook, uncalled)).image : undefined;
  const whole = { image: bench.image, functions, uncalled, ...(hooked === undefined ? {} : { hooked }) };
  return proveInterface(bench, whole, 1, probes);
}

describe("the interface is as in the reference, and all of it was called", () => {
  test.each(Object.entries(configs))("%s", async (_name, config) => {
    const { mismatch, notRun, functions, states } = await prove(config);
    expect(mismatch).toBeUndefined();
    expect(notRun).toEqual([]);
    expect(functions).toBeGreaterThan(2);
    expect(states).toBeGreaterThan(10);
  });
});

test("a function without a probe is told by name", async () => {
  const { walk: _walk, ...others } = allProbes;
  const { notRun, mismatch } = await prove(
    configs["first fit, address order"] as TestConfig,
    undefined,
    others,
  );
  expect(mismatch).toBeUndefined();
  expect(notRun).toEqual([{ what: "app_heap_walk", reason: "no probe calls it" }]);
  expect(Object.keys(lookProbes)).toContain("walk");
});

test("an engine that only replays leaves out what no replay calls", async () => {
  const config: TestConfig = { policy: sequential(), size, api: { check: true, calloc: true } };
  const uncalled = uncalledNames(generatedFiles(config), allocatorNames(planOf(config)));
  const bench = await benchFor(config, undefined, uncalled);
  const { caller: _caller, ...engine } = bench.engine;
  const functions = publicNames(bench.plan, uncalled);
  const whole = { image: bench.image, functions, uncalled };
  const { notRun } = proveInterface({ ...bench, engine: { ...engine, name: "replayer" } }, whole, 1);
  const reason = "replayer replays operations, and calls no single functions";
  expect(notRun).toEqual([
    { what: "functions called one by one", reason },
    { what: "app_heap_check", reason },
  ]);
});

describe("a fault of a function that no replay calls is found", () => {
  test.each(chooseSample(lookFaults, 40, "look faults"))("$name", async (fault) => {
    const { mismatch } = await prove(fault.config, editOf(fault));
    expect(mismatch).toBeDefined();
  });
});
