/** Every way an allocator can go wrong in the emulator is recognised, told, and survived by the session. */
import { describe, expect, it } from "vitest";
import type { Fault, FaultCause } from "../src/emulators/engine.js";
import type { CoreOptions, CoreEngine } from "../src/emulators/core/engine.js";
import { loadTarget } from "../src/targets/load.js";
import { coreEngines } from "./support/core-engines.js";
import { operationsOf, tinyHeapImage } from "./support/engine-images.js";
import type { TinyHeap } from "./support/engine-images.js";
import { unalignedTargets } from "./support/targets.js";

const good =
  "uint32_t const at = used; used = at + (((uint32_t)size + 7U) & ~7U); return &tiny_heap_memory[at];";
/** Goes wrong in the third malloc, which asks for 24 bytes; does what is right before. */
const atThird = (wrong: string): string => `if (size == 24U) { ${wrong} } ${good}`;
const through = (address: string): string => `(*(volatile uint32_t *)(${address}))`;

const operations = operationsOf([8, 16, 24, 32, { free: 0 }, { free: 1 }]);

interface Broken {
  readonly name: string;
  readonly parts: TinyHeap;
  readonly cause: FaultCause;
  readonly operation?: number;
  readonly address?: number;
  readonly message: RegExp;
  readonly target?: string;
  readonly options?: CoreOptions;
}

