/** The recorder: what it records is what was called, of main and of handlers of interrupts, on an emulated board. */
import { describe, expect, test } from "vitest";
import { importTrace } from "../src/traces/import/import-trace.js";
import { recorderCost } from "./support/board/recorder-cost.js";
import {
  callsIn,
  contexts,
  difference,
  faultsOf,
  lostIn,
  record,
  recordedCalls,
  type Recorded,
  type Subject,
} from "./support/board/recorded.js";

const newlib: Subject = {
  config: { lock: "none" },
  recorder: { of: "newlib" },
  macros: {
    MALLOC: "malloc",
    FREE: "free",
    CALLOC: "calloc",
    REALLOC: "realloc",
    ALIGNED: "memalign",
    "BEGIN()": "(void)0",
  },
  objects: ["malloc-lock.c", "syscalls.c"],
  headers: ["stdlib.h", "malloc.h"],
  program: { flags: ["--specs=nano.specs"] },
};
const atEachInstruction: Subject = {
  // An instruction takes 64 ns, and a tick 40 ns: no boundary is left out.
  macros: { SWEEPS: "700U", OPERATIONS: "14000U" },
  program: { qemu: ["-icount", "shift=6"] },
};
const named = {
  malloc: "app_heap_malloc",
  free: "app_heap_free",
  calloc: "app_heap_calloc",
  realloc: "app_heap_realloc",
  alignedAlloc: "app_heap_aligned_alloc",
};

describe("what was called is recorded", () => {
  test.each<Subject & { readonly name: string }>([
    { name: "in a ring of 4 KiB" },
    { name: "with an interrupt at each instruction", ...atEachInstruction },
    { name: "in the least ring", recorder: { ring: 512 }, macros: { DRAINS: "2U" } },
    { name: "with a larger granule", config: { heap: { size: "16KiB", alignment: 16 } } },
    { name: "of a heap that is often full", config: { heap: { size: "6KiB" } } },
    {
      name: "with interrupts masked by BASEPRI",
      config: { lock: { kind: "basepri", priority: 64 } },
      macros: { "BEGIN()": "app_heap_init(); *(volatile uint32_t *)0xE000ED20U = 0x80000000U" },
    },
    {
      name: "at link-time optimisation of all but the heap",
      program: { flags: ["-flto"], apart: ["app_heap.c"] },
    },
    { name: "of functions that are named", recorder: { of: named } },
    { name: "of newlib-nano", ...newlib },
    {
      ...newlib,
      name: "of newlib-nano at link-time optimisation",
      program: { flags: ["--specs=nano.specs", "-flto"] },
    },
  ])("$name", async (subject) => {
    expect(faultsOf(await record(subject))).toEqual([]);
  });

  test("of picolibc", async () => {
    const recorded = await record({
      ...newlib,
      recorder: { of: "malloc" },
      macros: { ...newlib.macros, ALIGNED: "never_aligned", INTERRUPTS: 0, HAS_ALIGNED: 0 },
      objects: ["syscalls.c"],
      program: { flags: ["--specs=picolibc.specs"], start: "picolibc" },
    });
    expect(faultsOf(recorded, ["main"])).toEqual([]);
  });
});

/** Events that a recording has or says that are lost. */
const toldOf = (recorded: Recorded): number =>
  recorded.events.filter(({ kind }) => kind !== "lost").length + lostIn(recorded);

describe("what a recording says besides", () => {
  test("is the time of each event, beyond what a counter holds", async () => {
    const recorded = await record({ recorder: { clockHz: 1000 }, macros: { TIMED: 1 } });
    expect(faultsOf(recorded)).toEqual([]);
    // The counter begins 256 below its end, and each event takes 3.
    const times = recorded.events.flatMap(({ time }) => time ?? []);
    expect(times.length).toBeGreaterThan(2000);
    expect(times).toEqual(times.map((_, index) => 0xffffff00 + 3 * (index + 1)));
  });

  test("is a block's tag", async () => {
    const header = { fields: { tag: { bits: 4 } } };
    const MALLOC = "malloc_with_tag";
    const define =
      "static void *malloc_with_tag(size_t size) { return app_heap_malloc_tagged(size, size % 16U); }";
    const recorded = await record({ config: { header }, macros: { MALLOC }, define });
    expect(faultsOf(recorded)).toEqual([]);
    const mallocs = recorded.events.flatMap((event) => (event.kind === "malloc" ? [event] : []));
    expect(mallocs.length).toBeGreaterThan(2000);
    expect(mallocs.filter(({ size, tag }) => tag !== String(size % 16))).toEqual([]);
  });

  test("is how many events found no room", async () => {
    const { events, called } = await record({ recorder: { ring: 512 }, macros: { DRAINS: "150U" } });
    const lost = events.reduce((sum, event) => sum + (event.kind === "lost" ? (event.count ?? NaN) : 0), 0);
    const calls = [...called.values()].reduce((sum, { length }) => sum + length, 0);
    expect(lost).toBeGreaterThan(1000);
    expect(events.filter(({ kind }) => kind !== "lost").length + lost).toBe(calls);
  });

  test("is that the heap was made empty", async () => {
    const [before, after] = [7, 9].map((size) => `app_heap_init(); (void)app_heap_malloc(${size}U)`);
    const { events } = await record({
      macros: { "BEGIN()": `${before}; ${after}`, OPERATIONS: "0U", INTERRUPTS: 0 },
    });
    expect(events.map((event) => ("size" in event ? event.size : event.kind))).toEqual([7, "restart", 9]);
  });

  test("is nothing where the heap is part of what is optimised at link time, which the import says", async () => {
    const { bytes } = await record({ program: { flags: ["-flto"] } });
    const source = { head: bytes, pieces: () => [bytes], metadata: undefined };
    expect(() =>
      importTrace(source, { file: "recording.bin", from: "recording", name: "recording" }),
    ).toThrow();
  });
});

