/** `alloc-gen inspect` on memory of the emulated core, as one has it after a crash: RAM, the ELF file, damage. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildProgram, type Program } from "../src/toolchain/build-program.js";
import { parseElf } from "../src/toolchain/elf.js";
import { runWords, wordsOf } from "../src/cli/run-words.fixture.js";
import { inspect, operationUnderWay } from "../src/inspect/inspect.js";
import { packageFolder } from "../src/package-folder.js";
import * as pipeline from "../src/pipeline.js";
import { metadataImage } from "../src/reference/image.js";
import { loadTarget } from "../src/targets/load.js";
import { OperationCode } from "../src/traces/operation.js";
import { Equivalence } from "../src/verify/equivalence.js";
import { benchFor } from "./support/bench.js";
import { quick, segregated, type TestConfig } from "./support/configs.js";
import { checkered, dumpedHeaps, dumpOf } from "./support/dumps.js";
import { fromSequence } from "./support/random-operations.js";
import { chooseSample } from "./support/sample.js";
import { tornHeaps } from "./support/torn-heaps.js";

const config = `{
  "name": "app_heap",
  "target": "cortex-m4",
  "heap": { "size": "4KiB" },
  "policy": { "kind": "segregated-fit" },
  "header": { "fields": { "requested": true, "tag": { "bits": 4 } } }
}
`;

/** Bytes of RAM in front of the heap. */
const before = 64;
let folder: string;
let base: number;
let ram: Uint8Array;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-inspect-"));
  const bench = await benchFor({
    policy: segregated(),
    size: 4096,
    fields: { requested: {}, tag: { bits: 4 } },
  });
  const malloc = (argument: number) => ({ kind: OperationCode.malloc, argument });
  const free = (argument: number) => ({ kind: OperationCode.free, argument });
  const sizes = [200, 40, 96, 500, 24, 300, 64, 120].map(malloc);
  const comparison = new Equivalence(bench, fromSequence([...sizes, free(1), free(3), free(6), malloc(33)]));
  try {
    expect(comparison.start() ?? comparison.advance(12)).toBeUndefined();
    base = bench.image.heapAddress - before;
    ram = new Uint8Array(before + 4096 + 100);
    ram.set(comparison.emulated.heap.subarray(0, 4096), before);
  } finally {
    comparison.close();
  }
  writeFileSync(join(folder, "app_heap.json"), config);
  writeFileSync(join(folder, "firmware.elf"), bench.image.elf);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function inspectDump(dump: Uint8Array): Promise<{ readonly code: number; readonly text: string }> {
  writeFileSync(join(folder, "ram.bin"), dump);
  return runLine(`inspect ram.bin --config app_heap.json --elf firmware.elf --base 0x${base.toString(16)}`);
}

/** What a command line does in the folder: its exit code, and all it writes. */
async function runLine(line: string): Promise<{ readonly code: number; readonly text: string }> {
  let text = "";
  const write = (more: string) => (text += more);
  const { code } = await runWords(wordsOf(line), {
    ...{ folder, out: write, err: write },
    pipeline: () =>
      Promise.resolve({
        ...pipeline,
        prepare: (path, options) => pipeline.prepare(resolve(folder, path), options),
      }),
  });
  return { code, text };
}

test("the heap is found in RAM by the symbol of the firmware", async () => {
  const { code, text } = await inspectDump(ram);
  expect(text).toContain("no damage");
  expect(code).toBe(0);
});

test.each(["ihex", "srec"])(
  "RAM that objcopy wrote as %s needs no other address than the heap's",
  async (format) => {
    const dump = ram.slice();
    writeFileSync(join(folder, "ram.bin"), dump);
    const place = ["--change-addresses", `0x${base.toString(16)}`];
    execFileSync(
      "arm-none-eabi-objcopy",
      ["-I", "binary", "-O", format, ...place, "ram.bin", `ram.${format}`],
      {
        cwd: folder,
      },
    );
    const words = `inspect ram.${format} --config app_heap.json`;
    expect((await runLine(`${words} --elf firmware.elf`)).text).toContain("no damage");
    const { code, text } = await runLine(`${words} --address 0x${(base + 200).toString(16)}`);
    expect(text).toContain(
      `lacks 36 of the 4096 bytes of the heap at 0x${(base + 200).toString(16).padStart(8, "0")}`,
    );
    expect(code).toBe(2);
  },
);

test("each heap of several is found by the symbol that has its bytes", async () => {
  const heaps = prepareTwo();
  const [fast, bulk] = heaps.projects.map(({ plan }) => plan);
  if (fast === undefined || bulk === undefined) throw new Error("not two heaps");
  const program = await twoHeapsProgram(heaps);
  writeFileSync(join(folder, "two.elf"), program.elf);
  const { ram: memory } = loadTarget("cortex-m4").memory;
  const dump = new Uint8Array(memory.length);
  const places = parseElf(program.elf).symbols.filter(
    ({ name, kind }) => name === "heap" && kind === "object",
  );
  for (const plan of [fast, bulk]) {
    const at = places.find(({ bytes }) => bytes === plan.heapBytes)?.address ?? 0;
    const reference = plan.rules.reference(plan);
    for (const size of [24, 300, 64]) reference.malloc(size, 0);
    dump.set(metadataImage(plan, reference).bytes, at - memory.origin);
  }
  writeFileSync(join(folder, "two.bin"), dump);
  const words = `inspect two.bin --config ${twoHeaps} --elf two.elf --base 0x${memory.origin.toString(16)}`;
  for (const name of ["fast_heap", "bulk_heap"]) {
    const { code, text } = await runLine(`${words} --heap ${name}`);
    expect(text).toMatch(new RegExp(`^${name} in two.bin: .*\n[^]*no damage\\.\n$`));
    expect(code).toBe(0);
  }
  expect((await runLine(words)).text).toContain('name one with --heap ("fast_heap", "bulk_heap")');
});

