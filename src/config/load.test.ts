import { noApi } from "../../emulator-tests/support/configs.js";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AllocGenError, diagnose, formatDiagnostic } from "../diagnostics.js";
import { standardPalette } from "../header/palette.js";
import { loadConfig, parseConfigText } from "./load.js";
import { type LoadOptions } from "./resolve-document.js";

const targets = ["cortex-m0", "cortex-m4", "cortex-m33"];
const plain = `{
  "name": "app_heap",
  "target": "cortex-m4",
  "heap": { "size": "32KiB" },
  "policy": { "kind": "segregated-fit" }
}
`;

function load(text: string, options: LoadOptions = {}) {
  return parseConfigText(text, "alloc-gen.json", { targets, ...options });
}

/** The lines a user would read. */
function faultsOf(text: string, options: LoadOptions = {}): string[] {
  try {
    load(text, options);
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.diagnostics.map(formatDiagnostic);
  }
  return [];
}

const withHeap = (heap: string) => plain.replace('{ "size": "32KiB" }', heap);
const withPolicy = (policy: string) => plain.replace('{ "kind": "segregated-fit" }', policy);
const with_ = (rest: string) => plain.replace('"name"', `${rest}, "name"`);

const lowEnd = { split: "low", smallBelow: 512 };

describe("a config without faults", () => {
  it("gets every default", () => {
    expect(load(plain).config).toEqual({
      name: "app_heap",
      target: "cortex-m4",
      heap: { size: 32768, alignment: 8, placement: { kind: "static" } },
      policy: { kind: "segregated-fit", subdivisions: 2, probe: true, split: "two-ended", smallBelow: 512 },
      header: {
        palette: standardPalette,
        boundaryTag: "auto",
        links: { place: "intrusive", width: "auto", form: "auto", slots: 128 },
        fields: { size: { unit: "auto" } },
      },
      limits: {},
      zeroSize: "null",
      lock: { kind: "none" },
      api: noApi,
      outputs: [],
      neededBy: {},
      toolchain: { compiler: "arm-none-eabi-gcc", optimize: "-O2" },
      verify: {
        seed: 1,
        operations: 20000,
        workloads: ["uniform", "bimodal", "power-law", "lifo", "fifo", "holes", "exhaustion"],
        traces: [],
        strict: false,
      },
      budgets: { cycles: {} },
    });
  });

  it("fills in sequential-fit", () => {
    expect(load(withPolicy('{ "kind": "sequential-fit", "fit": "best" }')).config.policy).toEqual({
      kind: "sequential-fit",
      fit: "best",
      ties: "list",
      order: "address",
      split: "low",
      smallBelow: 512,
      wilderness: "last",
      coalesce: "immediate",
    });
  });

  it("expands the seed preset", () => {
    const { policy, header } = load(withPolicy('{ "kind": "sequential-fit", "preset": "seed" }')).config;
    expect(policy).toEqual({
      kind: "sequential-fit",
      fit: "first",
      ties: "list",
      order: "fifo",
      split: "low",
      smallBelow: 512,
      wilderness: "first",
      coalesce: "list-neighbours",
    });
    expect(header.links.place).toBe("slots");
  });

  it("takes comments, trailing commas, a byte order mark and CRLF", () => {
    const text = `\uFEFF${plain.replace("{\n", "{ // a comment\n").replace('t" }\n}', 't" /* , */ },\n}')}`;
    expect(load(text.replaceAll("\n", "\r\n")).config).toEqual(load(plain).config);
  });

  it("reads sizes in every spelling", () => {
    const size = (written: string) => load(withHeap(`{ "size": ${written} }`)).config.heap.size;
    expect(['"1MiB"', '"4 KiB"', '"4096"', "4096", '"512B"'].map(size)).toEqual([
      1048576, 4096, 4096, 4096, 512,
    ]);
  });

  it("resolves the palette", () => {
    const fields = `{ "size": { "bits": 16, "unit": "bytes" }, "free": true, "requested": true, "tag": true,
      "magic": { "bits": 16 }, "padding": { "bits": 3 }, "prevSize": {} }`;
    expect(load(with_(`"header": { "fields": ${fields} }`)).config.header.fields).toEqual({
      size: { bits: 16, unit: "bytes" },
      free: true,
      requested: {},
      tag: { bits: 8 },
      magic: { bits: 16, value: 0xa5a5 },
      padding: { bits: 3 },
      prevSize: {},
    });
  });

  it("expands the presets of segregated fit", () => {
    const policy = (preset: string) =>
      load(withPolicy(`{ "kind": "segregated-fit", "preset": "${preset}" }`)).config.policy;
    expect(policy("tlsf")).toEqual({ kind: "segregated-fit", subdivisions: 32, probe: false, ...lowEnd });
    expect(policy("half-fit")).toEqual({ kind: "segregated-fit", subdivisions: 1, probe: false, ...lowEnd });
    expect(policy("fast")).toMatchObject({ subdivisions: 1, probe: true, ...lowEnd });
    expect(policy("default")).toMatchObject({ ...load(plain).config.policy, form: { above: 65536 } });
    expect(policy("frugal")).toMatchObject({ subdivisions: 2, probe: true, form: { above: 0 } });
  });

  it("keeps freed blocks of segregated fit only where that is asked for", () => {
    const deferring = (keys: string) =>
      load(withPolicy(`{ "kind": "segregated-fit", ${keys} }`)).config.policy;
    expect(deferring('"coalesce": "immediate"')).toEqual(load(plain).config.policy);
    expect(deferring('"coalesce": "deferred"')).toMatchObject({ coalesce: "deferred" });
    expect(deferring('"quickLists": {}')).toMatchObject({ quickLists: { upTo: 128, most: 32 } });
    expect(deferring('"preset": "tlsf", "quickLists": { "upTo": "1KiB", "most": 300 }')).toEqual({
      ...{ kind: "segregated-fit", subdivisions: 32, probe: false, ...lowEnd },
      quickLists: { upTo: 1024, most: 300 },
    });
  });

  it("hashes what decides the C, not how it is written", () => {
    const { sha256 } = load(plain);
    const reordered = `{ "policy": { "kind": "segregated-fit", "probe": true }, // same
      "heap": { "size": 32768 }, "name": "app_heap", "target": "cortex-m4" }`;
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(load(reordered).sha256).toBe(sha256);
    expect(load(plain, { set: ["verify.seed=9", "toolchain.optimize=-Os"] }).sha256).toBe(sha256);
    expect(load(plain, { set: ["heap.size=16KiB"] }).sha256).not.toBe(sha256);
    expect(load(plain, { target: "cortex-m0" }).sha256).not.toBe(sha256);
  });

  it("hashes the cycles that the C's header names, and the level they hold at", () => {
    const hash = (...set: readonly string[]): string => load(plain, { set }).sha256;
    const bounded = "budgets.cycles.malloc.bound=90";
    expect(hash("budgets.cycles.malloc.worst=90")).toBe(hash());
    expect(hash(bounded)).not.toBe(hash());
    expect(hash(bounded, "toolchain.optimize=-Os")).not.toBe(hash(bounded));
  });
});