const broken: readonly Broken[] = [
  {
    name: "a read where nothing is",
    parts: { malloc: atThird(`used = ${through("0x30000010U")};`) },
    cause: "read-unmapped",
    address: 0x3000_0010,
    message: /^the instruction at 0x0000\w+ reads 0x30000010, where there is no memory$/,
  },
  {
    name: "a read through NULL",
    parts: {
      malloc: atThird(`uint32_t zero = 0U; __asm volatile("" : "+r"(zero)); used = ${through("zero")};`),
    },
    cause: "read-unmapped",
    address: 0,
    message: /reads 0x00000000/,
  },
  {
    name: "a write where nothing is",
    parts: { malloc: atThird(`${through("0x30000010U")} = 1U;`) },
    cause: "write-unmapped",
    address: 0x3000_0010,
    message: /writes 0x30000010, where there is no memory$/,
  },
  {
    name: "a read where nothing is, and a write behind it in the same IT block",
    parts: {
      malloc: atThird(
        `uint32_t to = 0x30000010U; __asm volatile("cmp %0, %0\\nitt eq\\nldreq r2, [%0]\\nstreq r2, [%0, #16]" : : "r"(to) : "r2", "cc", "memory");`,
      ),
    },
    cause: "read-unmapped",
    address: 0x3000_0010,
    message: /reads 0x30000010, where there is no memory$/,
  },
  {
    name: "several writes of one instruction in an IT block where nothing is",
    parts: {
      malloc: atThird(
        `uint32_t to = 0x30000010U; __asm volatile("cmp %0, %0\\nit eq\\nstmiaeq %0!, {r1, r2}" : "+l"(to) : : "cc", "memory");`,
      ),
    },
    cause: "write-unmapped",
    address: 0x3000_0010,
    message: /writes 0x30000010, where there is no memory$/,
  },
  {
    name: "a read where nothing is, and an access in the same IT block that the core refuses",
    parts: {
      malloc: atThird(
        `uint32_t to = (uint32_t)&tiny_heap_memory[2]; uint32_t none = 0x30000010U; __asm volatile("cmp %0, %0\\nitt eq\\nldreq r2, [%1]\\nldrdeq r2, r3, [%0]" : : "r"(to), "r"(none) : "r2", "r3", "cc");`,
      ),
    },
    cause: "read-unmapped",
    address: 0x3000_0010,
    message: /reads 0x30000010, where there is no memory$/,
  },
  {
    name: "a write to code",
    parts: { malloc: atThird(`${through("0x1000U")} = 1U;`) },
    cause: "write-protected",
    address: 0x1000,
    message: /writes 0x00001000, which is read-only$/,
  },
  {
    name: "a call of nothing",
    parts: { malloc: atThird(`uint32_t to = 0x30000011U; __asm volatile("blx %0" : : "r"(to) : "lr");`) },
    cause: "fetch-unmapped",
    message: /^execution reached 0x30000010, where there is no code$/,
  },
  {
    name: "a call of data",
    parts: {
      malloc: atThird(
        `uint32_t to = (uint32_t)tiny_heap_memory | 1U; __asm volatile("blx %0" : : "r"(to) : "lr");`,
      ),
    },
    cause: "fetch-unmapped",
    message: /^execution reached 0x20000000, where there is no code$/,
  },
  {
    name: "an undefined instruction",
    parts: { malloc: atThird(`__asm volatile("udf #0");`) },
    cause: "undefined-instruction",
    message: /^the instruction at 0x\w+ is undefined$/,
  },
  {
    name: "an instruction that this core lacks",
    parts: { malloc: atThird(`__asm volatile(".inst.w 0xfab0f080");`) },
    cause: "undefined-instruction",
    message: /^the instruction 0xfab0f080 at 0x\w+ does not exist on this core$/,
    target: "cortex-m0",
  },
  {
    name: "an unaligned access on a core without",
    parts: {
      malloc: atThird(
        'uint32_t to = (uint32_t)&tiny_heap_memory[2]; __asm volatile("" : "+r"(to)); *(volatile uint32_t *)to = 1U;',
      ),
    },
    cause: "unaligned-access",
    address: 0x2000_0002,
    message: /accesses 0x20000002, and the core does not allow unaligned accesses$/,
    target: "cortex-m0",
  },
  ...(
    [
      [
        "LDRD",
        'uint32_t low, high; __asm volatile("ldrd %0, %1, [%2, #8]" : "=r"(low), "=r"(high) : "r"(to));',
      ],
      ["STRD", '__asm volatile("strd %0, %0, [%0, #-4]" : : "r"(to) : "memory");'],
      ["LDM", '__asm volatile("ldmia %0, {r2, r3}" : : "r"(to) : "r2", "r3");'],
      ["STM", '__asm volatile("mov lr, %0\\nstmia lr, {r2, r3}" : : "r"(to) : "lr", "memory");'],
      ["LDREX", '__asm volatile("ldrex r2, [%0]" : : "r"(to) : "r2");'],
    ] as const
  ).flatMap(([name, access]) =>
    unalignedTargets.map((target) => ({
      name: `an unaligned ${name} on ${target}`,
      parts: {
        malloc: atThird(
          `uint32_t to = (uint32_t)&tiny_heap_memory[2]; __asm volatile("" : "+r"(to)); ${access}`,
        ),
      },
      cause: "unaligned-access" as const,
      message: /^the instruction at 0x\w+ accesses 0x\w+2, and the address must be a multiple of 4$/,
      target,
    })),
  ),
  {
    name: "an instruction that no core defines",
    parts: { malloc: atThird(`__asm volatile(".inst.w 0xe9d10000" : : : "r0");`) },
    cause: "undefined-instruction",
    message: /^the instruction 0xe9d10000 at 0x\w+ is undefined or unpredictable on every core$/,
  },
  {
    name: "a floating-point instruction, with the unit off",
    parts: { malloc: atThird(`__asm volatile(".inst.w 0xee300a00");`) },
    cause: "undefined-instruction",
    message: /^the instruction 0xee300a00 at 0x\w+ needs the floating-point unit, which is off$/,
  },
  {
    name: "a loop without end",
    parts: { malloc: atThird("for (;;) { used = 0U; }") },
    cause: "hang",
    message: /^more than 100000 instructions and still running at 0x\w+$/,
    options: { instructionLimit: 100_000 },
  },
  {
    name: "a loop back to malloc's entry",
    parts: { malloc: atThird(`__asm volatile("b tiny_heap_malloc");`) },
    cause: "hang",
    message: /^more than 100000 instructions/,
    options: { instructionLimit: 100_000 },
  },
  {
    name: "an endless recursion",
    parts: {
      declarations:
        "static uint32_t deeper(uint32_t depth) { volatile uint32_t local[8]; local[0] = depth; if (used == 99U) { return depth; } return deeper(depth + 1U) + local[0]; }",
      malloc: atThird("used = deeper(0U);"),
    },
    cause: "stack-overflow",
    message: /^malloc overflows its stack: the (instruction at|code from) 0x\w+( on)? touches 0x7013\w+$/,
  },
  {
    name: "a payload overwritten",
    parts: { malloc: atThird("tiny_heap_memory[5] = (uint8_t)(tiny_heap_memory[5] + 1U);") },
    cause: "payload-overwritten",
    operation: 4,
    address: 0x2000_0005,
    message: /^byte 5 of the payload of operation 0 changed before its free$/,
  },
  {
    name: "a block that is not in the heap",
    parts: { malloc: atThird("return &tiny_heap_memory[4096 - 23];") },
    cause: "other",
    address: 0x2000_0000 + 4096 - 23,
    message: /^malloc of 24 bytes returned 0x20000fe9, not all of them inside the heap$/,
  },
  {
    name: "a forbidden byte read",
    parts: { malloc: atThird("used += *(volatile uint8_t *)&tiny_heap_memory[4001];") },
    cause: "stray-access",
    address: 0x2000_0000 + 4001,
    message:
      /^the (?:instruction at|code from) 0x\w+(?: on)? accesses 0x20000fa1, and that byte belongs to nothing$/,
    options: { forbidden: [{ address: 0x2000_0000 + 4000, bytes: 2 }] },
  },
  {
    name: "a supervisor call",
    parts: { malloc: atThird(`__asm volatile("svc #0");`) },
    cause: "other",
    message: /^a supervisor call at 0x\w+$/,
  },
];

