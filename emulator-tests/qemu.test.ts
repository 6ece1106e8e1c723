/** QEMU gives what Unicorn gives: addresses, heap bytes, instructions, cycles; and tells how an allocator goes wrong. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import { buildImage } from "../src/toolchain/build-image.js";
import type { Image } from "../src/toolchain/image.js";
import { AllocGenError } from "../src/diagnostics.js";
import type { Engine, Session, SessionOptions } from "../src/emulators/engine.js";
import { qemuEngine } from "../src/emulators/qemu/engine.js";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import { listTargets, loadTarget } from "../src/targets/load.js";
import { allocatorNames } from "../src/outputs/c/names.js";
import { generateWorkload } from "../src/traces/generate.js";
import { OperationCode, type HeapOperations } from "../src/traces/operation.js";
import type { Bench } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";
import { benchFor } from "./support/bench.js";
import { segregated, sequential, testConfig, type TestConfig } from "./support/configs.js";
import {
  assemblyHeapImage,
  operationsOf,
  smallHeapImage,
  tinyHeapImage,
  uniformOperations,
  type TinyHeap,
} from "./support/engine-images.js";
import { generatedFiles } from "./support/generated-program.js";
import { chooseSample } from "./support/sample.js";
import { targetNames } from "./support/targets.js";

/** Everything that comes out of a session, batch by batch. */
function replay(
  engine: Engine,
  image: Image,
  target: string,
  operations: HeapOperations,
  options: SessionOptions & { readonly batch?: number } = {},
) {
  const { batch = 1024 } = options;
  const session = engine.open(image, loadTarget(target), operations, options);
  try {
    expect(session.reset()).toBeUndefined();
    const heaps: Uint8Array[] = [session.heap.slice()];
    for (let from = 0; from < operations.length; from += batch) {
      const to = Math.min(from + batch, operations.length);
      expect(session.execute(from, to)).toEqual({ completed: to - from });
      heaps.push(session.heap.slice());
    }
    return {
      results: session.results.slice(),
      instructions: session.instructions.slice(),
      cycles: session.cycles.slice(),
      heaps,
      stack: session.stackBytes(),
      coverage: session.coverage(),
      executed: [...session.executed()],
    };
  } finally {
    session.close();
  }
}

const leftOver = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`alloc-gen-qemu-${process.pid}-`));

describe.each(listTargets())("on %s", (name) => {
  // ALLOC_GEN_ENGINE_OPERATIONS=20000 is the long run.
  const count = Number(process.env["ALLOC_GEN_ENGINE_OPERATIONS"] ?? 2000);

  it.each(["-O2", "-Os"])("a whole allocator gives the same in both engines, at %s", async (optimize) => {
    const image = await smallHeapImage(name, optimize);
    const operations = uniformOperations(count);
    const options = { trace: 777 };
    const wanted = replay(unicornEngine(), image, name, operations, options);
    expect(wanted.executed.length).toBe(wanted.instructions[777]);
    expect(replay(qemuEngine(), image, name, operations, options)).toEqual(wanted);
  });

  it("gives the same whatever the batches, and the same again after reset", async () => {
    const image = await smallHeapImage(name);
    const operations = uniformOperations(60);
    const wanted = replay(unicornEngine(), image, name, operations, { batch: 20 });
    expect(replay(qemuEngine(), image, name, operations, { batch: 20 })).toEqual(wanted);
    const session = qemuEngine().open(image, loadTarget(name), operations);
    for (let time = 0; time < 2; time += 1) {
      session.reset();
      session.execute(0, 60);
      expect(session.results).toEqual(wanted.results);
      expect(session.instructions).toEqual(wanted.instructions);
      expect(session.heap).toEqual(wanted.heaps.at(-1));
    }
    session.close();
  });
});