describe("syntax", () => {
  it("reports several errors at once, beside other faults", () => {
    const text = `{
  "name": app,
  "target": "cortex-m4"
  "heap": { "size": "32KiB", "aligment": 8 },
  "policy": { "kind": "segregated-fit" }
}`;
    expect(faultsOf(text)).toEqual([
      'alloc-gen.json:2:11: syntax error: "app" is not a value; strings need double quotes',
      'alloc-gen.json:2:14: syntax error: found ",", expected a value',
      'alloc-gen.json:4:3: syntax error: found "\\"heap\\"", expected ","',
      'alloc-gen.json:4:30: heap: unknown key "aligment"; did you mean "alignment"? (allowed: size, alignment, cacheLine, placement, region, instances)',
    ]);
  });

  it("does not guess what stands inside what when a bracket is missing", () => {
    const text = plain.replace('"32KiB" }', '"32KiB"');
    expect(faultsOf(text)).toEqual([
      'alloc-gen.json:7:1: syntax error: found the end of the file, expected "}"',
    ]);
  });

  it("names an empty file, and nesting without end", () => {
    expect(faultsOf("")).toEqual([
      "alloc-gen.json:1:1: syntax error: found the end of the file, expected a value",
    ]);
    expect(faultsOf("[".repeat(100_000))).toEqual([
      "alloc-gen.json:1:101: syntax error: nested deeper than 100 levels",
    ]);
  });

  it("counts brackets in text as text", () => {
    const [fault] = faultsOf(plain.replace("app_heap", "[".repeat(200)));
    expect(fault).toContain("alloc-gen.json:2:11: name: found");
  });

  it("reports at most 20 errors of a file that is no JSON", () => {
    expect(faultsOf("{ ".concat("x ".repeat(1000)))).toHaveLength(20);
  });
});

