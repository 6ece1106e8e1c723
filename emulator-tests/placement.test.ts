/** Heaps that lie elsewhere, and many of one type: the same addresses and bytes as the reference has. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { benchFor } from "./support/bench.js";
import { seed, segregated, sequential, type TestConfig } from "./support/configs.js";
import { generatedFiles, runMain } from "./support/generated-program.js";
import { generateWorkload } from "../src/traces/generate.js";
import { lowered } from "../src/verify/lowered.js";
import { verifyWorkload } from "../src/verify/workload.js";

const symbols = { kind: "linker", start: "_heap_start", end: "_heap_end" } as const;
const handed = { kind: "runtime", instances: "one" } as const;
const many = { kind: "runtime", instances: "many" } as const;

const cases: Readonly<Record<string, TestConfig>> = {
  "between symbols": { policy: segregated(), placement: symbols },
  "between symbols, v6-M": { policy: sequential({ fit: "next" }), placement: symbols, target: "cortex-m0" },
  "where init is told": { policy: segregated(), placement: handed, fields: { tag: { bits: 4 } } },
  "where init is told, v6-M": { policy: seed, placement: handed, target: "cortex-m0plus" },
  "one of many": { policy: segregated(), placement: many, fields: { tag: { bits: 4 } }, alignment: 64 },
  "one of many, v6-M": { policy: segregated(), placement: many, target: "cortex-m0" },
  "one of many, slots": { policy: seed, placement: many, links: { place: "slots", slots: 8 } },
  "one of many, deferred": { policy: sequential({ coalesce: "deferred" }), placement: many },
  PRIMASK: { policy: segregated(), lock: { kind: "primask" } },
  "PRIMASK, v6-M, deferred": {
    policy: sequential({ coalesce: "deferred" }),
    lock: { kind: "primask" },
    target: "cortex-m0",
  },
  "BASEPRI, many": { policy: segregated(), lock: { kind: "basepri", priority: 64 }, placement: many },
  hooks: { policy: sequential(), lock: { kind: "custom", header: "my/hooks.h" }, target: "cortex-m33" },
};

describe.each(Object.entries(cases))("%s", (_name, config) => {
  test("does what the reference does", async () => {
    const bench = await benchFor({ size: 4096, ...config });
    const workload = generateWorkload("uniform", {
      seed: 1,
      operations: 2000,
      heapBytes: bench.plan.heapBytes,
      maximumRequest: bench.plan.maximumRequestBytes,
      minimumRequest: 1,
    });
    const { result } = verifyWorkload(bench, workload.name, lowered(bench.plan, workload));
    expect(result.mismatch).toBeUndefined();
    expect(result.malloc.calls).toBeGreaterThan(500);
  });
});

/** Two heaps by turns, and a third that is asked the same as the first: byte for byte as the first, had it been alone. */
const byTurns = (heapBytes: number): string => `
#include "app_heap.h"
#include <string.h>

static _Alignas(64) uint8_t memory[3][${heapBytes}];
static void *blocks[3][64];

static uint32_t next(uint32_t *random)
{
    *random = *random * 1664525U + 1013904223U;
    return *random >> 16;
}

/* One step of a heap: allocate or free at a place drawn. Offsets must not depend on the heap. */
static uint32_t step(app_heap_t *heap, void **block, uint32_t *random)
{
    const uint32_t place = next(random) % 64U;
    const uint32_t size  = 1U + (next(random) % 90U);

    if (block[place] != NULL) {
        app_heap_free(heap, block[place]);
        block[place] = NULL;
        return 1U;
    }
    block[place] = app_heap_malloc(heap, size);
    if (block[place] == NULL) {
        return 0U;
    }
    memset(block[place], (int)size, size);
    return (uint32_t)((uintptr_t)block[place] - (uintptr_t)heap);
}

int main(void)
{
    app_heap_t *const first  = app_heap_init(memory[0], sizeof memory[0]);
    app_heap_t *const second = app_heap_init(memory[1], sizeof memory[1]);
    uint32_t          one = 1U;
    uint32_t          two = 2U;
    uint32_t          same = 1U;
    static uint32_t   placed[2000];
    uint32_t          failed = 0U;

    if ((void *)first != memory[0] || (void *)second != memory[1]) return 1;
    for (unsigned index = 0U; index < 2000U; index++) {
        placed[index] = step(first, blocks[0], &one);
        failed += (placed[index] == 0U);
        (void)step(second, blocks[1], &two);
    }
    app_heap_t *const alone = app_heap_init(memory[2], sizeof memory[2]);
    for (unsigned index = 0U; index < 2000U; index++) {
        if (step(alone, blocks[2], &same) != placed[index]) return 2;
    }
    if (failed == 0U) return 3;
    if (memcmp(memory[0], memory[2], sizeof memory[0]) != 0) return 4;
    if (memcmp(memory[0], memory[1], sizeof memory[0]) == 0) return 5;

    /* What init refuses is left as it is. */
    if (app_heap_init(NULL, sizeof memory[0]) != NULL) return 6;
    if (app_heap_init(memory[0], sizeof memory[0] - 1U) != NULL) return 7;
    if (app_heap_init(memory[0] + APP_HEAP_ALIGNMENT / 2U, sizeof memory[0] * 2U) != NULL) return 8;
    return (memcmp(memory[0], memory[2], sizeof memory[0]) == 0) ? 0 : 9;
}
`;

