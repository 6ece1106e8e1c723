/** Compiles the hand-written sample on every target and looks at what the linker made of it. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildImage, type ImageRequest } from "../src/toolchain/build-image.js";
import { buildProgram } from "../src/toolchain/build-program.js";
import { openCache, type BuildCache } from "../src/toolchain/cache.js";
import { parseElf } from "../src/toolchain/elf.js";
import { AllocGenError } from "../src/diagnostics.js";
import { loadTarget } from "../src/targets/load.js";
import { armTargets } from "./support/targets.js";
import { sampleHeap, sampleHeapBytes, sampleNames } from "./support/sample-heap.js";

/** Stands in for the real driver: the build must not depend on what that does. */
const driver = `
    .syntax unified
    .thumb
    .section .replay, "ax", %progbits
    .global replay_start
    .type   replay_start, %function
    .thumb_func
replay_start:
#ifdef HEAP_TAGGED
    movs    r1, #1
    movs    r1, #2
#endif
    ldr     r4, =driver_state
    bl      HEAP_INIT
    bl      HEAP_MALLOC
    bl      HEAP_FREE
local_label:
    b       .
    .pool
    .section .bss.driver, "aw", %nobits
    .global driver_state
driver_state:
    .skip   64
`;

const page = 4096;
let folder = "";
let cache: BuildCache;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-test-"));
  cache = openCache(join(folder, "cache"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function request(changes: Partial<ImageRequest> = {}): ImageRequest {
  return {
    sources: sampleHeap(),
    names: sampleNames,
    heapBytes: sampleHeapBytes,
    target: loadTarget("cortex-m4"),
    compiler: "arm-none-eabi-gcc",
    optimize: "-Os",
    ...changes,
  };
}

const build = (changes: Partial<ImageRequest> = {}, into: BuildCache = cache) =>
  buildImage(request(changes), { cache: into, driver });

async function failure(run: Promise<unknown>): Promise<AllocGenError> {
  try {
    await run;
  } catch (error) {
    if (error instanceof AllocGenError) {
      return error;
    }
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe.each(armTargets)("the image for %s", (name) => {
  const target = loadTarget(name);
  const flash = target.memory.flash.origin;
  const ram = target.memory.ram.origin;

  test("the allocator, its data, the driver and its data are on pages of their own", async () => {
    const image = await build({ target });
    const rows = image.segments.map((segment) => [segment.address, segment.writable]);
    expect(rows).toEqual([
      [flash + 0x1000, false],
      [flash + 0x2000, false],
      [ram, true],
      [ram + 0x2000, true],
    ]);
    expect(image.code.start).toBe(flash + 0x1000);
    expect(image.code.end).toBeLessThan(flash + 0x2000);
    expect([...image.symbols.keys()].filter((symbol) => symbol.startsWith("local"))).toEqual([]);
    expect(image.symbols.get("driver_state")?.address).toBe(ram + 0x2000);
  });

  test("entries are within the allocator's code, the heap within its data", async () => {
    const image = await build({ target });
    for (const entry of Object.values(image.entries)) {
      expect(entry % 2).toBe(0);
      expect(entry).toBeGreaterThanOrEqual(image.code.start);
      expect(entry).toBeLessThan(image.code.end);
    }
    expect(image.heapAddress % 8).toBe(0);
    expect(image.heapAddress - ram).toBeLessThan(page);
    expect(image.heapBytes).toBe(sampleHeapBytes);
  });

  test("every optimisation compiles without a warning", async () => {
    for (const optimize of ["-Os", "-O2", "-O3"]) {
      const image = await build({ target, optimize });
      expect(image.toolchain).toMatch(new RegExp(`^arm-none-eabi-gcc \\d+\\.\\d+\\.\\d+ ${optimize}$`));
    }
  });

  test("a program with start-up links, and starts where the vectors say", async () => {
    const main = `#include "sample_heap.h"
      static int initialised = 7;
      int main(void) {
        sample_heap_init();
        void *block = sample_heap_malloc(16U);
        sample_heap_free(block);
        return block != NULL ? initialised++ : 1;
      }`;
    const program = await buildProgram(
      {
        sources: sampleHeap(),
        program: [{ name: "main.c", text: main }],
        target,
        compiler: "arm-none-eabi-gcc",
        optimize: "-Os",
      },
      cache,
    );
    const [code, initialValues] = program.segments;
    const vectors = new DataView(code?.data.buffer ?? new ArrayBuffer(8), code?.data.byteOffset ?? 0);
    expect(code?.address).toBe(flash);
    expect(vectors.getUint32(0, true)).toBe(ram + 0x400000);
    expect(vectors.getUint32(4, true)).toBe(program.entry + 1);
    expect(program.symbols.get("Reset_Handler")?.address).toBe(program.entry);
    expect(program.mainReturned).toBeGreaterThan(program.entry);
    expect([...(initialValues?.data ?? [])]).toEqual([7, 0, 0, 0]);
    expect(initialValues?.address).toBe(program.symbols.get("data_load")?.address);
  });
});

describe("sizes", () => {
  test("functions are counted by name, and with constants make the flash", async () => {
    const { size } = await build();
    expect(Object.keys(size.functions)).toEqual([
      "sample_heap_init",
      "sample_heap_malloc",
      "sample_heap_free",
    ]);
    expect(size.functions["sample_heap_free"]).toBe(2);
    const code = Object.values(size.functions).reduce((sum, bytes) => sum + bytes, 0);
    expect(size.flashBytes - code).toBeGreaterThanOrEqual(0);
    expect(size.flashBytes - code).toBeLessThan(4 * 3);
    expect(size.ramBytes).toBe(sampleHeapBytes + 4);
  });

  test("a constant and an initial value cost flash, and the value RAM as well", async () => {
    const plain = (await build()).size;
    const table = await build({
      sources: sampleHeap(
        [
          "static uint32_t used;",
          "static uint32_t used;\nstatic const uint32_t steps[4] = {7U, 9U, 7U, 7U};",
        ],
        ["+ 7U) & ~7U", "+ steps[used & 3U]) & ~7U"],
      ),
    });
    expect(table.size.flashBytes).toBeGreaterThanOrEqual(plain.flashBytes + 16);
    expect(table.size.ramBytes).toBe(plain.ramBytes);

    const initialised = await build({
      sources: sampleHeap(["static uint32_t used;", "static uint32_t used = 5U;"]),
    });
    expect(initialised.size.flashBytes).toBe(plain.flashBytes + 4);
    const data = initialised.segments.find(({ address }) => address === 0x20000000)?.data;
    expect(data?.[0]).toBe(5);
  });

  test("a function that nothing calls is not there", async () => {
    const unused = "\nvoid sample_heap_unused(void);\nvoid sample_heap_unused(void) { used = 1U; }\n";
    const image = await build({
      sources: sampleHeap(["void sample_heap_free", `${unused}void sample_heap_free`]),
    });
    expect(image.size).toEqual((await build()).size);
  });
});

test.each([".dtcm", ".noinit", "HEAP_RAM", ".bss.heap"])(
  "a heap in the section %s is in RAM",
  async (section) => {
    const attribute = `__attribute__((section("${section}"))) `;
    const image = await build({
      sources: sampleHeap(["static _Alignas(8)", `${attribute}static _Alignas(8)`]),
    });
    expect(image.heapAddress).toBeGreaterThanOrEqual(0x20000000);
    expect(image.heapAddress).toBeLessThan(0x20001000);
    expect(image.size).toEqual((await build()).size);
    expect(image.symbols.get("driver_state")?.address).toBe(0x20002000);
  },
);

test("a heap of 1 MiB fits every target", async () => {
  const heapBytes = 1 << 20;
  for (const name of armTargets) {
    const image = await build({
      sources: sampleHeap(["(4096U)", `(${heapBytes}U)`]),
      heapBytes,
      target: loadTarget(name),
    });
    expect(image.size.ramBytes).toBe(heapBytes + 4);
  }
});

test("a program with an assertion and a heap in a section of its own links", async () => {
  const main = `#include "sample_heap.h"
    #include <assert.h>
    int main(void) { sample_heap_init(); assert(sample_heap_malloc(8U) != NULL); return 0; }`;
  const program = await buildProgram(
    {
      sources: sampleHeap(["static _Alignas(8)", '__attribute__((section(".dtcm"))) static _Alignas(8)']),
      program: [{ name: "main.c", text: main }],
      target: loadTarget("cortex-m0"),
      compiler: "arm-none-eabi-gcc",
      optimize: "-O2",
    },
    cache,
  );
  const heap = program.symbols.get("sample_heap_memory");
  expect(heap?.bytes).toBe(sampleHeapBytes);
  expect(heap?.address).toBeGreaterThanOrEqual(0x20000000);
  expect(program.symbols.has("__assert_func")).toBe(true);
});

test("malloc takes a tag where the names say so", async () => {
  const plain = await build();
  const tagged = await build({ names: { ...sampleNames, tagged: true } });
  const bytesOfDriver = (elf: Uint8Array): number | undefined =>
    parseElf(elf).sections.find(({ name }) => name === ".replay_code")?.bytes;
  expect(bytesOfDriver(tagged.elf)).toBeGreaterThan(bytesOfDriver(plain.elf) ?? Infinity);
});

describe("what is refused", () => {
  test("C that does not compile, with the compiler's words", async () => {
    const error = await failure(build({ sources: sampleHeap(["return result;", "return resul;"]) }));
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(/^arm-none-eabi-gcc failed to compile sample_heap\.c:\n/);
    expect(error.message).toMatch(/sample_heap\.c:22:\d+: error: .*resul/);
  });

  test("a warning", async () => {
    const narrowed = sampleHeap(["static uint32_t used;", "static uint16_t used;"]);
    expect((await failure(build({ sources: narrowed }))).message).toContain("-Werror=conversion");
  });

  test("a division that needs libgcc, on a core without one", async () => {
    const sources = sampleHeap(["& ~7U;", "/ (used | 1U);"]);
    const error = await failure(build({ sources, target: loadTarget("cortex-m0") }));
    expect(error.exitCode).toBe(3);
    expect(error.message).toBe(
      "the allocator calls undefined functions: __aeabi_uidiv (it must not depend on a library)",
    );
    await expect(build({ sources })).resolves.toBeDefined();
  });

  test("more memory than RAM has beside the heap, with the linker's words", async () => {
    const heapBytes = 8 << 20;
    const sources = sampleHeap(["(4096U)", `(${heapBytes}U)`]);
    // For a heap there is as much RAM as it takes: no board ends it.
    await expect(build({ sources, heapBytes })).resolves.toMatchObject({ heapBytes });
    const error = await failure(build({ sources, heapBytes: 4096 }));
    expect(error.message).toMatch(/^arm-none-eabi-gcc failed to link the program:\n[^]*RAM/);
  });
});

test("a loop that clears memory calls no memset", async () => {
  const loop = "for (uint32_t i = 0U; i < HEAP_BYTES; i++) { sample_heap_memory[i] = 0U; } used = 0U;";
  for (const optimize of ["-Os", "-O2", "-O3"]) {
    await expect(build({ sources: sampleHeap(["used = 0U;", loop]), optimize })).resolves.toBeDefined();
  }
});

describe("the cache", () => {
  /** Counts what is read and written; keeps nothing on disk. */
  function memoryCache(): BuildCache & { readonly entries: Map<string, Uint8Array> } {
    const entries = new Map<string, Uint8Array>();
    return {
      entries,
      read: (key) => entries.get(key),
      write: (key, data) => void entries.set(key, data),
    };
  }

  test("two builds from nothing give the same bytes", async () => {
    const first = await build({}, memoryCache());
    const second = await build({}, memoryCache());
    expect(Buffer.from(first.elf).equals(second.elf)).toBe(true);
  });

  test("a second build runs nothing", async () => {
    const log = join(folder, "log");
    const compiler = join(folder, "logging-gcc");
    writeFileSync(compiler, `#!/bin/sh\necho "$*" >> ${log}\nexec arm-none-eabi-gcc "$@"\n`);
    chmodSync(compiler, 0o755);
    const warm = memoryCache();
    const first = await build({ compiler }, warm);
    const runs = readFileSync(log, "utf8");
    expect(runs.trim().split("\n")).toHaveLength(4);
    expect(await build({ compiler }, warm)).toEqual(first);
    expect(readFileSync(log, "utf8")).toBe(runs);
  });

  test("a damaged entry is built again", async () => {
    const own = join(folder, "damaged");
    const first = await build({}, openCache(own));
    for (const name of readdirSync(own)) {
      writeFileSync(join(own, name), "not what was written");
    }
    const second = await build({}, openCache(own));
    expect(Buffer.from(second.elf).equals(first.elf)).toBe(true);
  });

  test.each<[string, Partial<ImageRequest>]>([
    ["the source", { sources: sampleHeap(["+ 7U) & ~7U", "+ 15U) & ~15U"]) }],
    [
      "a header",
      { sources: sampleHeap().map((f) => (f.name.endsWith(".h") ? { ...f, text: `${f.text}\n` } : f)) },
    ],
    ["the optimisation", { optimize: "-O2" }],
    ["the core", { target: loadTarget("cortex-m3") }],
    ["the memory", { target: otherMemory() }],
    ["the driver's macros", { names: { ...sampleNames, tagged: true } }],
  ])("a change of %s is another entry", async (_, change) => {
    const warm = memoryCache();
    await build({}, warm);
    const made = warm.entries.size;
    await build(change, warm);
    expect(warm.entries.size).toBe(made + 1);
  });

  test("a failed build leaves nothing", async () => {
    const warm = memoryCache();
    await failure(build({ sources: sampleHeap(["return result;", ""]) }, warm));
    expect(warm.entries.size).toBe(1);
  });

  function otherMemory() {
    const target = loadTarget("cortex-m4");
    const flash = { ...target.memory.flash, length: 1 << 20 };
    return { ...target, memory: { ...target.memory, flash } };
  }
});
