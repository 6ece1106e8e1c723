/** The lock around the heap: where it begins and ends, that it nests, and how long it keeps interrupts out. */
import { describe, expect, test } from "vitest";
import { lockHooks } from "../src/machine/arm/lock-hooks.js";
import { proveBounds } from "../src/proof/bounds.js";
import { qemuEngine } from "../src/emulators/qemu/engine.js";
import { loopLimitsOf } from "../src/plan/loop-limits.js";
import { coreModel } from "../src/targets/core-model.js";
import { PC, SP, armInstruction, type Instruction } from "../src/machine/arm/instruction.js";
import { imageCode } from "../src/toolchain/code-ranges.js";
import { maskEffect } from "../src/machine/arm/mask-effect.js";
import { generateWorkload } from "../src/traces/generate.js";
import { OperationCode, type HeapOperations } from "../src/traces/operation.js";
import type { Bench } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";
import { benchFor, type Edit } from "./support/bench.js";
import { f, v } from "./support/c-words.js";
import { segregated, sequential, type TestConfig } from "./support/configs.js";
import { generatedSource, runMain } from "./support/generated-program.js";
import { fromSequence } from "./support/random-operations.js";
import { changed, dropCall, guard, restate, setArgument, setValue } from "./support/hand-made-fault.js";

const everyField = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };
const cases: Readonly<Record<string, TestConfig>> = {
  PRIMASK: { policy: segregated(), lock: { kind: "primask" }, fields: everyField },
  "PRIMASK, v6-M, sweeping": {
    policy: sequential({ coalesce: "deferred" }),
    lock: { kind: "primask" },
    target: "cortex-m0plus",
    optimize: "-Os",
  },
  "BASEPRI, by address": { policy: sequential(), lock: { kind: "basepri", priority: 0x40 }, optimize: "-O3" },
  hooks: { policy: segregated(), lock: { kind: "custom", header: "app_heap_lock.h" }, target: "cortex-m33" },
};

const operationsFor = ({ plan }: Bench): HeapOperations => {
  const workload = generateWorkload("uniform", {
    seed: 3,
    operations: 400,
    heapBytes: plan.heapBytes,
    maximumRequest: plan.maximumRequestBytes,
    minimumRequest: 1,
  });
  return lowered(plan, workload);
};

/** The instructions of one operation, in the order they were executed. */
function executed(bench: Bench, operations: HeapOperations, operation: number): readonly Instruction[] {
  const { image } = bench;
  const code = imageCode(image);
  const session = bench.engine.open(image, bench.target, operations, { trace: operation });
  try {
    expect(session.reset()).toBeUndefined();
    session.execute(0, operation + 1);
    return session.executed().map((at) => {
      const placed = code.at(at);
      if (placed === undefined || !("instruction" in placed)) throw new Error(`no instruction at ${at}`);
      return armInstruction(placed.instruction);
    });
  } finally {
    session.close();
  }
}

/** "a" for an access to the heap, "[" and "]" for the mask; all else touches registers, stack and constants. */
function picture(instructions: readonly Instruction[]): string {
  return instructions
    .map((instruction) => {
      const mask = maskEffect(instruction);
      if (mask !== undefined) return mask === "set" ? "[" : "]";
      const { memory } = instruction;
      return memory === undefined || memory.base === SP || memory.base === PC ? "" : "a";
    })
    .join("");
}

const around = /^\[a+\]$/;
const sampled = [0, 1, 57, 133, 202, 301, 398, 399];

async function pictures(test: TestConfig, edit?: Edit): Promise<readonly string[]> {
  const bench = await benchFor({ size: 2048, ...test }, edit);
  const operations = operationsFor(bench);
  const kinds = sampled.map((operation) => operations.kind[operation]);
  expect(new Set(kinds)).toEqual(new Set([OperationCode.malloc, OperationCode.free]));
  return sampled.map((operation) => picture(executed(bench, operations, operation)));
}

test.each(["cortex-m0", "cortex-m0plus", "cortex-m4"])(
  "segregated fit classes a request before it masks interrupts, on %s",
  async (target) => {
    const config: TestConfig = { policy: segregated(), lock: { kind: "primask" }, target };
    /** Instructions between the mask and the first access to the heap. */
    const wait = async (edit?: Edit): Promise<number> => {
      const bench = await benchFor({ size: 2048, ...config }, edit);
      const operations = fromSequence([{ kind: OperationCode.malloc, argument: 40 }]);
      const instructions = executed(bench, operations, 0);
      const masked = instructions.findIndex((instruction) => maskEffect(instruction) === "set");
      const from = instructions.slice(masked + 1);
      return from.findIndex(({ memory }) => memory !== undefined && memory.base !== SP && memory.base !== PC);
    };
    const inside = changed(
      f.appMalloc,
      setValue(v.sought, "0U"),
      setArgument(f.take, 1, `$ + ${f.classOf}(${v.need})`),
    );
    const first = await wait();
    expect(first).toBeLessThan(6);
    expect(await wait(inside)).toBeGreaterThan(first);
  },
);