test.each<[string, TestConfig]>([
  ["segregated, cortex-m4", { policy: segregated() }],
  ["segregated, cortex-m0", { policy: segregated(), target: "cortex-m0", optimize: "-Os", alignment: 64 }],
  ["slots, cortex-m33", { policy: seed, links: { place: "slots", slots: 8 }, target: "cortex-m33" }],
  ["deferred, cortex-m0plus", { policy: sequential({ coalesce: "deferred" }), target: "cortex-m0plus" }],
])("two of one type do not disturb each other: %s", async (_name, config) => {
  expect(await runMain({ size: 2048, ...config, placement: many }, byTurns(2048))).toBe(0);
});

const refusals = `
#include "app_heap.h"
#include <string.h>

static _Alignas(8) uint8_t memory[3000];

int main(void)
{
    if (app_heap_init(NULL, sizeof memory)) return 1;
    if (app_heap_init(memory + 4, sizeof memory)) return 2;
    if (app_heap_init(memory, 2047U)) return 3;
    if (!app_heap_init(memory, 2048U)) return 4;
    void *const block = app_heap_malloc(10U);
    if (block == NULL) return 5;
    /* A region that is refused changes nothing: the heap goes on where it was. */
    if (app_heap_init(NULL, 0U)) return 6;
    void *const next = app_heap_malloc(10U);
    if (next == NULL || next == block) return 7;
    app_heap_free(next);
    app_heap_free(block);
    memset(memory + 2048, 0x5a, sizeof memory - 2048U);
    /* More than asked for is left alone. */
    if (!app_heap_init(memory, sizeof memory)) return 8;
    while (app_heap_malloc(1U) != NULL) {}
    for (unsigned index = 2048U; index < sizeof memory; index++) {
        if (memory[index] != 0x5a) return 9;
    }
    return 0;
}
`;

test.each(["cortex-m4", "cortex-m0"])("a region that does not serve is refused: %s", async (target) => {
  expect(await runMain({ policy: segregated(), size: 2048, placement: handed, target }, refusals)).toBe(0);
});

/** A linker script's symbols, made in C: so many bytes lie between them, from an offset on. */
const between = (bytes: number, offset = 0): string => `
#include "app_heap.h"

_Alignas(64) uint8_t memory[8192];
__asm__(".global _heap_start, _heap_end;"
        ".equ _heap_start, memory + ${offset};"
        ".equ _heap_end, memory + ${offset + bytes}");

int main(void)
{
    if (!app_heap_init()) return 1;
    void *const block = app_heap_malloc(100U);
    return ((uintptr_t)block > (uintptr_t)memory && (uintptr_t)block < (uintptr_t)memory + 2048U) ? 0 : 2;
}
`;

test.each([
  ["as many bytes as the heap has", between(2048), 0],
  ["more bytes", between(8192), 0],
  ["one byte too few", between(2047), 1],
  ["misaligned bytes", between(4096, 4), 1],
  ["bytes that end before they begin", between(-64, 128), 1],
])("between symbols: %s", async (_name, main, expected) => {
  expect(await runMain({ policy: sequential(), size: 2048, placement: symbols }, main)).toBe(expected);
});

/** What docs/embedding.md tells to put into a linker script. */
const linkTimeCheck = 'ASSERT(app_heap_end - app_heap_start >= 2048, "app_heap needs 2 KiB")\n';

test.each([
  [2048, ""],
  [2047, "app_heap needs 2 KiB"],
])("the linker can check that %i bytes lie between the symbols", async (bytes, said) => {
  const placement = { kind: "linker", start: "app_heap_start", end: "app_heap_end" } as const;
  const folder = await mkdtemp(join(tmpdir(), "alloc-gen-placement-"));
  try {
    const files = generatedFiles({ policy: sequential(), size: 2048, placement });
    await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
    await writeFile(join(folder, "check.ld"), linkTimeCheck);
    const words = ["-mcpu=cortex-m4", "-mthumb", "-std=c11", "-nostdlib", "-Wl,--entry=app_heap_init"];
    const symbols = `-Wl,--defsym=app_heap_start=0x20000000,--defsym=app_heap_end=${0x20000000 + bytes}`;
    const link = spawnSync(
      "arm-none-eabi-gcc",
      [...words, symbols, "app_heap.c", "check.ld", "-o", "a.elf"],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    expect(link.status === 0).toBe(said === "");
    expect(link.stderr).toContain(said);
  } finally {
    await rm(folder, { recursive: true });
  }
});
