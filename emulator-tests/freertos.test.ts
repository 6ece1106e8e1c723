/** The kernel's heap, with three tasks under preemption on a stand-in for the kernel. */
import { describe, expect, test } from "vitest";
import { filesFor, subjectOf, supportFile } from "./support/board/generated.js";
import { runOnBoard } from "./support/board/run-on-board.js";

const kernel = ["FreeRTOS.h", "task.h", "FreeRTOSConfig.h", "kernel.c", "tasks.c", "shared.c"].map(
  (name) => ({
    ...supportFile(`kernel/${name}`),
    name,
  }),
);
const warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"];
/** Instructions take time, the same in each run: ticks come at the same places. */
const exactTime = ["-icount", "shift=5"];

async function run(
  config: object,
  damage: (text: string) => string = (text) => text,
  objects: readonly string[] = ["tasks.c"],
) {
  const files = await filesFor({
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "16KiB" },
    policy: { kind: "segregated-fit" },
    outputs: ["freertos"],
    ...config,
  });
  const damaged = files.map(({ name, text }) => ({
    name,
    text: name === "app_heap_freertos.c" ? damage(text) : text,
  }));
  return runOnBoard({
    files: [subjectOf(files), ...damaged, ...kernel, supportFile("syscalls.c")],
    objects: [...objects, "kernel.c", "app_heap.c", "app_heap_freertos.c", "syscalls.c"],
    compile: warnings,
    flags: ["--specs=nano.specs"],
    qemu: exactTime,
  });
}

describe("three tasks under preemption", () => {
  test.each<{ readonly name: string; readonly config: object }>([
    { name: "segregated fit", config: {} },
    {
      name: "best fit with a checksum",
      config: {
        policy: { kind: "sequential-fit", fit: "best" },
        header: { fields: { checksum: { bits: 8 } } },
      },
    },
    { name: "a buddy heap", config: { policy: { kind: "buddy" } } },
    { name: "a bitmap", config: { policy: { kind: "bitmap" } } },
  ])("find $name sound, and its figures right", async ({ config }) => {
    expect(await run(config)).toMatchObject({
      kind: "ran",
      code: 0,
      output: expect.stringMatching(/allocations: sound/) as string,
    });
  });

  test.each<{ readonly name: string; readonly from: RegExp; readonly to: string }>([
    {
      name: "a malloc that lets the scheduler switch",
      from: /vTaskSuspendAll\(\);\n    make_ready/,
      to: "make_ready",
    },
    {
      name: "headers left out of the figures",
      from: /HEADER_BYTES \(\(size_t\)\w+\)/,
      to: "HEADER_BYTES ((size_t)0U)",
    },
    {
      name: "a least that is what is free now",
      from: /figures\(\)\.least_free_bytes/,
      to: "figures().free_bytes",
    },
    { name: "a hook that is not called", from: /vApplicationMallocFailedHook\(\);/, to: "" },
    { name: "frees that are not told", from: /counters\.frees;/, to: "0U;" },
    {
      name: "a product that wraps",
      from: /!__builtin_mul_overflow\(xNum, xSize, &size\)/,
      to: "(size = xNum * xSize, true)",
    },
  ])("find $name", async ({ from, to }) => {
    const result = await run({}, (text) => {
      expect(text).toMatch(from);
      return text.replace(from, to);
    });
    expect(result.kind === "ran" ? result.code : 0).not.toBe(0);
  });
});

describe("a heap that the C library and the kernel share", () => {
  const policies = [
    { kind: "segregated-fit" },
    { kind: "sequential-fit", fit: "best" },
    { kind: "sequential-fit", fit: "first" },
    { kind: "buddy" },
  ];
  test.each(policies)("keeps the blocks of both, and counts them: %j", async (policy) => {
    const config = { policy, lock: "primask", outputs: ["newlib", "freertos"] };
    expect(await run(config, undefined, ["shared.c", "app_heap_newlib.c"])).toMatchObject({
      kind: "ran",
      code: 0,
      output: "sound\n",
    });
  });
});