describe.each(Object.entries(cases))("%s", (_name, config) => {
  test("stands exactly around what touches the heap", async () => {
    for (const drawn of await pictures(config)) expect(drawn).toMatch(around);
  });

  test("keeps interrupts out for no longer than is proven", async () => {
    const bench = await benchFor({ size: 2048, ...config });
    const operations = operationsFor(bench);
    const proven = provenMasking(bench, config);
    for (const engine of [bench.engine, qemuEngine()]) {
      const session = engine.open(bench.image, bench.target, operations);
      session.reset();
      expect(session.execute(0, operations.length).completed).toBe(operations.length);
      for (const [name, code] of [
        ["malloc", OperationCode.malloc],
        ["free", OperationCode.free],
      ] as const) {
        const of = (figures: Uint32Array) =>
          Math.max(...[...figures].filter((_, at) => operations.kind[at] === code));
        expect(of(session.maskingCycles)).toBeGreaterThan(10);
        expect(of(session.maskingCycles)).toBeLessThan(of(session.cycles));
        expect(of(session.maskingCycles)).toBeLessThanOrEqual(proven[name]);
      }
      session.close();
    }
  });
});

function provenMasking(bench: Bench, config: TestConfig): Record<"malloc" | "free", number> {
  const { image, plan, target } = bench;
  const policy = plan.rules;
  const source = generatedSource({ size: 2048, ...config });
  const bounds = proveBounds({
    image,
    pricing: coreModel(target),
    source,
    loopLimits: loopLimitsOf(plan),
    wordLimits: policy.wordLimits(plan),
  });
  const of = (name: "malloc" | "free"): number => {
    const { interruptMasking } = bounds[name];
    if (interruptMasking === undefined || !("cycles" in interruptMasking))
      throw new Error(`nothing is proven of ${name}`);
    return interruptMasking.cycles;
  };
  return { malloc: of("malloc"), free: of("free") };
}

test("a lock that begins late or ends early is seen", async () => {
  const after = restate({ call: f.unlockHeap }, `$ ${f.release}(${v.pointer});`);
  const late = await pictures(
    { policy: segregated(), lock: { kind: "primask" } },
    changed(f.appFree, dropCall(f.release), after),
  );
  expect(late.filter((drawn) => !around.test(drawn)).length).toBeGreaterThan(0);
});

test("refused requests mask nothing", async () => {
  const bench = await benchFor({ policy: segregated(), size: 2048, lock: { kind: "primask" } });
  const operations = {
    length: 3,
    kind: new Uint8Array([OperationCode.malloc, OperationCode.malloc, OperationCode.malloc]),
    argument: new Uint32Array([0, bench.plan.maximumRequestBytes + 1, 0xffffffff]),
  };
  for (const operation of [0, 1, 2]) expect(picture(executed(bench, operations, operation))).toBe("");
});

test("a function that may return with interrupts masked has no proven latency", async () => {
  const forgets = changed(f.appMalloc, guard({ call: f.unlockHeap }, `${v.payload} != NULL`));
  const bench = await benchFor({ policy: segregated(), size: 2048, lock: { kind: "primask" } }, forgets);
  const { image, plan, target } = bench;
  const { interruptMasking } = proveBounds({
    image,
    pricing: coreModel(target),
    source: { name: "app_heap.c", functions: [] },
    loopLimits: { malloc: {}, free: {} },
    wordLimits: plan.rules.wordLimits(plan),
  }).malloc;
  expect(interruptMasking).toEqual({ unprovable: "it may return with interrupts masked" });
});

/** Every way through malloc and free, with the mask at `before`, which must be there still. */
const nestingMain = (register: string, states: readonly number[]): string => `
#include "app_heap.h"

static uint32_t mask(void)
{
    uint32_t value;
    __asm__ volatile("mrs %0, ${register}" : "=r"(value));
    return value;
}

static int misses(uint32_t before)
{
    void *blocks[200];
    unsigned count = 0U;
    int wrong = 0;

    __asm__ volatile("msr ${register}, %0" : : "r"(before));
    app_heap_free(NULL);
    wrong += (mask() != before);
    wrong += (app_heap_malloc(0U) != NULL) || (mask() != before);
    wrong += (app_heap_malloc(100000U) != NULL) || (mask() != before);
    for (void *block = app_heap_malloc(24U); block != NULL; block = app_heap_malloc(24U)) {
        wrong += (mask() != before);
        blocks[count++] = block;
    }
    wrong += (mask() != before) || (count < 20U);
    while (count > 0U) {
        app_heap_free(blocks[--count]);
        wrong += (mask() != before);
    }
    return wrong;
}

int main(void)
{
    int wrong = 0;

    app_heap_init();
${states.map((state) => `    wrong += misses(${state}U);`).join("\n")}
    return wrong;
}
`;

test.each([
  ["cortex-m4", "primask", { kind: "primask" }, [0, 1, 0]],
  ["cortex-m0", "primask", { kind: "primask" }, [0, 1, 0]],
  ["cortex-m4", "basepri", { kind: "basepri", priority: 0x40 }, [0, 0x20, 0x40, 0x80]],
  ["cortex-m33", "primask", { kind: "custom", header: "app_heap_lock.h" }, [0, 1]],
] as const)("on every way through, %s has %s as it was before", async (target, register, lock, states) => {
  const config: TestConfig = { policy: segregated(), size: 2048, target, lock };
  const hooks = lock.kind === "custom" ? [{ name: lock.header, text: lockHooks("APP_HEAP") }] : [];
  expect(await runMain(config, nestingMain(register, states), hooks)).toBe(0);
});