describe("the functions beside malloc and free", () => {
  const fields = { tag: { bits: 4 }, requested: {} } as const;
  const policies: Readonly<Record<string, TestConfig>> = {
    "sequential-fit": { policy: sequential({ order: "lifo" }), fields },
    "segregated-fit": { policy: segregated(), fields },
  };
  const builds = Object.entries(policies).flatMap(([name, config]) =>
    targetNames.flatMap((target) =>
      (["-Os", "-O2", "-O3"] as const).map((optimize) => ({ name, config, target, optimize })),
    ),
  );

  test.each(chooseSample(builds, 5, "functions in QEMU"))(
    "$name on $target at $optimize: realloc, calloc and aligned allocations are the same in both engines",
    async ({ config, target, optimize }) => {
      const bench = await benchFor({ size: 8192, ...config, target, optimize, api: everyFunction });
      const operations = mixedOperations(bench, 600);
      const options = { trace: 400, batch: 300 };
      const wanted = replay(unicornEngine(), bench.image, target, operations, options);
      expect(replay(qemuEngine(), bench.image, target, operations, options)).toEqual(wanted);
      const functions = ["calloc", "realloc", "alignedAlloc"] as const;
      for (const name of functions) expect(operations.kind).toContain(OperationCode[name]);
    },
  );

  test.each(chooseSample(builds, 2, "looking in QEMU"))(
    "$name on $target at $optimize: walk, check, stats and the sizes tell the same in both engines",
    async ({ config, target, optimize }) => {
      const test = { size: 4096, ...config, target, optimize, api: everyFunction };
      const bench = await benchFor(test);
      const image = await introspectingImage(test, bench);
      const operations = mixedOperations(bench, 200);
      const wanted = replay(unicornEngine(), image, target, operations);
      expect(replay(qemuEngine(), image, target, operations)).toEqual(wanted);
      // It gives NULL where anything that is told contradicts anything else.
      const plain = replay(unicornEngine(), bench.image, target, operations);
      expect(wanted.results).toEqual(plain.results);
      expect(sum(wanted.instructions)).toBeGreaterThan(5 * sum(plain.instructions));
    },
  );
});

const sum = (numbers: Uint32Array): number => numbers.reduce((total, each) => total + each, 0);

const everyFunction = {
  calloc: true,
  realloc: true,
  alignedAlloc: true,
  usableSize: true,
  walk: true,
  check: true,
  stats: true,
} as const;

function mixedOperations({ plan, image }: Bench, operations: number): HeapOperations {
  const { heapBytes, maximumRequestBytes: maximumRequest } = plan;
  const options = { seed: 1, operations, heapBytes, maximumRequest, minimumRequest: 1 };
  return lowered(plan, generateWorkload("mixed", options), image.heapAddress);
}

/** With a malloc that asks every function that looks at the heap, and gives NULL where their answers do not agree. */
const looking = `
typedef struct {
    const void *payload;
    size_t      used_bytes;
    size_t      tagged_bytes;
    uint32_t    tag;
    bool        found;
} seen_t;

static bool look(const app_heap_block_t *block, void *context)
{
    seen_t *const seen = context;

    if (block->used) {
        seen->used_bytes += block->size + APP_HEAP_HEADER_BYTES;
        seen->tagged_bytes += (block->tag == seen->tag) ? (block->size + APP_HEAP_HEADER_BYTES) : 0U;
        seen->found = seen->found || (block->payload == seen->payload);
    }
    return true;
}

void *looking_malloc(size_t size, uint32_t tag);
void *looking_malloc(size_t size, uint32_t tag)
{
    void *const      payload = app_heap_malloc_tagged(size, tag);
    seen_t           seen;
    app_heap_stats_t stats;

    /* One by one: a compiler makes a call of memset of a whole. */
    seen.payload      = payload;
    seen.used_bytes   = 0U;
    seen.tagged_bytes = 0U;
    seen.tag          = tag & 15U;
    seen.found        = false;
    app_heap_walk(look, &seen);
    app_heap_stats(&stats);
    const bool right = app_heap_check(NULL) && (stats.used_bytes == seen.used_bytes) &&
                       (seen.tagged_bytes == app_heap_tagged_bytes(seen.tag)) &&
                       ((payload == NULL) || (seen.found && (app_heap_usable_size(payload) >= size)));
    return right ? payload : NULL;
}
`;

