/** What only the policies without headers promise, on the core: marks of an arena, and a pool that interrupts share. */
import { dirtOf } from "../src/emulators/image-regions.js";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../src/toolchain/build-program.js";
import { emitC } from "../src/outputs/c/emit.js";
import { AllocGenError } from "../src/diagnostics.js";
import { makePlan } from "../src/policies/make-plan.js";
import { bump as bumpArena } from "../src/policies/bump/index.js";
import { BumpReference } from "../src/policies/bump/reference.js";
import { loadTarget } from "../src/targets/load.js";
import { Equivalence } from "../src/verify/equivalence.js";
import { benchFor, type Edit } from "./support/bench.js";
import { bump, pool, testConfig, type TestConfig } from "./support/configs.js";
import { f, v } from "./support/c-words.js";
import { before, changed, replace, setArgument } from "./support/hand-made-fault.js";
import { fromSequence } from "./support/random-operations.js";
import { runProgram } from "./support/run-program.js";

/** What main returns, in a program of the generated C and of `body`. */
async function run(test: TestConfig, body: string, edit: Edit = (text) => text): Promise<number> {
  const config = testConfig(test);
  const target = loadTarget(config.target);
  const plan = makePlan(config, target);
  const provenance = { version: "", configName: "", configHash: "", targetName: target.name };
  const files = emitC(plan, provenance).map((file) =>
    file.name.endsWith(".c") ? { ...file, text: edit(file.text) } : file,
  );
  const main = { name: "main.c", text: `#include "app_heap.h"\n${body}` };
  const { compiler } = config.toolchain;
  const program = await buildProgram({ sources: files, program: [main], target, compiler, optimize: "-O2" });
  return runProgram(program, target);
}

describe("an arena's marks", () => {
  const config: TestConfig = { policy: bump("lifo"), size: 1024 };
  const config16: TestConfig = { ...config, alignment: 16, links: { width: 32 }, target: "cortex-m0" };

  test.each([config, config16])("give back what is newer, as in the reference: %o", async (chosen) => {
    const resolved = testConfig(chosen);
    const plan = makePlan(resolved, loadTarget(resolved.target));
    if (!bumpArena.owns(plan)) throw new Error("an arena's plan was asked for");
    const reference = new BumpReference(plan);
    const old = reference.malloc(20).payload;
    const mark = reference.mark();
    const first = reference.malloc(50).payload;
    reference.malloc(7);
    reference.releaseTo(mark);
    const again = reference.malloc(50).payload;
    reference.check();
    expect(again).toBe(first);

    const body = `
int main(void)
{
    app_heap_init();
    const uint8_t *const old = app_heap_malloc(20U);
    const uint32_t mark = app_heap_mark();
    const uint8_t *const first = app_heap_malloc(50U);
    (void)app_heap_malloc(7U);
    app_heap_release(mark);
    uint8_t *const again = app_heap_malloc(50U);
    if (again != first) { return -1; }
    app_heap_free(again);
    if (app_heap_mark() != mark) { return -2; }
    return (int)(old - first);
}
`;
    expect(await run(chosen, body)).toBe(old - first);
  });

  test("a block freed out of order stays until an older mark is released", async () => {
    const body = `
int main(void)
{
    app_heap_init();
    const uint32_t empty = app_heap_mark();
    void *const a = app_heap_malloc(8U);
    void *const b = app_heap_malloc(8U);
    const uint32_t full = app_heap_mark();
    app_heap_free(a);
    if (app_heap_mark() != full) { return -1; }
    app_heap_free(b);
    if (app_heap_mark() == empty) { return -2; }
    app_heap_release(empty);
    return (app_heap_malloc(8U) == a) ? 0 : -3;
}
`;
    expect(await run(config, body)).toBe(0);
  });
});

