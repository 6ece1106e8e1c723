/** What free and realloc do with a header that is not as it was written: a program that damages headers, on the core. */
import { expect, test } from "vitest";
import { buildProgram } from "../src/toolchain/build-program.js";
import type { HeaderLayout } from "../src/header/layout.js";
import { loadTarget } from "../src/targets/load.js";
import { quick, segregated, sequential, testConfig, type TestConfig } from "./support/configs.js";
import { planOf } from "./support/dumps.js";
import { generatedFiles } from "./support/generated-program.js";
import { chooseSample } from "./support/sample.js";
import { runProgram } from "./support/run-program.js";

/** Flips some bits of a header, one at a time. The result is the number of flips that were noticed and left the heap alone. */
const program = `#include "app_heap.h"
#include <stdint.h>
#include <string.h>

unsigned corrupted;

static const uint8_t bits[] = { BITS };
static uint8_t before[64];

static unsigned noticed(uint8_t *payload, unsigned header_bytes)
{
    unsigned count = 0U;

    for (unsigned index = 0U; index < (sizeof(bits) / sizeof(bits[0])); index++) {
        const unsigned bit = bits[index];
        uint8_t *const at = payload - header_bytes + (bit / 8U);

        *at ^= (uint8_t)(1U << (bit % 8U));
        memcpy(before, payload - 32, sizeof(before));
        corrupted = 0U;
        app_heap_free(payload);
        if ((corrupted == 1U) && (memcmp(before, payload - 32, sizeof(before)) == 0)) {
            count++;
        }
        if (corrupted == 0U) {
            return count; /* The block is gone. */
        }
        *at ^= (uint8_t)(1U << (bit % 8U));
    }
    return count;
}

int main(void)
{
    app_heap_init();
    uint8_t *const first = app_heap_malloc(40U);
    uint8_t *const block = app_heap_malloc(40U);
    uint8_t *const last  = app_heap_malloc(40U);

    memset(block, 0, 40U);
    const unsigned flips = noticed(block, HEADER);

    corrupted = 0U;
    app_heap_free(block);
    app_heap_free(first);
    app_heap_free(last);
    if (corrupted != 0U) {
        return -1; /* The header is as it was written. */
    }
    app_heap_free(app_heap_malloc(40U));
    return (corrupted != 0U) ? -2 : (int)flips;
}
`;

const hook = `extern unsigned corrupted;
#define APP_HEAP_CORRUPT(pointer) ((void)(pointer), corrupted++)
`;

const bitsOf = (header: HeaderLayout, fields: readonly string[]): readonly number[] =>
  header.units.flatMap((unit) =>
    unit.fields
      .filter(({ field }) => fields.includes(field.name))
      .flatMap(({ shift, bits: width }) =>
        Array.from({ length: width }, (_, bit) => 8 * unit.offset + shift + bit),
      ),
  );

/**
 * What main returns.
 * @param own lines in front of the C, as a compiler's -D would give them
 */
async function runWith(config: TestConfig, own: string, main: string): Promise<number> {
  const resolved = testConfig(config);
  const target = loadTarget(resolved.target);
  const linked = await buildProgram({
    sources: generatedFiles(config).map((file) =>
      file.name.endsWith(".c") ? { ...file, text: `${own}${file.text}` } : file,
    ),
    program: [{ name: "main.c", text: main }],
    target,
    compiler: resolved.toolchain.compiler,
    optimize: resolved.toolchain.optimize,
  });
  return runProgram(linked, target);
}

/** @param fields whose bits are flipped */
async function run(
  config: TestConfig,
  own: string,
  fields: readonly string[],
): Promise<{ readonly result: number; readonly flips: number }> {
  const { header } = planOf(config);
  const bits = bitsOf(header, fields);
  const text = program.replace("HEADER", `${header.bytes}U`).replace("BITS", bits.join(", "));
  return { result: await runWith(config, own, text), flips: bits.length };
}

