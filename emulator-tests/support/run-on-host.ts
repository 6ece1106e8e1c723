/**
 * Runs a generated heap on the machine the tests run on, built with sanitizers: every access outside of the heap and
 * what the C standard leaves undefined ends the program. The emulated core tells neither.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "../../src/toolchain/compile.js";

export interface HostBuild {
  /** "clang, 32 bits" */
  readonly name: string;
  readonly command: "clang" | "gcc";
  readonly flags: readonly string[];
}

/** The heap's C file, its header and the config's facts that the C does not tell. */
export interface Subject {
  readonly name: string;
  readonly files: readonly SourceFile[];
}

const common = ["-std=gnu11", "-g", "-O1", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
const clang = [...common, "-fsanitize=address,undefined,implicit-conversion,local-bounds"];
const gcc = [...common, "-fsanitize=address,undefined,bounds-strict,pointer-overflow"];

export const hostBuilds: readonly HostBuild[] = [
  { name: "clang, 64 bits", command: "clang", flags: clang },
  { name: "clang, 32 bits", command: "clang", flags: [...clang, "-m32"] },
  { name: "gcc, 64 bits", command: "gcc", flags: gcc },
  { name: "gcc, 32 bits", command: "gcc", flags: [...gcc, "-m32"] },
];

const driver = join(dirname(fileURLToPath(import.meta.url)), "drive.c");

/** What a build of the heap printed: a hash of the offsets it returned, or how it failed. */
export async function runOnHost(subject: Subject, builds: readonly HostBuild[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "alloc-gen-host-"));
  try {
    const files = [...subject.files, ...descriptionOf(subject)];
    await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
    await writeFile(join(folder, "drive.c"), await readFile(driver));
    const results: string[] = [];
    for (const { command, flags } of builds) {
      const words = [...flags, "drive.c", `${subject.name}.c`, "-o", "drive"];
      const built = await runCommand(command, words, folder);
      results.push(built === "" ? await runCommand("./drive", [], folder) : built);
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All a program prints. A compiler that warns has printed something. */
export function runCommand(command: string, words: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve(code === 0 ? text.trim() : `${command}: ${signal ?? `exit code ${code}`}\n${text.trim()}`);
    });
  });
}

/** subject.h, and the header of hooks where the heap has one. */
function descriptionOf({ name, files }: Subject): readonly SourceFile[] {
  const textOf = (file: string): string => files.find((each) => each.name === file)?.text ?? "";
  const [header, source] = [textOf(`${name}.h`), textOf(`${name}.c`)];
  const NAME = name.toUpperCase();
  const functions = [...header.matchAll(new RegExp(`\\b${name}_(\\w+)\\([^)]*\\);`, "g"))].map(
    ([, word = ""]) => word,
  );
  const valueOf = (macro: string): string | undefined =>
    new RegExp(`^#define ${NAME}_${macro} \\((\\d+)U\\)`, "m").exec(header)?.[1];
  const isMany = header.includes(`${name}_t *${name}_init(`);
  const [start, end] = [...source.matchAll(/^extern uint8_t (\w+)\[\];/gm)].map(([, symbol]) => symbol);
  const lines = [
    "#include <stdbool.h>",
    `#include "${name}.h"`,
    `#define SUBJECT(function) ${name}_##function`,
    `#define CALL(function, ...) ${name}_##function(${isMany ? "instance, ##" : ""}__VA_ARGS__)`,
    ...(isMany ? ["#define HAS_INSTANCES", `#define INSTANCE_T ${name}_t`] : []),
    ...functions.map((each) => `#define HAS_${each.toUpperCase()}`),
    `#define BLOCK_T ${name}_block_t`,
    `#define STATS_T ${name}_stats_t`,
    `#define COUNTERS_T ${name}_counters_t`,
    ...["EMPTY_BYTES", "ALIGNMENT", "SIZE_BYTES", "MAX_REQUEST", "HEAP_ALIGNMENT", "MAX_ALIGNMENT"].flatMap(
      (macro) => {
        const value = valueOf(macro);
        return value === undefined ? [] : [`#define ${macro} (${value}U)`];
      },
    ),
    ...(header.includes("_init(void *memory") ? ["#define PLACED_AT_RUN_TIME"] : []),
    ...(start === undefined || end === undefined
      ? []
      : [
          "#define PLACED_BY_LINKER",
          `#define HEAP_START "${start}"`,
          `#define HEAP_END "${end}"`,
          `#define HEAP_DIGITS "${valueOf("SIZE_BYTES") ?? ""}"`,
          `#define HEAP_ALIGNMENT_DIGITS "${valueOf("HEAP_ALIGNMENT") ?? valueOf("ALIGNMENT") ?? ""}"`,
        ]),
    // What an arena is given back stays in use until all of it is.
    ...(functions.includes("mark") ? ["#define KEEPS_FREED"] : []),
    ...(hooksOf({ name, files }).length === 0 ? [] : ["#define HAS_LOCK"]),
  ];
  return [{ name: "subject.h", text: `${lines.join("\n")}\n` }, ...hooksOf({ name, files })];
}

/** The header of hooks that the C includes, where it includes one. */
export function hooksOf({ name, files }: Subject): readonly SourceFile[] {
  const source = files.find((each) => each.name === `${name}.c`)?.text ?? "";
  const hooks = /^#include "(\w+_lock\.h)"$/m.exec(source)?.[1];
  return hooks === undefined ? [] : [{ name: hooks, text: hooksText(name.toUpperCase()) }];
}

const hooksText = (NAME: string): string =>
  [
    "#include <stdint.h>",
    "uint32_t test_lock(void);",
    "void test_unlock(uint32_t state);",
    `#define ${NAME}_LOCK() test_lock()`,
    `#define ${NAME}_UNLOCK(state) test_unlock(state)`,
    "",
  ].join("\n");