describe("an arena's figures", () => {
  const main = (body: string) => `
int main(void)
{
    app_heap_init();
${body}
}
`;

  test("with nothing known of blocks they are counted as they are cut off", async () => {
    const config: TestConfig = {
      policy: bump(),
      size: 1024,
      api: { stats: true, check: true, alignedAlloc: true },
    };
    const body = `
    const void *where = &where;
    void *const a = app_heap_malloc(20U);
    const uint8_t *const b = app_heap_aligned_alloc(64U, 10U);
    app_heap_stats_t told;
    app_heap_free(a);
    (void)app_heap_malloc(2000U);
    app_heap_stats(&told);
    if (((uintptr_t)b & 63U) != 0U) { return -1; }
    if ((told.used_blocks != 2U) || (told.free_blocks != 1U) || (told.failures != 1U)) { return -2; }
    if ((told.used_bytes != told.peak_bytes) || (told.used_bytes < 40U)) { return -3; }
    if (app_heap_malloc(told.largest_free + 1U) != NULL) { return -4; }
    if (app_heap_malloc(told.largest_free) == NULL) { return -5; }
    return (app_heap_check(&where) && (where == NULL)) ? 0 : -6;`;
    expect(await run(config, main(body))).toBe(0);
  });

  test("a mark that is released gives its bytes back", async () => {
    const config: TestConfig = { policy: bump("lifo"), size: 1024, api: { stats: true, check: true } };
    const body = `
    app_heap_stats_t told;
    (void)app_heap_malloc(20U);
    const uint32_t mark = app_heap_mark();
    (void)app_heap_malloc(30U);
    (void)app_heap_malloc(40U);
    app_heap_release(mark);
    app_heap_stats(&told);
    if ((told.used_bytes != 24U) || (told.used_blocks != 1U) || (told.peak_bytes != (24U + 32U + 48U))) { return -1; }
    return app_heap_check(NULL) ? 0 : -2;`;
    expect(await run(config, main(body))).toBe(0);
  });
});

describe("an atomic pool", () => {
  const config: TestConfig = { policy: pool([[64]], { atomic: true }), size: 1024 };
  /**
   * An interrupt between the two exclusive accesses of the first malloc: it takes two blocks and gives the first one
   * back, so that the list begins as it did and goes on elsewhere. CLREX is what the core does as it leaves.
   */
  const interrupt = (leave: string): Edit => {
    const code = `static uint32_t entries;
extern void *kept;
void *kept;
static uint32_t interrupt(uint32_t next)
{
    if (++entries == 1U) {
        void *const a = app_heap_malloc(8U);
        kept = app_heap_malloc(8U);
        app_heap_free(a);
        ${leave}
    }
    return next;
}
`;
    const call = changed(f.take, setArgument(f.storeExclusive, 1, "interrupt($)"));
    return (text) => before(f.take, code)(call(text));
  };
  const body = `
extern void *kept;
int main(void)
{
    app_heap_init();
    void *const a = app_heap_malloc(8U);
    const void *const b = app_heap_malloc(8U);
    return ((a != kept) && (b != kept) && (a != b)) ? 0 : 1;
}
`;

  test("survives an interrupt that gives the first block back", async () => {
    expect(await run(config, body, interrupt('__asm volatile("clrex");'))).toBe(0);
  });

  test("would not by comparing and exchanging", async () => {
    // The word is as it was: a compare-and-exchange finds nothing wrong.
    const exclusive = `${f.storeExclusive}(${v.first}`;
    const compare = changed(f.take, replace(exclusive, `compare_exchange(${v.first}, ${v.link}`));
    const define = before(
      f.take,
      `static uint32_t compare_exchange(volatile uint32_t *word, uint32_t was, uint32_t value)
{
    if (*word != was) { return 1U; }
    *word = value;
    return 0U;
}
`,
    );
    expect(await run(config, body, (text) => define(compare(interrupt("")(text))))).toBe(1);
  });

  test("is refused where the core has no exclusive accesses, and with a lock", () => {
    const refusal = (test: TestConfig): string => {
      try {
        makePlan(testConfig(test), loadTarget(test.target ?? "cortex-m4"));
      } catch (error) {
        if (error instanceof AllocGenError) return error.message;
      }
      return "";
    };
    expect(refusal({ ...config, target: "cortex-m0plus" })).toBe(
      "policy.atomic: found true, but Arm Cortex-M0+ (ARMv6-M) has no exclusive loads and stores",
    );
    expect(refusal({ ...config, lock: { kind: "primask" } })).toBe(
      'lock: found "primask", but an atomic pool needs no lock',
    );
  });
});

test("a lazy pool's init does not touch its blocks", async () => {
  const bench = await benchFor({ policy: pool([[64], [128, 2]], { lazy: true }), size: 2048 });
  const comparison = new Equivalence(bench, fromSequence([]));
  try {
    comparison.emulated.heap.fill(0);
    expect(comparison.start()).toBeUndefined();
    const { heap } = comparison.emulated;
    expect(heap.subarray(bench.plan.firstBlock)).toEqual(dirtOf(heap.length).subarray(bench.plan.firstBlock));
  } finally {
    comparison.close();
  }
});