const everyField: readonly string[] = [
  ...["size", "used", "prevFree", "quick", "prevSize", "requested", "magic", "tag", "checksum"],
];
const tag = { tag: { bits: 4 }, requested: {} };
const configs: Readonly<Record<string, TestConfig>> = {
  "one list": { policy: sequential({ order: "lifo" }), fields: { checksum: { bits: 8 } }, size: 4096 },
  "one list, all that is kept with a block": {
    policy: sequential(),
    fields: { ...tag, checksum: { bits: 5 } },
    size: 4096,
    target: "cortex-m0",
  },
  "classes, previous sizes": {
    policy: segregated(),
    boundaryTag: "prevSize",
    fields: { ...tag, magic: { bits: 8, value: 0xa5 }, checksum: { bits: 16 } },
    size: 4096,
  },
};

/** Gives a block back twice, first at once and then when others have been: how often that was noticed. */
const twice = `#include "app_heap.h"

unsigned corrupted;

int main(void)
{
    app_heap_init();
    void *const first  = app_heap_malloc(40U);
    void *const second = app_heap_malloc(40U);
    void *const third  = app_heap_malloc(24U);

    app_heap_free(first);
    app_heap_free(first);
    app_heap_free(second);
    app_heap_free(first);
    app_heap_free(third);
    if ((app_heap_malloc(40U) != second) || (app_heap_malloc(40U) != first) || (app_heap_malloc(24U) != third)) {
        return -1; /* A list leads twice to a block. */
    }
    return (int)corrupted;
}
`;

test.each([{ magic: { bits: 8, value: 0xa5 } }, { checksum: { bits: 8 } }])(
  "a block that waits in a quick list is not given back again: %j",
  async (fields) => {
    const config: TestConfig = { policy: segregated(quick()), fields, size: 4096 };
    expect(await runWith(config, hook, twice)).toBe(2);
  },
);

/** Its blocks wait, and do not merge. */
const waiting: Readonly<Record<string, TestConfig>> = {
  "classes, quick lists": {
    policy: segregated(quick()),
    fields: { ...tag, checksum: { bits: 8 } },
    size: 4096,
    target: "cortex-m0plus",
  },
};

test.each(Object.entries({ ...configs, ...waiting }))(
  "%s: every flipped bit of a header is noticed",
  async (_name, config) => {
    const { result, flips } = await run(config, hook, everyField);
    expect(flips).toBeGreaterThan(10);
    expect(result).toBe(flips);
  },
);

/**
 * Flips bits of what stands beside a block in use, one at a time, and frees or resizes the block. The result is the number
 * of flips that were noticed and left the heap alone.
 */
const neighbourProgram = `#include "app_heap.h"
#include <stdint.h>
#include <string.h>

unsigned corrupted;

static const uint8_t bits[] = { BITS };
static uint8_t before[256];

/* What stands around a block of 40 bytes is the same before and after. */
static unsigned is_noticed(uint8_t *payload, uint8_t *at, unsigned mask)
{
    unsigned noticed;

    *at ^= (uint8_t)mask;
    memcpy(before, payload - 100, sizeof(before));
    corrupted = 0U;
    CALL;
    noticed = (corrupted == 1U) && (memcmp(before, payload - 100, sizeof(before)) == 0);
    *at ^= (uint8_t)mask;
    return noticed;
}

int main(void)
{
    unsigned count = 0U;

    app_heap_init();
    (void)app_heap_malloc(40U);
    uint8_t *const left  = app_heap_malloc(40U);
    uint8_t *const block = app_heap_malloc(40U);
    uint8_t *const right = app_heap_malloc(40U);
    uint8_t *const behind = app_heap_malloc(40U);
    (void)left;
    (void)behind;
    memset(block, 0, 40U);
    FREE;
    for (unsigned index = 0U; index < (sizeof(bits) / sizeof(bits[0])); index++) {
        count += is_noticed(block, (PLACE) + (bits[index] / 8U), 1U << (bits[index] % 8U));
    }
    corrupted = 0U;
    if (count == sizeof(bits)) {
        app_heap_free(block); /* The heap is as it was. */
    }
    return (corrupted == 0U) ? (int)count : -1;
}
`;