function introspectingImage(test: TestConfig, { plan, target }: Bench): Promise<Image> {
  const { toolchain } = testConfig(test);
  return buildImage({
    sources: generatedFiles(test).map((file) =>
      file.name.endsWith(".c") ? { ...file, text: file.text + looking } : file,
    ),
    names: { ...allocatorNames(plan), malloc: "looking_malloc" },
    heapBytes: plan.heapBytes,
    heapAlignment: plan.heapAlignment,
    target,
    ...toolchain,
  });
}

describe("counting", () => {
  it("counts what IT skips, and prices what it executes", async () => {
    const malloc = `
      ldr r1, =heap
      adds r0, r0, r1
      bx lr`;
    const free = `
      ldr r3, =heap
      tst r0, #8
      itte ne
      ldrne r1, [r3]
      ldrne r1, [r3, #8]
      subeq r1, r3, #1
      cmp r0, r3
      it hi
      mulhi r1, r1, r3
      it eq
      bxeq lr
      cmp r0, #16
      ite ls
      strls r1, [r3, #4]
      strhi r1, [r3, #8]
      bx lr`;
    const operations = operationsOf([8, 16, 0, { free: 0 }, { free: 1 }, { free: 2 }, { free: 0 }]);
    for (const target of ["cortex-m3", "cortex-m4"]) {
      const image = await assemblyHeapImage({ malloc, free }, target);
      const options = { checkPayloads: false, trace: 4 };
      const wanted = replay(unicornEngine(), image, target, operations, options);
      expect([...wanted.instructions]).toEqual([3, 3, 3, 16, 16, 11, 16]);
      expect(replay(qemuEngine(), image, target, operations, options)).toEqual(wanted);
    }
  });

  it("takes a loop to a function's entry, a recursion and a call of the other function for one operation", async () => {
    const malloc =
      "subs r0, r0, #1\nbpl tiny_heap_malloc\npush {r4, lr}\nbl tiny_heap_free\nldr r0, =heap\npop {r4, pc}";
    const image = await assemblyHeapImage({ malloc, free: "bx lr" }, "cortex-m0");
    const operations = operationsOf([0, 3, { free: 0 }, 40]);
    const wanted = replay(unicornEngine(), image, "cortex-m0", operations, { checkPayloads: false });
    expect([...wanted.instructions]).toEqual([7, 13, 1, 87]);
    expect(replay(qemuEngine(), image, "cortex-m0", operations, { checkPayloads: false })).toEqual(wanted);
  });

  it("cuts a batch whose log would be too long into shorter ones", async () => {
    const malloc = "lsls r1, r0, #12\n1: subs r1, r1, #1\nbne 1b\nldr r0, =heap\nbx lr";
    const image = await assemblyHeapImage({ malloc, free: "bx lr" }, "cortex-m3");
    const operations = operationsOf(Array.from({ length: 120 }, () => 1));
    const wanted = replay(unicornEngine(), image, "cortex-m3", operations, { checkPayloads: false });
    expect(replay(qemuEngine(), image, "cortex-m3", operations, { checkPayloads: false })).toEqual(wanted);
  });
});