describe("shape", () => {
  it("reports every fault with its place, what was found, what is allowed and the nearest word", () => {
    const text = `{
  "name": 7,
  "heap": { "size": "32KB", "size": true },
  "policy": { "kind": "sequential-fit", "fit": "frist", "ordr": "lifo" },
  "header": { "boundaryTag": "foot", "fields": { "free": false, "tag": { "bits": 40 } } },
  "verify": { "seed": -1, "workloads": ["uniform", "bimodel"], "traces": "a" },
  "hardenning": "none",
  "__proto__": {}
}`;
    expect(faultsOf(text)).toEqual([
      'alloc-gen.json:1:1: missing key "target" (allowed: "cortex-m0", "cortex-m4", "cortex-m33")',
      "alloc-gen.json:2:11: name: found 7 (allowed: a string)",
      'alloc-gen.json:3:29: key "size" is given twice (first on line 3)',
      'alloc-gen.json:3:37: heap.size: found true (allowed: a whole number from 0, or a size such as "32KiB", or an object)',
      'alloc-gen.json:4:48: policy.fit: found "frist"; did you mean "first"? (allowed: "first", "next", "best", "worst")',
      'alloc-gen.json:4:57: policy: unknown key "ordr"; did you mean "order"? (allowed: kind, preset, fit, ties, order, split, smallBelow, wilderness, coalesce)',
      'alloc-gen.json:5:30: header.boundaryTag: found "foot"; did you mean "footer"? (allowed: "auto", "none", "prevSize", "footer", "bits")',
      "alloc-gen.json:5:58: header.fields.free: found false (allowed: true)",
      "alloc-gen.json:5:82: header.fields.tag.bits: found 40 (allowed: a whole number from 1 to 32)",
      "alloc-gen.json:6:23: verify.seed: found -1 (allowed: a whole number from 0 to 4294967295)",
      'alloc-gen.json:6:52: verify.workloads[1]: found "bimodel"; did you mean "bimodal"? (allowed: "uniform", "bimodal", "power-law", "lifo", "fifo", "holes", "exhaustion", "mixed")',
      'alloc-gen.json:6:74: verify.traces: found "a" (allowed: a list of: a string)',
      'alloc-gen.json:7:3: unknown key "hardenning"; did you mean "hardening"? (allowed: $schema, name, target, chip, heap, policy, header, limits, api, hardening, lock, init, outputs, toolchain, verify, budgets)',
      'alloc-gen.json:8:3: unknown key "__proto__" (allowed: $schema, name, target, chip, heap, policy, header, limits, api, hardening, lock, init, outputs, toolchain, verify, budgets)',
    ]);
  });

  it("lists the targets where the target is missing, unknown or of another type", () => {
    const allowed = '(allowed: "cortex-m0", "cortex-m4", "cortex-m33")';
    const withTarget = (line: string) => faultsOf(plain.replace('"target": "cortex-m4",', line));
    expect(withTarget("")).toEqual([`alloc-gen.json:1:1: missing key "target" ${allowed}`]);
    expect(withTarget('"target": 4,')).toEqual([`alloc-gen.json:3:13: target: found 4 ${allowed}`]);
    expect(withTarget('"target": ["cortex-m4"],')).toEqual([
      `alloc-gen.json:3:13: target: found a list ${allowed}`,
    ]);
    const unlisted = faultsOf(plain.replace('"cortex-m4"', "null"), { targets: undefined });
    expect(unlisted).toEqual(["alloc-gen.json:3:13: target: found null (allowed: a string)"]);
  });

  it("asks for what is missing", () => {
    expect(faultsOf('{ "target": "cortex-m4",\n  "heap": {}, "policy": {} }')).toEqual([
      'alloc-gen.json:1:1: missing key "name" (allowed: a string)',
      'alloc-gen.json:2:11: heap: missing key "size" (allowed: a whole number from 0, or a size such as "32KiB", or an object)',
      'alloc-gen.json:2:25: policy: missing key "kind" (allowed: "sequential-fit", "segregated-fit", "buddy", "pool", "bump", "bitmap")',
    ]);
    expect(faultsOf("[]")).toEqual(["alloc-gen.json:1:1: found an empty list (allowed: an object)"]);
  });

  it("names an unknown policy and an unknown placement", () => {
    expect(faultsOf(withPolicy('{ "kind": "segregated-fits", "x": 1 }'))).toEqual([
      'alloc-gen.json:5:23: policy.kind: found "segregated-fits"; did you mean "segregated-fit"? (allowed: "sequential-fit", "segregated-fit", "buddy", "pool", "bump", "bitmap")',
    ]);
    expect(faultsOf(withHeap('{ "size": 4096, "placement": "statik" }'))).toEqual([
      'alloc-gen.json:4:40: heap.placement: found "statik"; did you mean "static"? (allowed: "static", "linker", "runtime", or an object)',
    ]);
    expect(faultsOf(with_('"header": "atuo"'))).toEqual([
      'alloc-gen.json:2:13: header: found "atuo"; did you mean "auto"? (allowed: "auto", or an object)',
    ]);
  });
});