const ofFreeBlocks: readonly string[] = ["size", "used", "prevFree", "prevSize", "checksum"];
interface NeighbourCase {
  /** What was freed before. */
  readonly free: string;
  /** Where the bits are. */
  readonly place: string;
  readonly fields: readonly string[] | "footer";
}
const beside: Readonly<Record<string, NeighbourCase>> = {
  "a right neighbour in use": { free: "", place: "right - HEADER", fields: everyField },
  "a free right neighbour": { free: "app_heap_free(right)", place: "right - HEADER", fields: ofFreeBlocks },
  "what is behind a free right neighbour": {
    free: "app_heap_free(right)",
    place: "behind - HEADER",
    fields: everyField,
  },
  "a free left neighbour": { free: "app_heap_free(left)", place: "left - HEADER", fields: ofFreeBlocks },
  "a left neighbour's footer": {
    free: "app_heap_free(left)",
    place: "block - HEADER - FOOTER",
    fields: "footer",
  },
};
const tagged: Readonly<Record<string, TestConfig>> = {
  ...configs,
  "one list, previous sizes": {
    policy: sequential({ order: "fifo", fit: "next" }),
    boundaryTag: "prevSize",
    fields: { checksum: { bits: 8 } },
    size: 4096,
  },
  ring: {
    policy: sequential({ fit: "best", order: "in-place", wilderness: "none" }),
    fields: { ...tag, checksum: { bits: 12 } },
    size: 4096,
    target: "cortex-m0plus",
  },
  classes: { policy: segregated(), fields: { checksum: { bits: 8 } }, size: 4096, target: "cortex-m0" },
};
const calls = { free: "app_heap_free(payload)", realloc: "(void)app_heap_realloc(payload, 80U)" } as const;
const cases = Object.entries(tagged).flatMap(([name, config]) =>
  Object.entries(beside).flatMap(([what, { free, place, fields }]) =>
    (["free", "realloc"] as const).flatMap((call) => {
      const { header } = planOf({ ...config, api: { realloc: true } });
      const hasFooter = header.boundaryTag === "footer";
      if (fields === "footer" && !hasFooter) return [];
      // Without boundary tags a block does not know of its left neighbour, nor a header of the block in front.
      if (/left|behind/.test(what) && header.boundaryTag === "none") return [];
      const bits =
        fields === "footer"
          ? Array.from({ length: 8 * header.footerBytes }, (_, bit) => bit)
          : bitsOf(header, fields);
      const text = neighbourProgram
        .replace("CALL", calls[call])
        .replace("FREE", free)
        .replace("PLACE", place)
        .replaceAll("HEADER", `${header.bytes}`)
        .replaceAll("FOOTER", `${header.footerBytes}`)
        .replace("BITS", bits.join(", "));
      return [{ name, what, call, config: { ...config, api: { realloc: true } }, text, flips: bits.length }];
    }),
  ),
);

test.each(chooseSample(cases, 14, "neighbours"))(
  "$name, $call: every flipped bit of $what is noticed",
  async ({ config, text, flips }) => {
    expect(flips).toBeGreaterThan(10);
    expect(await runWith(config, hook, text)).toBe(flips);
  },
);

test("a magic without a checksum is verified too", async () => {
  const fields = { magic: { bits: 8, value: 0xa5 } };
  const config: TestConfig = { policy: sequential({ coalesce: "never" }), fields, size: 4096 };
  expect(await run(config, hook, ["magic"])).toEqual({ result: 8, flips: 8 });
});

test("without a handler the core stops", async () => {
  await expect(run(configs["one list"] as TestConfig, "", ["checksum"])).rejects.toThrow("stopped");
});
