/**
 * Builds a kernel's real sources with the glue that is generated for it, and runs three tasks under preemption on an
 * emulated board: `npm run embed -- --freertos PATH`, the path of a checkout of FreeRTOS-Kernel. The tests do the same with
 * a stand-in, since the kernel comes in no package.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { filesFor, subjectOf, supportFile } from "../emulator-tests/support/board/generated.js";
import { runOnBoard } from "../emulator-tests/support/board/run-on-board.js";
import { packageFolder } from "../src/package-folder.js";
import type { SourceFile } from "../src/toolchain/compile.js";
import { decodeRecording } from "../src/traces/recording/decode.js";

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

interface Program {
  /** Further files, and those of them that are compiled. */
  readonly files: readonly SourceFile[];
  readonly objects: readonly string[];
  readonly link?: readonly string[];
}

/** With figures that are compared, and what the kernel traces. */
const figures: Program = {
  files: [{ ...supportFile("kernel/tasks.c"), name: "program.c" }],
  objects: [],
};

/** Of the examples, recorded. @param word for the linker */
const recorded = (word: string): Program => ({
  files: [
    { ...fileOf(join(packageFolder(), "examples", "tasks"), "main.c"), name: "program.c" },
    { ...supportFile("kernel/untraced.c"), name: "untraced.c" },
    ...["whole-program.c", "host-files.h"].map(supportFile),
  ],
  objects: ["untraced.c", "whole-program.c", "app_heap_recorder.c"],
  link: [word, "-Wl,--wrap=main,--wrap=_exit"],
});

async function runFreertos(path: string): Promise<number> {
  const generated = await filesFor({
    name: "app_heap",
    target: "cortex-m3",
    heap: { size: "16KiB" },
    policy: { kind: "segregated-fit" },
    outputs: ["freertos", { kind: "recorder", ring: 65536 }],
  });
  const header = generated.find(({ name }) => name === "app_heap_recorder.h")?.text ?? "";
  const word = /-Wl,--wrap\S*/.exec(header)?.[0] ?? "";
  const codes: number[] = [];
  for (const program of [figures, recorded(word)]) codes.push(await runProgram(path, generated, program));
  return Math.max(...codes);
}

async function runProgram(
  path: string,
  generated: readonly SourceFile[],
  { files, objects, link = [] }: Program,
): Promise<number> {
  const result = await runOnBoard({
    board: "cortex-m3",
    files: [
      ...kernelFiles(path),
      ...generated,
      ...files,
      { ...supportFile("kernel/FreeRTOSConfig.h"), name: "FreeRTOSConfig.h" },
      subjectOf(generated),
      supportFile("syscalls.c"),
    ],
    objects: [
      "program.c",
      ...objects,
      "app_heap.c",
      "app_heap_freertos.c",
      "syscalls.c",
      ...kernelSources.map(objectName),
    ],
    flags: ["--specs=nano.specs", "-fno-tree-loop-distribute-patterns"],
    link,
    // Instructions take time, the same in each run: ticks come at the same places.
    qemu: ["-icount", "shift=5"],
    collects: ["recording.bin"],
  });
  if (result.kind === "not linked") {
    console.error(result.message);
    return 3;
  }
  process.stdout.write(result.output);
  const recording = result.collected.get("recording.bin") ?? Buffer.alloc(0);
  const events = [...decodeRecording(recording)];
  if (objects.length > 0) console.log(`${events.length} calls recorded in ${recording.length} bytes`);
  const isWhole = events.every(({ kind }) => kind === "malloc" || kind === "free");
  return result.code === 0 && isWhole ? 0 : 1;
}

const { values } = parseArgs({ options: { freertos: { type: "string" } } });
if (values.freertos === undefined) {
  console.error("usage: npm run embed -- --freertos PATH");
  process.exitCode = 2;
} else {
  process.exitCode = await runFreertos(values.freertos);
}