describe("meaning", () => {
  const cases: Readonly<Record<string, readonly [string, ...string[]]>> = {
    "a reserved word of C": [
      plain.replace("app_heap", "_Atomic"),
      'alloc-gen.json:2:11: name: found "_Atomic", but it is a reserved word of C11',
    ],
    "a reserved word of C++": [
      plain.replace("app_heap", "co_await"),
      'alloc-gen.json:2:11: name: found "co_await", but it is a reserved word of C++20',
    ],
    "no identifier": [
      plain.replace("app_heap", "2nd heap"),
      'alloc-gen.json:2:11: name: found "2nd heap", but a C identifier has only letters, digits and underscores, and does not begin with a digit',
    ],
    "a leading underscore": [
      plain.replace("app_heap", "_heap"),
      'alloc-gen.json:2:11: name: found "_heap", but names that begin with an underscore are reserved in C',
    ],
    "a trailing underscore": [
      plain.replace("app_heap", "heap_"),
      'alloc-gen.json:2:11: name: found "heap_", but a name that ends in an underscore makes two in a row, which C++ reserves',
    ],
    "two underscores": [
      plain.replace("app_heap", "a__b"),
      'alloc-gen.json:2:11: name: found "a__b", but names with two underscores in a row are reserved in C++',
    ],
    "a standard header": [
      plain.replace("app_heap", "string"),
      'alloc-gen.json:2:11: name: found "string", but string.h is a header of the C standard library',
    ],
    "an endless name": [
      plain.replace("app_heap", "a".repeat(64)),
      `alloc-gen.json:2:11: name: found "${"a".repeat(55)}…", but a name has at most 63 characters`,
    ],
    "an unknown target": [
      plain.replace("cortex-m4", "cortexm4"),
      'alloc-gen.json:3:13: target: found "cortexm4"; did you mean "cortex-m4"? (allowed: "cortex-m0", "cortex-m4", "cortex-m33")',
    ],
    "a heap too small": [
      withHeap('{ "size": 248 }'),
      "alloc-gen.json:4:21: heap.size: found 248 bytes (allowed: 256 bytes to 67108864 bytes (64 MiB))",
    ],
    "an array of what init finds": [
      withHeap('{ "size": { "upTo": "8KiB" } }'),
      'alloc-gen.json:4:21: heap.size: found an object, but an array has its size when it is compiled: "placement" must be "linker" or "runtime", where init finds out',
    ],
    "no line of a cache": [
      withHeap('{ "size": 4096, "cacheLine": 24 }'),
      "alloc-gen.json:4:40: heap.cacheLine: found 24 (allowed: 16, 32, 64)",
    ],
    "payloads that share lines": [
      withHeap('{ "size": 4096, "cacheLine": 32, "alignment": 16 }'),
      "alloc-gen.json:4:57: heap.alignment: found 16, but payloads that begin at multiples of 16 share lines: left out, it is the line's size",
    ],
    "a heap too large": [
      withHeap('{ "size": "65MiB" }'),
      "alloc-gen.json:4:21: heap.size: found 68157440 bytes (65 MiB) (allowed: 256 bytes to 67108864 bytes (64 MiB))",
    ],
    "ties where nothing is compared": [
      withPolicy('{ "kind": "sequential-fit", "fit": "next", "ties": "lowest" }'),
      'alloc-gen.json:5:64: policy.ties: found "lowest", but fit "next" takes the first block in the list that is large enough',
    ],
    "a limit of small requests that serves nothing": [
      withPolicy('{ "kind": "sequential-fit", "split": "high", "smallBelow": "1KiB" }'),
      'alloc-gen.json:5:72: policy.smallBelow: found 1024 bytes (1 KiB), but small requests differ from others only where policy.split is "two-ended" or "by-neighbour"',
    ],
    "a limit of small requests where the low end is always handed out": [
      withPolicy('{ "kind": "segregated-fit", "split": "low", "smallBelow": "1KiB" }'),
      'alloc-gen.json:5:71: policy.smallBelow: found 1024 bytes (1 KiB), but small requests differ from others only where policy.split is "two-ended"',
    ],
    "a limit of small requests for a preset that has none": [
      withPolicy('{ "kind": "segregated-fit", "preset": "tlsf", "smallBelow": 1024 }'),
      'alloc-gen.json:5:73: policy.smallBelow: found 1024 bytes (1 KiB), but small requests differ from others only where policy.split is "two-ended"',
    ],
    "a size that is no multiple": [
      withHeap('{ "size": 1028 }'),
      "alloc-gen.json:4:21: heap.size: found 1028 bytes, but the heap's size must be a multiple of its alignment, 8; the next lower one is 1024 bytes (1 KiB)",
    ],
    "an alignment that is no power of two": [
      withHeap('{ "size": 1024, "alignment": 12 }'),
      "alloc-gen.json:4:40: heap.alignment: found 12 (allowed: 4, 8, 16, 32, 64)",
    ],
    "a symbol that is none": [
      withHeap(
        '{ "size": 1024, "placement": { "kind": "linker", "start": "__heap_start", "end": "heap end" } }',
      ),
      'alloc-gen.json:4:92: heap.placement.end: found "heap end", but a C identifier has only letters, digits and underscores, and does not begin with a digit',
    ],
    "a heap between a symbol and itself": [
      withHeap('{ "size": 1024, "placement": { "kind": "linker", "start": "ram_end", "end": "ram_end" } }'),
      'alloc-gen.json:4:87: heap.placement.end: found "ram_end", but the start and end symbols must differ',
    ],
    "instances in one place": [
      withHeap('{ "size": 1024, "placement": "linker", "instances": "many" }'),
      'alloc-gen.json:4:63: heap.instances: found "many", but placement "linker" holds one heap: instances need memory passed to init ("runtime")',
    ],
    "a section of an ELF file": [
      withHeap('{ "size": 1024, "placement": { "kind": "static", "section": ".comment" } }'),
      'alloc-gen.json:4:71: heap.placement.section: found ".comment", but linkers and debuggers use it for something other than variables',
    ],
    "a section of code": [
      withHeap('{ "size": 1024, "placement": { "kind": "static", "section": ".text.heap" } }'),
      'alloc-gen.json:4:71: heap.placement.section: found ".text.heap", but it holds code or constants, which the program cannot write',
    ],
    "a BASEPRI without its priority": [
      with_('"lock": "basepri"'),
      'alloc-gen.json:2:11: lock: found "basepri", but BASEPRI needs the most urgent priority to mask: { "kind": "basepri", "priority": 64 }',
    ],
    "a priority that masks nothing": [
      with_('"lock": { "kind": "basepri", "priority": 0 }'),
      "alloc-gen.json:2:44: lock.priority: found 0 (allowed: a whole number from 1 to 255)",
    ],
    "a budget for waiting without a lock": [
      with_('"budgets": { "interruptLatency": 99 }'),
      'alloc-gen.json:2:36: budgets.interruptLatency: found 99, but without a lock the heap masks no interrupts (lock is "none")',
    ],
    "a header that is the heap's own": [
      with_('"lock": { "kind": "custom", "header": "app_heap.h" }'),
      'alloc-gen.json:2:41: lock.header: found "app_heap.h" (allowed: a header name, such as "app_heap_lock.h")',
    ],
    "a section that would leave its C string": [
      withHeap('{ "size": 1024, "placement": { "kind": "static", "section": "a\\"b" } }'),
      'alloc-gen.json:4:71: heap.placement.section: found "a\\"b" (allowed: a section name of letters, digits, "_", ".", "$" and "-", such as ".ccmram")',
    ],
    "a granule that is no power of two": [
      withPolicy('{ "kind": "bitmap", "granule": 24 }'),
      "alloc-gen.json:5:44: policy.granule: found 24 bytes (allowed: a power of two from 8 to 4096)",
    ],
    "a smallest block below the alignment": [
      withPolicy('{ "kind": "buddy", "smallest": 4 }'),
      "alloc-gen.json:5:44: policy.smallest: found 4 bytes (allowed: a power of two from 8 to 4096)",
    ],
    "two classes of a pool that are one": [
      withPolicy('{ "kind": "pool", "classes": [{ "size": 20, "count": 1 }, { "size": 24 }] }'),
      "alloc-gen.json:5:81: policy.classes[1].size: found 24 bytes, but class 1 of the list has blocks of that size too (the alignment is 8)",
    ],
    "a class of a pool with a key of nobody's": [
      withPolicy('{ "kind": "pool", "classes": [{ "size": 64, "blocks": 70 }] }'),
      'alloc-gen.json:5:57: policy.classes[0]: unknown key "blocks" (allowed: size, count)',
    ],
    "blocks of nothing": [
      withPolicy('{ "kind": "pool", "classes": [{ "size": 0 }] }'),
      "alloc-gen.json:5:53: policy.classes[0].size: found 0 bytes (allowed: 1 byte or more)",
    ],
    "two classes that want what is left": [
      withPolicy('{ "kind": "pool", "classes": [{ "size": 8 }, { "size": 24 }] }'),
      "alloc-gen.json:5:58: policy.classes[1]: found no count, but only one class may leave out its count, and class 1 of the list does too",
    ],
    "a lazy pool without locks": [
      withPolicy('{ "kind": "pool", "classes": [{ "size": 8 }], "atomic": true, "lazy": true }'),
      "alloc-gen.json:5:83: policy.lazy: found true, but an atomic pool updates one word per class, and a lazy one needs a second",
    ],
    "quick lists of large blocks": [
      withPolicy('{ "kind": "segregated-fit", "quickLists": { "upTo": "2KiB", "most": 0 } }'),
      "alloc-gen.json:5:65: policy.quickLists.upTo: found 2048 bytes (2 KiB) (allowed: 1 byte to 1024 bytes (1 KiB))",
      "alloc-gen.json:5:81: policy.quickLists.most: found 0 (allowed: a whole number from 1 to 65535)",
    ],
    "segregated fit that never merges": [
      withPolicy('{ "kind": "segregated-fit", "coalesce": "never", "quickLists": { "depth": 3 } }'),
      'alloc-gen.json:5:53: policy.coalesce: found "never" (allowed: "immediate", "deferred")',
      'alloc-gen.json:5:78: policy.quickLists: unknown key "depth" (allowed: upTo, most)',
    ],
    "a preset of classes and its opposite": [
      withPolicy('{ "kind": "segregated-fit", "preset": "tlsf", "probe": true }'),
      'alloc-gen.json:5:68: policy.probe: found true, but preset "tlsf" has false',
    ],
    "a preset and another form of blocks": [
      with_('"header": { "boundaryTag": "footer" }').replace(
        '{ "kind": "segregated-fit" }',
        '{ "kind": "segregated-fit", "preset": "frugal", "split": "low", "smallBelow": 64 }',
      ),
      'alloc-gen.json:2:30: header.boundaryTag: found "footer", but preset "frugal" has "bits"',
      'alloc-gen.json:5:70: policy.split: found "low", but preset "frugal" has "two-ended"',
      'alloc-gen.json:5:91: policy.smallBelow: found 64 bytes, but preset "frugal" decides it',
    ],
    "a preset and its opposite": [
      with_('"header": { "links": { "place": "intrusive" } }').replace(
        '{ "kind": "segregated-fit" }',
        '{ "kind": "sequential-fit", "preset": "seed", "fit": "best", "order": "fifo" }',
      ),
      'alloc-gen.json:2:35: header.links.place: found "intrusive", but preset "seed" has "slots"',
      'alloc-gen.json:5:66: policy.fit: found "best", but preset "seed" has "first"',
    ],
    "slots without a table": [
      with_('"header": { "links": { "slots": 9 } }'),
      'alloc-gen.json:2:35: header.links.slots: found 9, but slots apply only where header.links.place is "slots"',
    ],
    "a magic that does not fit": [
      with_('"header": { "fields": { "magic": { "bits": 4, "value": 16 } } }'),
      "alloc-gen.json:2:58: header.fields.magic.value: found 16 (allowed: 0 to 15 in 4 bits)",
    ],
    "a checksum of too few bits": [
      with_('"header": { "fields": { "checksum": { "bits": 3 } } }'),
      "alloc-gen.json:2:49: header.fields.checksum.bits: found 3 (allowed: a whole number from 4 to 16)",
    ],
    "limits beyond the heap": [
      with_('"limits": { "largest": "64KiB", "smallest": 0 }'),
      "alloc-gen.json:2:26: limits.largest: found 65536 bytes (64 KiB) (allowed: 1 byte to 32768 bytes (32 KiB))",
    ],
    "limits the wrong way round": [
      with_('"limits": { "largest": 10, "smallest": 20 }'),
      "alloc-gen.json:2:42: limits.smallest: found 20 bytes, but limits.largest is smaller: 10 bytes",
    ],
    "a function that nothing tells of misuse": [
      with_('"hardening": { "tier": "none", "hook": "found" }'),
      'alloc-gen.json:2:42: hardening.hook: found "found", but nothing calls it: tier is "none"',
    ],
    "a function that C cannot name": [
      with_('"hardening": { "tier": "basic", "hook": "my-fault" }'),
      'alloc-gen.json:2:43: hardening.hook: found "my-fault", but a C identifier has only letters, digits and underscores, and does not begin with a digit',
    ],
    "another compiler": [
      with_('"toolchain": { "compiler": "armcc" }'),
      'alloc-gen.json:2:30: toolchain.compiler: compiler "armcc" is not available in this version (available: "gcc", "clang", or the name or path of one of them)',
    ],
    "nothing to verify, and something twice": [
      with_('"verify": { "workloads": [] }'),
      "alloc-gen.json:2:28: verify.workloads: found an empty list, but without a workload or a trace nothing would be verified",
    ],
    "a workload twice": [
      with_('"verify": { "workloads": ["lifo", "lifo"] }'),
      "alloc-gen.json:2:37: verify.workloads[1]: found a repeated item, but item 1 of the list is the same",
    ],
    "a missing trace": [
      with_('"verify": { "traces": ["no/such.trace.gz"] }'),
      "alloc-gen.json:2:26: verify.traces[0]: no such file: no/such.trace.gz",
    ],
  };
  it.each(Object.entries(cases))("refuses %s", (_name, [text, ...expected]) => {
    expect(faultsOf(text)).toEqual(expected);
  });

  it("fills in where the heap lies and what guards it", () => {
    const placed = (heap: string) => load(withHeap(heap)).config.heap.placement;
    expect(placed('{ "size": 1024 }')).toEqual({ kind: "static" });
    expect(placed('{ "size": 1024, "placement": "linker" }')).toEqual({
      kind: "linker",
      start: "app_heap_start",
      end: "app_heap_end",
    });
    expect(placed('{ "size": 1024, "placement": "runtime" }')).toEqual({ kind: "runtime", instances: "one" });
    expect(placed('{ "size": 1024, "instances": "many" }')).toEqual({ kind: "runtime", instances: "many" });
    const locked = (lock: string) => load(with_(`"lock": ${lock}`)).config.lock;
    expect(locked('"primask"')).toEqual({ kind: "primask" });
    expect(locked('"custom"')).toEqual({ kind: "custom", header: "app_heap_lock.h" });
    expect(locked('{ "kind": "basepri", "priority": 64 }')).toEqual({ kind: "basepri", priority: 64 });
  });

  it("keeps the hash of configs that say nothing of places and locks", () => {
    const hash = (text: string) => load(text).sha256;
    expect(hash(withHeap('{ "size": "32KiB", "placement": "static" }'))).toBe(hash(plain));
    expect(hash(with_('"lock": "none"'))).toBe(hash(plain));
    expect(hash(with_('"lock": "primask"'))).not.toBe(hash(plain));
    expect(hash(withHeap('{ "size": "32KiB", "placement": "runtime" }'))).not.toBe(hash(plain));
  });

  it("reports faults of shape and of meaning together", () => {
    expect(faultsOf(with_('"limts": {}').replace("app_heap", "int").replace("32KiB", "1KB"))).toEqual([
      'alloc-gen.json:2:3: unknown key "limts"; did you mean "limits"? (allowed: $schema, name, target, chip, heap, policy, header, limits, api, hardening, lock, init, outputs, toolchain, verify, budgets)',
      'alloc-gen.json:2:24: name: found "int", but it is a reserved word of C11',
      'alloc-gen.json:4:21: heap.size: found "1KB" (allowed: a whole number from 0, or a size such as "32KiB", or an object)',
    ]);
  });
});

