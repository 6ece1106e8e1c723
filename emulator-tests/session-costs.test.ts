/** What operations cost in the emulator: against hand counts, and whatever the batches. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Image } from "../src/toolchain/image.js";
import type { CoreOptions } from "../src/emulators/core/engine.js";
import { listTargets, loadTarget } from "../src/targets/load.js";
import type { HeapOperations } from "../src/traces/operation.js";
import { armTargets } from "./support/targets.js";
import { coreEngines } from "./support/core-engines.js";
import {
  assemblyHeapImage,
  operationsOf,
  smallHeapImage,
  tinyHeapImage,
  uniformOperations,
} from "./support/engine-images.js";

/** Goes back to its own entry once for each byte asked for; returns the heap's address plus the size. */
const countdown = `
  subs r0, r0, #1
  bpl tiny_heap_malloc
  ldr r0, =heap
  bx lr`;

describe.each(coreEngines)("in $name", (engine) => {
  /** Run everything in batches of `batch`, and say what came out. */
  function replay(
    image: Image,
    target: string,
    operations: HeapOperations,
    batch: number,
    options?: CoreOptions,
  ) {
    const session = engine.open(image, loadTarget(target), operations, options);
    expect(session.reset()).toBeUndefined();
    for (let from = 0; from < operations.length; from += batch) {
      const to = Math.min(from + batch, operations.length);
      expect(session.execute(from, to)).toEqual({ completed: to - from });
    }
    const outcome = {
      results: session.results.slice(),
      instructions: session.instructions.slice(),
      cycles: session.cycles.slice(),
      heap: session.heap.slice(),
      stack: session.stackBytes(),
      coverage: session.coverage(),
    };
    session.close();
    return outcome;
  }

  describe("hand counts", () => {
    const plain = { checkPayloads: false };

    /** Of a round that goes back, of the last one and the return, and of BX LR alone. */
    const handCounts: Readonly<Record<string, { each: number; once: number; branch: number }>> = {
      // A branch that is taken takes three cycles, with BX LR.
      "cortex-m0": { each: 1 + 3, once: 1 + 1 + 2 + 3, branch: 3 },
      "cortex-m0plus": { each: 1 + 2, once: 1 + 1 + 2 + 2, branch: 2 },
      "cortex-m23": { each: 1 + 2, once: 1 + 1 + 2 + 2, branch: 2 },
      // The target of BX LR arrives while the load before it executes.
      "cortex-m3": { each: 1 + 2, once: 1 + 1 + 2 + 1, branch: 2 },
      "cortex-m4": { each: 1 + 2, once: 1 + 1 + 2 + 1, branch: 2 },
      // BPL has 32 bits and is in no slot 1; BX LR is, behind the load.
      "cortex-m33": { each: 1 + 2, once: 1 + 1 + 1 + 1, branch: 2 },
      "cortex-m55": { each: 1 + 2, once: 1 + 1 + 1 + 1, branch: 2 },
      // SUBS and BPL are a pair, the load and BX LR too.
      "cortex-m7": { each: 1, once: 1 + 1, branch: 1 },
    };

    it.each(armTargets)("a loop to the function's entry is one operation, on %s", async (name) => {
      // as would make it 32 bits wide, which the Baseline lacks.
      const malloc = name === "cortex-m23" ? countdown.replace("bpl ", "bpl.n ") : countdown;
      const image = await assemblyHeapImage({ malloc, free: "bx lr" }, name);
      const sizes = [0, 1, 2, 40];
      const { instructions, cycles, results } = replay(
        image,
        name,
        operationsOf([...sizes, { free: 1 }]),
        5,
        plain,
      );
      const { each, once, branch } = handCounts[name] ?? expect.fail(`no counts for ${name}`);
      expect([...cycles]).toEqual([...sizes.map((size) => size * each + once), branch]);
      expect([...instructions]).toEqual([...sizes.map((size) => 2 * (size + 1) + 2), 1]);
      expect([...results]).toEqual([...sizes.map(() => image.heapAddress), 0]);
    });

    it("in figures, on a Cortex-M4 and a Cortex-M0+", async () => {
      const operations = operationsOf([40]);
      const m4 = await assemblyHeapImage({ malloc: countdown, free: "bx lr" }, "cortex-m4");
      expect(replay(m4, "cortex-m4", operations, 1, plain).cycles[0]).toBe(41 + 40 * 2 + 1 + 2 + 1);
      const m0plus = await assemblyHeapImage({ malloc: countdown, free: "bx lr" }, "cortex-m0plus");
      expect(replay(m0plus, "cortex-m0plus", operations, 1, plain).cycles[0]).toBe(41 + 40 * 2 + 1 + 2 + 2);
    });

    it("what IT skips costs one cycle, a call and a return what they cost, neighbouring loads overlap", async () => {
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
      it eq
      bxeq lr
      push {r4, lr}
      bl 2f
      pop {r4, pc}
      2: ldr r2, [r3]
      ldr r1, [r2, #4]
      mul r1, r1, r1
      str r1, [r3, #4]
      ldr r1, [r3, #8]
      bx lr`;
      const image = await assemblyHeapImage({ malloc, free }, "cortex-m4");
      const session = engine.open(
        image,
        loadTarget("cortex-m4"),
        operationsOf([8, 16, { free: 0 }, { free: 1 }, { free: 0 }]),
        plain,
      );
      session.reset();
      // The chain of loads of free needs a pointer in the heap's first word.
      new DataView(session.heap.buffer, session.heap.byteOffset).setUint32(0, image.heapAddress, true);
      expect(session.execute(0, 5)).toEqual({ completed: 5 });
      // The product is stored a cycle late, and the load behind that store waits for another one.
      const called = 2 + 2 + 1 + (1 + 1) + (1 + 2) + 1;
      // The target of BL arrives while PUSH executes.
      const executed = 2 + 1 + 1 + (2 + 1) + 1 + 1 + 1 + (1 + 2) + 1 + called + (4 + 2);
      const skipped = 2 + 1 + 1 + (1 + 1) + 1 + 1 + 2;
      expect([...session.cycles]).toEqual([2 + 1 + 2, 2 + 1 + 2, executed, skipped, executed]);
      expect([...session.instructions]).toEqual([3, 3, 17, 8, 17]);
      session.close();
    });

    it("a table branch, multiples, and a load of PC", async () => {
      const malloc = `
      ldr r1, =heap
      tbb [pc, r0]
      2: .byte (3f - 2b) / 2, (4f - 2b) / 2
      3: ldmia r1, {r2, r3}
      4: push {lr}
      mov r0, r1
      ldr pc, [sp], #4`;
      const image = await assemblyHeapImage({ malloc, free: "bx lr" }, "cortex-m4");
      const { cycles } = replay(image, "cortex-m4", operationsOf([0, 1]), 2, plain);
      expect([...cycles]).toEqual([2 + 6 + 3 + 2 + 1 + 5, 2 + 6 + 2 + 1 + 5]);
    });
  });

  describe("a whole allocator", () => {
    const operations = uniformOperations(3000);
    const images = new Map<string, Image>();
    beforeAll(async () => {
      for (const name of listTargets()) images.set(name, await smallHeapImage(name));
    });
    const image = (name: string): Image => images.get(name) ?? expect.fail(`no image for ${name}`);

    it.each(listTargets())(
      "gives the same whatever the batches and whoever fills payloads, on %s",
      (name) => {
        const whole = replay(image(name), name, operations, operations.length);
        expect(whole.cycles.every((value) => value > 10)).toBe(true);
        expect(replay(image(name), name, operations, 7)).toEqual(whole);
        expect(replay(image(name), name, operations, 1)).toEqual(whole);
        expect(replay(image(name), name, operations, 999, { payloads: "guest" })).toEqual(whole);
        const unfilled = replay(image(name), name, operations, 500, { checkPayloads: false });
        expect({ ...unfilled, heap: [] }).toEqual({ ...whole, heap: [] });
      },
    );

    it("gives the same places in the heap on every core, and the same again after reset", () => {
      const places = (results: Uint32Array, { heapAddress }: Image): Uint32Array =>
        results.map((result) => (result === 0 ? 0 : 1 + result - heapAddress));
      const session = engine.open(image("cortex-m3"), loadTarget("cortex-m3"), operations);
      for (const name of ["cortex-m0", "cortex-m33"]) {
        session.reset();
        session.execute(0, operations.length);
        const other = replay(image(name), name, operations, 1000).results;
        expect(places(other, image(name))).toEqual(places(session.results, image("cortex-m3")));
      }
      session.close();
    });

    it("fills exactly the bytes asked for, with a pattern of the operation", async () => {
      const tiny = await tinyHeapImage({
        init: "used = 0U; for (uint32_t i = 0U; i < 64U; ++i) { tiny_heap_memory[i] = 0xeeU; }",
      });
      for (const payloads of ["host", "guest"] as const) {
        const { heap } = replay(tiny, "cortex-m4", operationsOf([7, 13, 1]), 2, { payloads });
        const word = (operation: number, index: number) =>
          (Math.imul(operation + 1, 0x9e3779b1) + Math.imul(index, 0x61c88647)) >>> 0;
        const pattern = (operation: number, size: number) =>
          Array.from({ length: size }, (_, at) => (word(operation, at >> 2) >>> (8 * (at & 3))) & 0xff);
        const untouched = (count: number) => Array.from({ length: count }, () => 0xee);
        expect([...heap.slice(0, 32)]).toEqual([
          ...pattern(0, 7),
          ...untouched(1),
          ...pattern(1, 13),
          ...untouched(3),
          ...pattern(2, 1),
          ...untouched(7),
        ]);
      }
    });

    it("passes the operation's index as the tag", async () => {
      const malloc =
        "uint32_t const at = used; used = at + 16U; tiny_heap_memory[at + 8U] = (uint8_t)tag; (void)size; return &tiny_heap_memory[at];";
      const tagged = await tinyHeapImage({ tagged: true, malloc });
      const { heap } = replay(tagged, "cortex-m0", operationsOf([8, 8, { free: 0 }, 8]), 2);
      expect([heap[8], heap[24], heap[40]]).toEqual([0, 1, 3]);
    });

    it("measures each function's deepest stack", async () => {
      const malloc = "push {r4, r5, lr}\nldr r0, =heap\npop {r4, r5, pc}";
      const free = "mov r1, lr\npush {r0, r1}\npush {r0, r1, r2}\nadd sp, #20\nbx r1";
      const stacked = await assemblyHeapImage({ malloc, free }, "cortex-m0");
      const { stack } = replay(stacked, "cortex-m0", operationsOf([8, { free: 0 }]), 2);
      expect(stack).toEqual({ malloc: 12, free: 20 });
    });

    it("sees which ways conditional branches went", async () => {
      const malloc = "cmp r0, #8\nbeq 1f\nnop\n1: cmp r0, #0\nbeq 2f\nldr r0, =heap\n2: bx lr";
      const branching = await assemblyHeapImage(
        { malloc, free: "cmp r0, #1\nbhi 1f\nnop\n1: bx lr" },
        "cortex-m0",
      );
      const { malloc: entry, free } = branching.entries;
      const { coverage } = replay(branching, "cortex-m0", operationsOf([8, 16]), 1);
      expect(coverage).toEqual(
        new Map([
          [entry + 2, 3],
          [entry + 8, 2],
          [free + 2, 0],
        ]),
      );
    });

    it("counts a recursion and a call of the other function to the operation that made them", async () => {
      const malloc =
        "cmp r0, #1\nbne 1f\nbx lr\n1: push {r4, lr}\nmovs r0, #1\nbl tiny_heap_malloc\nbl tiny_heap_free\nldr r0, =heap\npop {r4, pc}";
      const nested = await assemblyHeapImage({ malloc, free: "bx lr" }, "cortex-m0");
      const { instructions } = replay(nested, "cortex-m0", operationsOf([8, { free: 0 }, 8]), 3);
      expect([...instructions]).toEqual([12, 1, 12]);
    });
  });
});