describe.each(coreEngines)("faults in $name", (engine: CoreEngine) => {
  const open = (image: Awaited<ReturnType<typeof tinyHeapImage>>, target: string, options?: CoreOptions) =>
    engine.open(image, loadTarget(target), operations, options);

  for (const {
    name,
    parts,
    cause,
    operation = 2,
    address,
    message,
    target = "cortex-m4",
    options,
  } of broken) {
    for (const payloads of ["host", "guest"] as const) {
      it(`${name} (payloads checked by the ${payloads})`, async () => {
        const image = await tinyHeapImage(parts, target);
        const session = open(image, target, { ...options, payloads });
        expect(session.reset()).toBeUndefined();
        const { completed, fault } = session.execute(0, operations.length);
        expect(fault).toMatchObject({ cause, operation } satisfies Partial<Fault>);
        expect(fault?.message).toMatch(message);
        if (address !== undefined) expect(fault?.address).toBe(address);
        expect(completed).toBe(operation);
        // The session goes on after reset, up to the operation before the one that goes wrong.
        expect(() => session.execute(0, 1)).toThrow(/reset first/);
        expect(session.reset()).toBeUndefined();
        expect(session.execute(0, 2)).toEqual({ completed: 2 });
        expect([...session.results.slice(0, 2)]).toEqual([image.heapAddress, image.heapAddress + 8]);
        session.close();
      });
    }
  }

  it("a write next to the allocator's own memory, found at the end of the batch", async () => {
    const beyond =
      'uint32_t end = (uint32_t)&used + 64U; __asm volatile("" : "+r"(end)); *(volatile uint8_t *)end = 1U;';
    const image = await tinyHeapImage({ malloc: atThird(beyond) });
    const session = open(image, "cortex-m4");
    session.reset();
    const { fault } = session.execute(0, operations.length);
    const used = image.symbols.get("used")?.address ?? 0;
    expect(fault).toMatchObject({ cause: "stray-write", operation: 5, address: used + 64 });
    expect(session.reset()).toBeUndefined();
    expect(session.execute(0, 2).fault).toBeUndefined();
    expect(session.execute(2, 3).fault).toMatchObject({ cause: "stray-write", operation: 2 });
    session.close();
  });

  it("none for a single access that is not aligned, which these cores make", async () => {
    const access =
      'uint32_t to = (uint32_t)&tiny_heap_memory[2]; __asm volatile("" : "+r"(to)); *(volatile uint32_t *)to = 1U;';
    for (const target of unalignedTargets) {
      const image = await tinyHeapImage({ malloc: atThird(access) }, target);
      const session = engine.open(image, loadTarget(target), operations, { checkPayloads: false });
      session.reset();
      expect(session.execute(0, operations.length)).toEqual({ completed: operations.length });
      session.close();
    }
  });

  it("a fault of init", async () => {
    const session = open(await tinyHeapImage({ init: `${through("0x30000010U")} = 1U;` }), "cortex-m4");
    expect(session.reset()).toMatchObject({ cause: "write-unmapped", operation: -1, address: 0x3000_0010 });
    session.close();
  });

  it("names the instruction that faults, or where the engine tells its block only and several could, the block", async () => {
    const store = (more: string): TinyHeap => ({
      free: `(void)pointer; uint32_t to = 0x30000000U; __asm volatile("b the_block\\n.global the_block\\nthe_block: nop\\nnop\\n.global the_store\\nthe_store: str r0, [%0]\\n${more}" : : "r"(to));`,
    });
    for (const [more, label] of [
      ["nop", "the_store"],
      ["str r0, [%0, #4]", engine.name === "js" ? "the_store" : "the_block"],
    ] as const) {
      const image = await tinyHeapImage(store(more));
      const session = open(image, "cortex-m4");
      session.reset();
      const { fault } = session.execute(0, operations.length);
      expect(fault).toMatchObject({ cause: "write-unmapped", operation: 4 });
      expect(fault?.pc).toBe((image.symbols.get(label)?.address ?? 0) & ~1);
      session.close();
    }
  });
});