describe("faults", () => {
  const bump =
    "uint32_t const at = used; used = at + (((uint32_t)size + 7U) & ~7U); return &tiny_heap_memory[at];";
  const atThird = (statements: string): string => `if (used >= 16U) { ${statements} } ${bump}`;
  const access = (address: string): string => `*(volatile uint32_t *)(uintptr_t)${address}`;

  async function fails(parts: TinyHeap, target = "cortex-m4", options: SessionOptions = {}) {
    const image = await tinyHeapImage(parts, target);
    const session: Session = qemuEngine().open(
      image,
      loadTarget(target),
      operationsOf([8, 8, 8, 8, { free: 1 }]),
      options,
    );
    try {
      return session.reset() ?? session.execute(0, 5);
    } finally {
      session.close();
    }
  }

  it.each([
    ["a read where there is no memory", `(void)${access("0x90000000U")};`, "read-unmapped", 0x9000_0000],
    ["a write where there is no memory", `${access("0x90000000U")} = 1U;`, "write-unmapped", 0x9000_0000],
  ])("%s", async (_name, statements, cause, address) => {
    const outcome = await fails({ malloc: atThird(statements) });
    expect(outcome).toMatchObject({ completed: 2, fault: { cause, operation: 2, address } });
  });

  it.each(["cortex-m0", "cortex-m3", "cortex-m33"])("an undefined instruction, on %s", async (target) => {
    const outcome = await fails({ malloc: atThird("__builtin_trap();") }, target);
    const cause = target === "cortex-m0" ? "other" : "undefined-instruction";
    expect(outcome).toMatchObject({ completed: 2, fault: { cause, operation: 2 } });
  });

  it("a hang, after the instructions allowed", async () => {
    const outcome = await fails({ malloc: atThird("for (;;) { used = used; }") }, "cortex-m4", {
      instructionLimit: 20_000,
    });
    expect(outcome).toMatchObject({ completed: 2, fault: { cause: "hang", operation: 2 } });
  });

  it("a stack overflow", async () => {
    const malloc = atThird("volatile uint8_t much[20000]; much[0] = 1U; much[19999] = much[0];");
    expect(await fails({ malloc })).toMatchObject({ fault: { cause: "stack-overflow" } });
  });

  it("a write to memory that is nobody's", async () => {
    const malloc = atThird(
      "volatile uintptr_t beside = (uintptr_t)&used; *(volatile uint8_t *)(beside + 8U) = 1U;",
    );
    expect(await fails({ malloc })).toMatchObject({ fault: { cause: "stray-write" } });
  });

  it("a payload overwritten, and a block outside the heap", async () => {
    const overwritten = await fails({ malloc: atThird("tiny_heap_memory[9] = 0U;") });
    expect(overwritten).toMatchObject({
      completed: 4,
      fault: { cause: "payload-overwritten", operation: 4 },
    });
    const outside = await fails({ malloc: atThird("return (void *)16U;") });
    expect(outside).toMatchObject({ completed: 2, fault: { cause: "other", operation: 2, address: 16 } });
  });

  it("a fault in init", async () => {
    expect(await fails({ init: "__builtin_trap();" })).toMatchObject({
      cause: "undefined-instruction",
      operation: -1,
    });
  });
});

describe("the program", () => {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-fake-"));
  afterEach(() => {
    delete process.env["ALLOC_GEN_QEMU"];
    rmSync(join(folder, "qemu"), { force: true });
  });

  /** What a failure says, with its exit code. */
  async function failure(): Promise<readonly [number, string]> {
    const image = await tinyHeapImage({});
    try {
      const session = qemuEngine().open(image, loadTarget("cortex-m4"), operationsOf([8]));
      try {
        session.reset();
      } finally {
        session.close();
      }
    } catch (error) {
      if (error instanceof AllocGenError) return [error.exitCode, error.message];
      throw error;
    }
    throw new Error("nothing failed");
  }

  it("is missing", async () => {
    process.env["ALLOC_GEN_QEMU"] = join(folder, "qemu");
    const [code, message] = await failure();
    expect(code).toBe(3);
    expect(message).toMatch(
      /qemu was not found; install it with:\n.*\nor name the program in ALLOC_GEN_QEMU$/s,
    );
  });

  it("fails", async () => {
    const program = join(folder, "qemu");
    writeFileSync(
      program,
      '#!/bin/sh\n[ "$1" = --version ] && echo "QEMU emulator version 7.2.0" && exit 0\necho "no such machine" >&2\nexit 1\n',
    );
    chmodSync(program, 0o755);
    process.env["ALLOC_GEN_QEMU"] = program;
    expect(await failure()).toEqual([3, "qemu: the run failed: no such machine"]);
  });

  it("leaves no file behind", () => {
    expect(leftOver()).toEqual([]);
  });
});
