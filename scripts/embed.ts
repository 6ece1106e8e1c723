/**
 * Builds a kernel's real sources with the glue that is generated for it, and runs three tasks under preemption on an
 * emulated board: `npm run embed -- --freertos PATH`, the path of a checkout of FreeRTOS-Kernel. The tests do the same with
 * a stand-in, since the kernel comes in no package.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { filesFor, supportFile } from "../emulator-tests/support/board/generated.js";
import { runOnBoard } from "../emulator-tests/support/board/run-on-board.js";

const port = join("portable", "GCC", "ARM_CM3");
const kernelSources = ["tasks.c", "list.c", "queue.c", "timers.c", join(port, "port.c")];

const fileOf = (path: string, name: string) => ({ name, text: readFileSync(join(path, name), "utf8") });

/** The kernel's files in one folder: no two have the same name. */
function kernelFiles(path: string) {
  const headers = readdirSync(join(path, "include")).filter((name) => name.endsWith(".h"));
  return [
    ...headers.map((name) => fileOf(join(path, "include"), name)),
    fileOf(join(path, port), "portmacro.h"),
    ...kernelSources.map((source) => ({ ...fileOf(path, source), name: objectName(source) })),
  ];
}

const objectName = (source: string): string => source.replace(/^.*[/\\]/, "");

async function runFreertos(path: string): Promise<number> {
  const generated = await filesFor({
    name: "app_heap",
    target: "cortex-m3",
    heap: { size: "16KiB" },
    policy: { kind: "segregated-fit" },
    outputs: ["freertos"],
  });
  const result = await runOnBoard({
    board: "cortex-m3",
    files: [
      ...kernelFiles(path),
      ...generated,
      { ...supportFile("kernel/tasks.c"), name: "program.c" },
      { ...supportFile("kernel/FreeRTOSConfig.h"), name: "FreeRTOSConfig.h" },
      supportFile("syscalls.c"),
    ],
    objects: [
      "program.c",
      "app_heap.c",
      "app_heap_freertos.c",
      "syscalls.c",
      ...kernelSources.map(objectName),
    ],
    flags: ["--specs=nano.specs", "-fno-tree-loop-distribute-patterns"],
    // Instructions take time, the same in each run: ticks come at the same places.
    qemu: ["-icount", "shift=5"],
  });
  if (result.kind === "not linked") {
    console.error(result.message);
    return 3;
  }
  process.stdout.write(result.output);
  return result.code === 0 ? 0 : 1;
}

const { values } = parseArgs({ options: { freertos: { type: "string" } } });
if (values.freertos === undefined) {
  console.error("usage: npm run embed -- --freertos PATH");
  process.exitCode = 2;
} else {
  process.exitCode = await runFreertos(values.freertos);
}