const twoHeaps = join(packageFolder(), "examples", "two-heaps", "alloc-gen.json");
const prepareTwo = () => pipeline.prepareHeaps(twoHeaps, { target: "cortex-m4" });

async function twoHeapsProgram(heaps: pipeline.Heaps): Promise<Program> {
  const files = await pipeline.generateHeaps(heaps);
  const main = readFileSync(join(packageFolder(), "examples", "two-heaps", "main.c"), "utf8");
  return buildProgram({
    sources: files.filter(({ name }) => /\.[ch]$/.test(name)),
    program: [{ name: "main.c", text: main }],
    target: loadTarget("cortex-m4"),
    compiler: "arm-none-eabi-gcc",
    optimize: "-O2",
  });
}

test("docs/inspect.md shows what a run over the end of a payload looks like", async () => {
  const dump = ram.slice();
  const block =
    /^ *(0x[0-9a-f]+) +0x[0-9a-f]+ +\d+ +in use +24 /m.exec((await inspectDump(ram)).text)?.[1] ?? "";
  const payload = before + Number(block) + 4;
  dump.fill(0x55, payload, payload + 40);
  const { code, text } = await inspectDump(dump);
  expect(code).toBe(1);
  expect(readFileSync(join(packageFolder(), "docs", "inspect.md"), "utf8")).toContain(text);
});

const api = { calloc: true, realloc: true, alignedAlloc: true };
const bitsInTwoWords: TestConfig = {
  ...{ policy: segregated({ subdivisions: 8 }), boundaryTag: "bits", size: 1024 },
  ...{ target: "cortex-m0plus", optimize: "-Os" },
};
/** Heaps of all policies, with all that headers may tell. */
const tornCases = [
  ...Object.entries(dumpedHeaps).map(([name, config]) => ({ name, config })),
  { name: "boundary bits in two words", config: bitsInTwoWords },
  { name: "quick lists", config: { policy: segregated(quick()), size: 1024 } },
].map(({ name, config }) => ({ name, config: { ...config, api: { ...config.api, ...apiOf(config) } } }));

function apiOf({ policy }: TestConfig): TestConfig["api"] {
  return policy.kind === "bump" ? {} : api;
}

describe.each(chooseSample(tornCases, 5, "torn heaps"))("an operation in $name", ({ config }) => {
  test("leaves memory that is sound, or is told to be of an operation under way", async () => {
    let beside = 0;
    let told = 0;
    for (const { plan, memory, name, call, payload, returned } of await tornHeaps(config)) {
      const inspection = inspect(plan, memory);
      if (inspection.damage.length === 0) continue;
      const found = operationUnderWay(plan, memory, inspection);
      expect(found, name).toBeDefined();
      const kind = call.kind === "free" || call.kind === "realloc" ? call.kind : "malloc";
      expect(found?.operations, name).toContain(kind);
      const { from, to } = found ?? {};
      if (from === undefined || to === undefined) continue;
      told++;
      // Of the block itself, or of a neighbour that it is merged with.
      const before = inspection.blocks.findLast(({ offset }) => offset < from)?.offset ?? from;
      const after = inspection.blocks.find(({ offset }) => offset >= to);
      const end = after === undefined ? plan.heapBytes : after.offset + after.size;
      if (![payload, returned].some((at) => at !== undefined && at >= before && at < end)) beside++;
    }
    // Where blocks wait, a request that finds no room merges those of others. Few other operations are told elsewhere:
    // where one changes a link of a block far from its own, both explain it.
    if (config.policy.kind !== "segregated-fit" || config.policy.quickLists === undefined)
      expect(beside).toBeLessThanOrEqual(0.1 * told);
  });
});

test("a header that was written over is damage, and no operation under way", () => {
  let damaged = 0;
  let taken = 0;
  for (const config of Object.values(dumpedHeaps)) {
    const { plan, bytes } = dumpOf(config, checkered);
    if (plan.header.bytes === 0) continue;
    for (const { offset, size, free } of inspect(plan, bytes).blocks) {
      const end = offset + size;
      if (free || end + 16 > plan.endOfBlocks) continue;
      for (const byte of [0x55, 0xff, 0]) {
        const memory = bytes.slice().fill(byte, end, end + 16);
        const inspection = inspect(plan, memory);
        if (inspection.damage.length === 0) continue;
        damaged++;
        if (operationUnderWay(plan, memory, inspection) !== undefined) taken++;
      }
    }
  }
  expect(damaged).toBeGreaterThan(100);
  expect(taken).toBeLessThanOrEqual(0.15 * damaged);
});

test("a free block between boundary bits that was written over is no operation that is sure to be under way", () => {
  let damaged = 0;
  let taken = 0;
  for (const size of [1024, 4096]) {
    const { plan, bytes } = dumpOf({ policy: segregated(), boundaryTag: "bits", size }, checkered);
    for (const { offset } of inspect(plan, bytes).blocks.filter(({ free }) => free)) {
      for (const byte of [0x55, 0xff, 0]) {
        for (const length of [4, 8, 12, 16]) {
          const memory = bytes.slice().fill(byte, offset, offset + length);
          const inspection = inspect(plan, memory);
          if (inspection.damage.length === 0) continue;
          damaged++;
          if (operationUnderWay(plan, memory, inspection)?.isSure === true) taken++;
        }
      }
    }
  }
  expect(damaged).toBeGreaterThan(100);
  expect(taken).toBeLessThanOrEqual(0.05 * damaged);
});
