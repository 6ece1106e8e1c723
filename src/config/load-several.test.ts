import { describe, expect, it } from "vitest";
import { AllocGenError, formatDiagnostic } from "../diagnostics.js";
import { chooseHeap, parseHeapsText } from "./load-several.js";
import type { LoadOptions } from "./resolve-document.js";

const targets = ["cortex-m0", "cortex-m4"];

const load = (text: string, options: LoadOptions = {}) =>
  parseHeapsText(text, "alloc-gen.json", { targets, ...options });

/** The lines a user would read. */
function faultsOf(text: string, options: LoadOptions = {}): string[] {
  return linesOf(() => load(text, options));
}

function linesOf(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof AllocGenError) return error.diagnostics.map(formatDiagnostic);
    throw error;
  }
  return [];
}

const two = `{
  "target": "cortex-m4",
  "policy": { "kind": "segregated-fit" },
  "lock": "primask",
  "heaps": [
    { "name": "fast_heap", "heap": { "size": "4KiB" }, "capabilities": ["fast"] },
    { "name": "big_heap", "heap": { "size": "64KiB" }, "lock": "none", "capabilities": ["dma", "fast"] }
  ],
  "front": { "name": "app", "fallback": ["big_heap", "fast_heap"] }
}`;

describe("a config of several heaps", () => {
  it("gives each what all share and what is its own", () => {
    const { heaps, multiHeap } = load(two);
    expect(heaps.map(({ config }) => [config.name, config.heap.size, config.lock.kind])).toEqual([
      ["fast_heap", 4096, "primask"],
      ["big_heap", 65536, "none"],
    ]);
    expect(heaps.map(({ config }) => config.policy.kind)).toEqual(["segregated-fit", "segregated-fit"]);
    expect(multiHeap?.capabilities).toEqual(["fast", "dma"]);
    expect(multiHeap?.heaps.map(({ name, capabilities }) => [name, ...capabilities])).toEqual([
      ["big_heap", "dma", "fast"],
      ["fast_heap", "fast"],
    ]);
    expect(heaps.every(({ config }) => config.owned)).toBe(true);
  });

  it("makes heaps as a config of one would, but for what the front asks", () => {
    const alone = `{ "name": "fast_heap", "target": "cortex-m4", "heap": { "size": 4096 },
      "policy": { "kind": "segregated-fit" }, "lock": "primask" }`;
    const [single] = load(alone).heaps;
    const [first] = load(
      two.replace(/,\s*"front".*\n/, "\n").replaceAll(/, "capabilities": \[[^\]]*\]/g, ""),
    ).heaps;
    expect(first?.sha256).toBe(single?.sha256);
    expect(load(two).heaps[0]?.sha256).not.toBe(single?.sha256);
  });

  it("is read as one heap where it says nothing of several", () => {
    const [line] = faultsOf('{ "target": "cortex-m4" }');
    expect(line).toBe('alloc-gen.json:1:1: missing key "name" (allowed: a string)');
  });

  it("tells every fault once, at its place", () => {
    const text = `{
  "target": "cortex-m5",
  "policy": { "kind": "sequential-fit", "fit": "frist" },
  "heps": [],
  "heaps": [
    { "name": "fast_heap", "heap": { "size": "4KB" }, "ploicy": 1 },
    { "name": "int", "header": "atuo" },
    7
  ]
}`;
    expect(faultsOf(text)).toEqual([
      'alloc-gen.json:2:13: target: found "cortex-m5"; did you mean "cortex-m0"? (allowed: "cortex-m0", "cortex-m4")',
      'alloc-gen.json:3:48: policy.fit: found "frist"; did you mean "first"? (allowed: "first", "next", "best", "worst")',
      'alloc-gen.json:4:3: unknown key "heps" (allowed: $schema, target, chip, toolchain, policy, header, limits, api, hardening, lock, init, outputs, verify, budgets, heaps, front)',
      'alloc-gen.json:6:46: heaps[0].heap.size: found "4KB" (allowed: a whole number from 0, or a size such as "32KiB", or an object)',
      'alloc-gen.json:6:55: heaps[0]: unknown key "ploicy"; did you mean "policy"? (allowed: name, heap, policy, header, limits, api, hardening, lock, init, outputs, verify, budgets, capabilities)',
      'alloc-gen.json:7:5: heaps[1]: missing key "heap" (allowed: an object)',
      'alloc-gen.json:7:15: heaps[1].name: found "int", but it is a reserved word of C11',
      'alloc-gen.json:7:32: heaps[1].header: found "atuo"; did you mean "auto"? (allowed: "auto", or an object)',
      "alloc-gen.json:8:5: heaps[2]: found 7 (allowed: an object)",
    ]);
  });

  it("asks for a target once", () => {
    expect(faultsOf(two.replace('"target": "cortex-m4",', ""))).toEqual([
      'alloc-gen.json:1:1: missing key "target" (allowed: "cortex-m0", "cortex-m4")',
    ]);
  });

  const cases: Readonly<Record<string, readonly [string, ...string[]]>> = {
    "no heap": [
      two.replace(/"heaps": \[[^]*\],\n {2}"front".*\n/, '"heaps": []\n'),
      "alloc-gen.json:5:12: heaps: found an empty list, but nothing would be generated",
    ],
    "one name twice": [
      two
        .replace("big_heap", "fast_heap")
        .replace(/,\s*"front".*\n/, "\n")
        .replaceAll(/, "capabilities": \[[^\]]*\]/g, ""),
      'alloc-gen.json:7:15: heaps[1].name: found "fast_heap", but heaps[0] has that name too',
    ],
    "a front called as a heap": [
      two.replace('"app"', '"big_heap"'),
      'alloc-gen.json:9:22: front.name: found "big_heap", but one of the heaps has that name',
    ],
    "a heap that is not there": [
      two.replace('"fallback": ["big_heap"', '"fallback": ["bigheap"'),
      'alloc-gen.json:9:41: front.fallback: found a list, but every heap must be listed, and "big_heap" is missing',
      'alloc-gen.json:9:42: front.fallback[0]: found "bigheap"; did you mean "big_heap"? (allowed: "fast_heap", "big_heap")',
    ],
    "a heap tried twice": [
      two.replace('"big_heap", "fast_heap"]', '"big_heap", "fast_heap", "big_heap"]'),
      "alloc-gen.json:9:67: front.fallback[2]: found a repeated item, but item 1 of the list is the same",
    ],
    "capabilities that nobody asks for": [
      two.replace(/,\s*"front".*\n/, "\n").replace(', "capabilities": ["fast"]', ""),
      'alloc-gen.json:7:88: heaps[1].capabilities: found a list, but only a multi-heap uses capabilities: "front" is missing',
    ],
    "a capability that is no word": [
      two.replace('["dma", "fast"]', '["DMA", "fast", "fast"]'),
      'alloc-gen.json:7:89: heaps[1].capabilities[0]: found "DMA" (allowed: a word of lower-case letters, digits and single underscores, such as "dma")',
      "alloc-gen.json:7:104: heaps[1].capabilities[2]: found a repeated item, but item 2 of the list is the same",
    ],
    "a heap whose place init is told": [
      two.replace('"64KiB" }', '"64KiB", "placement": "runtime" }'),
      'alloc-gen.json:7:67: heaps[1].heap.placement: found "runtime", but the multi-heap initializes its heaps: each must be an array, or lie between linker symbols',
    ],
    "regions of a heap of which there is one": [
      two.replace('"name": "app"', '"name": "app", "regions": { "heap": "fast_heap", "most": 2 }'),
      'alloc-gen.json:9:50: front.regions.heap: found "fast_heap", but there is one of it: "instances" must be "many"',
      'alloc-gen.json:9:101: front.fallback[1]: found "fast_heap" (allowed: "big_heap")',
    ],
    "regions of no heap": [
      two.replace('"name": "app"', '"name": "app", "regions": { "heap": "fastheap", "most": 17 }'),
      "alloc-gen.json:9:70: front.regions.most: found 17 (allowed: a whole number from 1 to 16)",
    ],
    "a function over heaps of which one lacks what it calls": [
      two
        .replace('"64KiB" }', '"64KiB" }, "api": { "realloc": true }')
        .replace('"name": "app"', '"name": "app", "api": { "realloc": true, "alignedAlloc": false }'),
      'alloc-gen.json:9:49: front.api.realloc: found true, but it calls realloc of fast_heap and usableSize of fast_heap, big_heap, which "api" of the heap does not ask for',
    ],
    "by size, what goes with capabilities": [
      two
        .replace('"name": "app"', '"name": "app", "by": "size"')
        .replace(
          '"64KiB" }',
          '"64KiB", "placement": { "kind": "linker", "start": "heap_a", "end": "heap_b" } }',
        ),
      'alloc-gen.json:6:72: heaps[0].capabilities: found a list, but the front chooses by size: "front.by" must be "capabilities"',
      'alloc-gen.json:7:67: heaps[1].heap.placement: found "linker", but by size, the front takes a block to its heap by where arrays begin: only the last heap tried may be none',
      'alloc-gen.json:7:159: heaps[1].capabilities: found a list, but the front chooses by size: "front.by" must be "capabilities"',
    ],
    "more capabilities than bits": [
      two.replace('["dma", "fast"]', JSON.stringify(Array.from({ length: 32 }, (_, index) => `c${index}`))),
      "alloc-gen.json:5:12: heaps: found 33 capabilities, but a request selects capabilities by 32 bits",
    ],
  };
  it.each(Object.entries(cases))("refuses %s", (_name, [text, ...expected]) => {
    expect(faultsOf(text)).toEqual(expected);
  });

  it("asks heaps that a front chooses by size where they begin, but not the last one", () => {
    const bySize = two
      .replaceAll(/, "capabilities": \[[^\]]*\]/g, "")
      .replace('"name": "app"', '"name": "app", "by": "size"');
    const { heaps, multiHeap } = load(bySize);
    expect(multiHeap?.by).toBe("size");
    expect(heaps.map(({ config }) => config.owned)).toEqual([undefined, "start"]);
    expect(load(two).multiHeap?.by).toBe("capabilities");
  });

  it("takes settings for all heaps, and for one", () => {
    const { heaps, multiHeap } = load(two, {
      set: ["policy.probe=false", "heaps.1.heap.size=8KiB", 'front.fallback=["fast_heap","big_heap"]'],
      target: "cortex-m0",
    });
    expect(heaps.map(({ config }) => config.heap.size)).toEqual([4096, 8192]);
    expect(heaps.map(({ config }) => config.target)).toEqual(["cortex-m0", "cortex-m0"]);
    expect(heaps.map(({ config }) => config.policy)).toMatchObject([{ probe: false }, { probe: false }]);
    expect(multiHeap?.heaps[0]?.name).toBe("fast_heap");
    expect(faultsOf(two, { set: ["heaps.1.heap.size=1"] })).toEqual([
      "--set heaps.1.heap.size=1: heaps[1].heap.size: found 1 byte (allowed: 256 bytes to 67108864 bytes (64 MiB))",
    ]);
  });

  it("gives the one that is named", () => {
    const loaded = load(two);
    expect(chooseHeap(loaded, "big_heap").config.name).toBe("big_heap");
    expect(linesOf(() => chooseHeap(loaded, undefined))).toEqual([
      'alloc-gen.json: the config describes several heaps: name one with --heap ("fast_heap", "big_heap")',
    ]);
    expect(linesOf(() => chooseHeap(loaded, "bigheap"))).toEqual([
      '--heap: the config has no heap "bigheap"; did you mean "big_heap"? (allowed: "fast_heap", "big_heap")',
    ]);
  });
});