test("a ring that is written over keeps the last calls", async () => {
  // As a dump of the memory: whoever reads it knows nothing of what is where.
  const define = "extern const uint8_t *whole_ring(void);";
  const recorded = await record({
    recorder: { whenFull: "overwrite", ring: 2048 },
    define,
    macros: { "app_heap_recorder_drain()": "(void)0", "END()": "host_write(recording, whole_ring(), 2048U)" },
    damage: (text) =>
      `${text}\nconst uint8_t *whole_ring(void);\nconst uint8_t *whole_ring(void) { return ring; }\n`,
  });
  const told = recordedCalls(recorded.events.filter(({ kind }) => kind !== "free" && kind !== "notice"));
  for (const context of contexts) {
    const calls = told.get(context) ?? [];
    expect(calls.length).toBeGreaterThan(20);
    const last = (recorded.called.get(context) ?? [])
      .filter((call) => !call.startsWith("free"))
      .slice(-calls.length);
    expect(difference(calls, last)).toBeUndefined();
  }
});

test("a program that the linker was not told to wrap does not link", async () => {
  await expect(record({ word: "-Wl,--gc-sections" })).rejects.toThrow(/__real_app_heap_malloc/);
});

describe("a recorder is found wrong that", () => {
  const mask = '__asm__ volatile("mrs %0, primask\\n\\tcpsid i" : "=r"(state) : : "memory");';
  test.each<{
    readonly name: string;
    readonly from: string;
    readonly to: string;
    readonly subject?: Subject;
  }>([
    {
      name: "has no lock",
      from: mask,
      to: '__asm__ volatile("mrs %0, primask" : "=r"(state) : : "memory");',
    },
    {
      name: "records a free behind it",
      from: "    record_release(pointer);\n    }\n    __real_app_heap_free(pointer);",
      to: "    __real_app_heap_free(pointer);\n    record_release(pointer);\n    }",
    },
    {
      name: "lets others in behind a realloc",
      from: "    recorder.paused--;\n    if (pointer != NULL) {",
      to: "    recorder.paused--;\n    unlock_heap(mask);\n    if (pointer != NULL) {",
    },
    {
      name: "lets others in before the last byte",
      from: "        end_event();\n    }\n    unlock_heap(mask);\n}",
      to: "    }\n    unlock_heap(mask);\n    end_event();\n}",
      subject: atEachInstruction,
    },
    {
      name: "counts no lost events",
      from: "recorder.lost++;",
      to: "",
      subject: { macros: { DRAINS: "150U" }, recorder: { ring: 512 } },
    },
    {
      name: "leaves too little room",
      from: "#define MOST_BYTES    (80U)",
      to: "#define MOST_BYTES    (2U)",
      subject: { recorder: { ring: 512 }, macros: { DRAINS: "150U" } },
    },
    { name: "has a check of all bytes", from: "recorder.check = 0U; /*", to: "/*" },
    { name: "loses the carry of a number", from: "(number >> 7) + (lowest >> 7)", to: "(number >> 7)" },
    {
      name: "forgets what lies at the start of the ring",
      from: "recorder.drained += length;",
      to: "recorder.drained = end;",
    },
  ])("$name", async ({ from, to, subject = {} }) => {
    const recorded = await record({
      ...subject,
      damage: (text) => {
        expect(text).toContain(from);
        return text.replace(from, to);
      },
    });
    const isWhole = subject.recorder === undefined;
    const isRight = isWhole ? faultsOf(recorded).length === 0 : toldOf(recorded) === callsIn(recorded);
    expect(isRight).toBe(false);
  });
});

test.each([
  { core: "cortex-m4", level: "-O2", cycles: 156, codeBytes: 1152 },
  { core: "cortex-m4", level: "-Os", cycles: 246, codeBytes: 838 },
  // Programs for it have functions of the compiler's library in them, with debug information.
  { core: "cortex-m0plus", level: "-O2", cycles: 209, codeBytes: 1148 },
  { core: "cortex-m0plus", level: "-Os", cycles: 317, codeBytes: 886 },
])("costs what docs/traces.md says on $core at $level", async ({ core, level, cycles, codeBytes }) => {
  const cost = await recorderCost(core, level);
  expect(cost.cycles).toBeLessThan(cycles);
  expect(cost.cycles).toBeGreaterThan(0.9 * cycles);
  expect(cost.codeBytes).toBeLessThanOrEqual(codeBytes);
});
