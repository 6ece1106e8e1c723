/** Calls of single functions of an image: arguments, functions of the host, faults, and what was written. */
import { afterEach, describe, expect, test } from "vitest";
import type { Caller, CallerOptions } from "../src/emulators/caller.js";
import { loadTarget } from "../src/targets/load.js";
import { coreEngines } from "./support/core-engines.js";
import { tinyHeapImage } from "./support/engine-images.js";
import type { TinyHeap } from "./support/engine-images.js";

/** What is not used the linker leaves out, the heap too. */
const usesHeap = "(void)pointer; tiny_heap_memory[0] = (uint8_t)used;";

describe.each(coreEngines)("in $name", (engine) => {
  const open: Caller[] = [];
  afterEach(() => {
    for (const caller of open.splice(0)) caller.close();
  });

  async function callerOf(parts: TinyHeap, options: CallerOptions = {}, core = "cortex-m4"): Promise<Caller> {
    const caller = engine.caller(
      await tinyHeapImage({ free: usesHeap, ...parts }, core),
      loadTarget(core),
      options,
    );
    open.push(caller);
    return caller;
  }

  /** malloc calls what it is given. */
  const callsBack = `
uint32_t words[3] = { 7U, 8U, 9U };
uint32_t sum = 0U;
while (((uint32_t (*)(uint32_t, uint32_t *))size)(sum, words) != 0U) { sum++; words[0]++; }
return (void *)sum;`;

  test("arguments go into registers and onto the stack, and the result comes back", async () => {
    const caller = await callerOf({
      declarations: `__attribute__((noinline)) uint32_t tiny_heap_digits(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f);
uint32_t tiny_heap_digits(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f)
{
    return (((((((((a * 10U) + b) * 10U) + c) * 10U) + d) * 10U) + e) * 10U) + f;
}`,
      malloc: "return (void *)tiny_heap_digits(1U, 2U, 3U, 4U, (uint32_t)size, 6U);",
    });
    expect(caller.call("tiny_heap_malloc", [5])).toEqual({ kind: "returned", result: 123456 });
    expect(caller.call("tiny_heap_digits", [6, 5, 4, 3, 2, 1])).toEqual({ kind: "returned", result: 654321 });
    expect(() => caller.call("tiny_heap_nothing")).toThrow("no symbol tiny_heap_nothing");
  });

  test("a function of the host is told its arguments, sees the stack's memory and answers", async () => {
    const caller = await callerOf({ malloc: callsBack });
    const seen: number[][] = [];
    const visit = caller.callback((sum = 0, words = 0) => {
      seen.push([sum, ...new Uint32Array(caller.memory(words, 12).slice().buffer)]);
      return sum < 2 ? 1 : 0;
    });
    expect(caller.call("tiny_heap_malloc", [visit])).toEqual({ kind: "returned", result: 2 });
    expect(seen).toEqual([
      [0, 7, 8, 9],
      [1, 8, 8, 9],
      [2, 9, 8, 9],
    ]);
  });

  test.each([
    ["read-unmapped", "(void)size; return (void *)*(volatile uint32_t *)0x30000010U;", 0x3000_0010],
    ["write-protected", "*(volatile uint32_t *)0x1000U = (uint32_t)size; return NULL;", 0x1000],
    ["hang", "while (used < size) { } return NULL;", undefined],
    ["undefined-instruction", "(void)size; __builtin_trap();", undefined],
    [
      "stack-overflow",
      "volatile uint8_t deep[17000]; deep[0] = (uint8_t)size; return (void *)(uint32_t)deep[0];",
      undefined,
    ],
  ] as const)("%s is a fault with its place, and the next call goes on", async (cause, malloc, address) => {
    const caller = await callerOf({ malloc }, { blockLimit: 1000 });
    const outcome = caller.call("tiny_heap_malloc", [8]);
    if (outcome.kind !== "fault") throw new Error("it returned");
    expect(outcome.fault.cause).toBe(cause);
    expect(outcome.fault.pc).toBeGreaterThan(0);
    if (address !== undefined) expect(outcome.fault.address).toBe(address);
    expect(caller.call("tiny_heap_free", [0]).kind).toBe("returned");
  });

  test("an unaligned access of the heap is a fault on a core that allows none", async () => {
    const malloc = "return (void *)*(volatile uint32_t *)((uintptr_t)tiny_heap_memory + size);";
    const caller = await callerOf({ malloc }, {}, "cortex-m0");
    expect(caller.call("tiny_heap_malloc", [4]).kind).toBe("returned");
    expect(caller.call("tiny_heap_malloc", [6])).toMatchObject({ fault: { cause: "unaligned-access" } });
  });

  test("an access of a forbidden byte is a fault, beside it there is none", async () => {
    const heap = 0x2000_0000;
    const malloc = "return (void *)(uintptr_t)*(volatile uint8_t *)&tiny_heap_memory[size];";
    const caller = await callerOf({ malloc }, { forbidden: [{ address: heap + 8, bytes: 2 }] });
    for (const beside of [7, 10]) expect(caller.call("tiny_heap_malloc", [beside]).kind).toBe("returned");
    for (const at of [8, 9]) {
      const fault = { cause: "stray-access", address: heap + at };
      expect(caller.call("tiny_heap_malloc", [at])).toMatchObject({ kind: "fault", fault });
    }
  });

  test("memory is kept and put back, and a write beside what the image owns is found", async () => {
    const caller = await callerOf({ malloc: "used++; tiny_heap_memory[size] = 1U; return (void *)used;" });
    const before = caller.save();
    expect(new Set(caller.heap).size).toBeGreaterThan(100);
    expect(new Set(caller.heap)).not.toContain(0);
    const dirt = caller.heap[4];
    expect(caller.call("tiny_heap_malloc", [4])).toEqual({ kind: "returned", result: 1 });
    expect(caller.heap[4]).toBe(1);
    expect(caller.strayWrite()).toBeUndefined();
    caller.restore(before);
    expect(caller.heap[4]).toBe(dirt);
    expect(caller.call("tiny_heap_malloc", [5000])).toEqual({ kind: "returned", result: 1 });
    expect(caller.strayWrite()).toBeGreaterThan(0);
  });
});
