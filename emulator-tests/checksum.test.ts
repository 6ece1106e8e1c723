/** What free and realloc do with a header that is not as it was written: a program that damages headers, on the core. */
import { expect, test } from "vitest";
import { buildProgram } from "../src/build/build-program.js";
import { emitC } from "../src/emit/emit.js";
import { makePlan } from "../src/plan/make-plan.js";
import type { FieldName } from "../src/plan/plan.js";
import { loadTarget } from "../src/targets/load.js";
import { segregated, sequential, testConfig, type TestConfig } from "./support/configs.js";
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

/**
 * @param own lines in front of the C, as a compiler's -D would give them
 * @param fields whose bits are flipped
 */
async function run(
  config: TestConfig,
  own: string,
  fields: readonly FieldName[],
): Promise<{ readonly result: number; readonly flips: number }> {
  const resolved = testConfig(config);
  const target = loadTarget(resolved.target);
  const plan = makePlan(resolved, target);
  const bits = plan.header.units.flatMap((unit) =>
    unit.fields
      .filter(({ field }) => fields.includes(field))
      .flatMap(({ shift, bits: width }) =>
        Array.from({ length: width }, (_, bit) => 8 * unit.offset + shift + bit),
      ),
  );
  const provenance = { version: "test", configName: "", configHash: "", targetName: target.name };
  const text = program.replace("HEADER", `${plan.header.bytes}U`).replace("BITS", bits.join(", "));
  const linked = await buildProgram({
    sources: emitC(plan, provenance).map((file) =>
      file.name.endsWith(".c") ? { ...file, text: `${own}${file.text}` } : file,
    ),
    program: [{ name: "main.c", text }],
    target,
    compiler: resolved.toolchain.compiler,
    optimize: resolved.toolchain.optimize,
  });
  return { result: runProgram(linked, target), flips: bits.length };
}

const everyField: readonly FieldName[] = [
  ...(["size", "used", "prevFree", "prevSize", "requested", "magic", "tag", "checksum"] as const),
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

test.each(Object.entries(configs))("%s: every flipped bit of a header is noticed", async (_name, config) => {
  const { result, flips } = await run(config, hook, everyField);
  expect(flips).toBeGreaterThan(10);
  expect(result).toBe(flips);
});

test("a magic without a checksum is verified too", async () => {
  const fields = { magic: { bits: 8, value: 0xa5 } };
  const config: TestConfig = { policy: sequential({ coalesce: "never" }), fields, size: 4096 };
  expect(await run(config, hook, ["magic"])).toEqual({ result: 8, flips: 8 });
});

test("without a handler the core stops", async () => {
  await expect(run(configs["one list"] as TestConfig, "", ["checksum"])).rejects.toThrow("stopped");
});