describe("the command line", () => {
  it("sets any value over the file's, the later over the earlier", () => {
    const set = [
      "heap.size=24KiB",
      'verify.workloads=["lifo"]',
      "verify.workloads.1=fifo",
      "policy.probe=false",
    ];
    const { config } = load(plain, { set: [...set, "heap.size=16KiB"] });
    expect(config.heap.size).toBe(16384);
    expect(config.verify.workloads).toEqual(["lifo", "fifo"]);
    expect(config.policy).toMatchObject({ probe: false });
    const links = load(with_('"header": "auto"'), { set: ["header.links.place=slots"] }).config.header.links;
    expect(links.place).toBe("slots");
  });

  it("lets --target win", () => {
    const options = { set: ["target=cortex-m33"], target: "cortex-m0" };
    expect(load(plain, options).config.target).toBe("cortex-m0");
  });

  it("reports a fault where it was typed", () => {
    const set = ["heap.size=24KB", "heap.alignmnt=8", "name", "__proto__.x=1", 'verify.traces=["nope"]'];
    expect(faultsOf(plain, { set, target: "cortex-m5" })).toEqual([
      '--set name: found "name" (allowed: key=value, such as heap.size=24KiB)',
      '--set heap.size=24KB: heap.size: found "24KB" (allowed: a whole number from 0, or a size such as "32KiB", or an object)',
      '--set heap.alignmnt=8: heap: unknown key "alignmnt"; did you mean "alignment"? (allowed: size, alignment, cacheLine, placement, region, instances)',
      '--set __proto__.x=1: unknown key "__proto__" (allowed: $schema, name, target, chip, heap, policy, header, limits, api, hardening, lock, init, outputs, toolchain, verify, budgets)',
      '--target cortex-m5: target: found "cortex-m5"; did you mean "cortex-m0"? (allowed: "cortex-m0", "cortex-m4", "cortex-m33")',
      '--set verify.traces=["nope"]: verify.traces[0]: no such file: nope',
    ]);
  });
});

describe("positions and files", () => {
  it("places the diagnostics of later stages, at the nearest value there is", () => {
    const at = (path: (string | number)[]) =>
      faultsOf(plain, {
        set: ["policy.probe=true"],
        check: () => [diagnose("conflict", { found: "x", reason: "y" }, { path })],
      });
    expect(at(["heap", "size"])).toEqual(["alloc-gen.json:4:21: heap.size: found x, but y"]);
    expect(at(["heap", "alignment"])).toEqual(["alloc-gen.json:4:11: heap.alignment: found x, but y"]);
    expect(at(["header", "fields"])).toEqual(["alloc-gen.json:1:1: header.fields: found x, but y"]);
    expect(at(["policy", "probe"])).toEqual(["--set policy.probe=true: policy.probe: found x, but y"]);
  });

  it("asks a later stage unless a fault lies in what that stage reads", () => {
    const check = () => [diagnose("conflict", { found: "x", reason: "y" }, { path: ["heap", "size"] })];
    const later = "heap.size: found x, but y";
    const asked = (text: string) => faultsOf(text, { check }).map((line) => line.endsWith(later));
    expect(asked(with_('"lock": "all", "budgets": { "flsh": 1 }'))).toEqual([false, false, true]);
    for (const rest of ['"limits": { "largest": 0 }', '"header": 4', '"tagret": 1', '"lock": none']) {
      expect([rest, ...asked(with_(rest))]).not.toContain(true);
    }
    expect(asked(plain.replace("cortex-m4", "cortex-m5"))).toEqual([false]);
  });

  it("reads a file, and traces beside it", () => {
    const folder = mkdtempSync(join(tmpdir(), "alloc-gen-config-"));
    const file = join(folder, "alloc-gen.json");
    writeFileSync(join(folder, "one.trace"), "a 0 1\n");
    writeFileSync(file, with_('"verify": { "workloads": [], "traces": ["one.trace"] }'));
    expect(loadConfig(file).config.verify.traces).toEqual([join(folder, "one.trace")]);
    expect(() => loadConfig(folder)).toThrow(`cannot read ${folder}: it is a folder`);
    const missing = join(folder, "none.json");
    expect(() => loadConfig(missing)).toThrow(`no such file: ${missing}`);
  });
});
