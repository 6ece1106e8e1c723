/** The C and C++ of all outputs, held to the warnings that the heap's own C is held to, by GCC, Clang and cppcheck. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clangFlags, gccFlags } from "../src/toolchain/flags.js";
import { searchedFolders } from "../src/toolchain/library-headers.js";
import { filesFor } from "./support/board/generated.js";
import { runCommand } from "./support/run-on-host.js";

const support = join(dirname(fileURLToPath(import.meta.url)), "support");

let folder = "";
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "alloc-gen-glue-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const kernels = ["freertos", "lvgl"];
const headers = ["lua", "cjson", "mbedtls", "sqlite"];
/** Between them both sides of each switch of the templates. */
const configs: readonly object[] = [
  { outputs: [...kernels, ...headers] },
  { outputs: [...kernels, "newlib", "cpp"], policy: { kind: "sequential-fit", fit: "best" } },
  { outputs: kernels, heap: { size: "32KiB", placement: "linker" } },
  {
    outputs: [{ kind: "recorder", clockHz: 1000 }],
    heap: { size: "32KiB", placement: "linker" },
    api: { calloc: true, realloc: true, alignedAlloc: true },
    header: { fields: { tag: { bits: 4 } } },
    lock: { kind: "basepri", priority: 64 },
  },
  { outputs: [{ kind: "recorder", of: "newlib", whenFull: "overwrite" }] },
  { outputs: [...kernels, "picolibc"], init: "constructor", lock: "primask" },
];

/** What a file is compiled for; those of a library of this machine's are compiled for the machine. */
interface Subject {
  readonly where: "board" | "machine";
  /** With these the compiler finds the headers of the library. */
  readonly words: readonly string[];
}

const subjects: Readonly<Record<string, Subject>> = {
  newlib: { where: "board", words: [] },
  picolibc: { where: "board", words: ["--specs=picolibc.specs"] },
  freertos: { where: "board", words: [`-I${join(support, "board", "kernel")}`] },
  lvgl: { where: "board", words: [`-I${join(support, "libraries")}`] },
  new: { where: "machine", words: [] },
  lua: { where: "machine", words: ["-I/usr/include/lua5.4"] },
  cjson: { where: "machine", words: ["-I/usr/include/cjson"] },
  mbedtls: { where: "machine", words: ["-DMBEDTLS_PLATFORM_MEMORY", "-DMBEDTLS_PLATFORM_C"] },
  sqlite: { where: "machine", words: [] },
};

/** Warnings that C++ has too. */
const ofBoth = (warnings: readonly string[]): readonly string[] =>
  warnings.filter((flag) => !/strict-prototypes|missing-prototypes/.test(flag));
const core = ["-mcpu=cortex-m4", "-mthumb"];

/** What compilers and cppcheck say of a file. */
async function complaints(name: string): Promise<readonly string[]> {
  const { where, words } = subjects[/^app_heap_(\w+)\./.exec(name)?.[1] ?? ""] ?? {
    where: "board",
    words: [],
  };
  const run = (command: string, ...all: readonly string[]): Promise<string> =>
    runCommand(command, [...all, "-O2", "-c", "-o", "object.o"], folder);
  const isHeader = name.endsWith(".h");
  const source = isHeader ? "including.c" : name;
  if (isHeader) await writeFile(join(folder, source), `#include "${name}"\nint main(void) { return 0; }\n`);
  const isCpp = name.endsWith(".cpp");
  const asCpp = ["-x", "c++", "-std=c++17", ...words];
  const said: string[] = [];
  if (where === "machine") {
    if (!isCpp) {
      said.push(await run("gcc", "-std=c11", ...gccFlags.warnings, ...words, source));
      said.push(await run("clang", "-std=c11", ...clangFlags.warnings, ...words, source));
    }
    said.push(await run("g++", ...ofBoth(gccFlags.warnings), ...asCpp, source));
    said.push(await run("clang++", ...ofBoth(clangFlags.warnings), ...asCpp, source));
  } else {
    for (const standard of ["-std=c11", "-std=gnu11"])
      said.push(await run("arm-none-eabi-gcc", ...core, standard, ...gccFlags.warnings, ...words, source));
    const search = await runCommand(
      "arm-none-eabi-gcc",
      [...words, "-E", "-v", "-x", "c", "/dev/null"],
      folder,
    );
    const clang = ["--target=thumbv7em-none-eabi", "-mcpu=cortex-m4", "-std=c11", ...clangFlags.warnings];
    const found = searchedFolders(search).flatMap((each) => ["-isystem", each]);
    said.push(
      await run("clang", ...clang, ...words.filter((word) => word.startsWith("-I")), ...found, source),
    );
  }
  const cppcheck = ["--enable=all", `--std=${isCpp ? "c++17" : "c11"}`, "--quiet", "--error-exitcode=1"];
  const suppressed = ["missingInclude", "missingIncludeSystem", "unusedFunction", "unmatchedSuppression"];
  const included = words.filter((word) => /^-[ID]/.test(word));
  said.push(
    await runCommand(
      "cppcheck",
      [...cppcheck, ...suppressed.map((each) => `--suppress=${each}`), ...included, source],
      folder,
    ),
  );
  return said.filter((text) => text !== "");
}

async function complaintsOf(config: object, damage: (text: string) => string = (text) => text) {
  const base = { name: "app_heap", target: "cortex-m4", heap: { size: "32KiB" } };
  const files = await filesFor({ ...base, policy: { kind: "segregated-fit" }, ...config });
  for (const { name, text } of files) await writeFile(join(folder, name), damage(text));
  const glue = files.filter(({ name }) => /^app_heap_\w+\.(?:c|cpp|h)$/.test(name));
  const all: string[] = [];
  for (const { name } of glue) all.push(...(await complaints(name)));
  return { names: glue.map(({ name }) => name), all };
}

describe("the glue is clean", () => {
  test.each(configs)("%j", async (config) => {
    const { names, all } = await complaintsOf(config);
    expect(names.length).toBeGreaterThan(1);
    expect(all).toEqual([]);
  });
});

test.each<{ readonly outputs: readonly string[]; readonly from: string; readonly to: string }>([
  { outputs: ["newlib"], from: "int  fiprintf(FILE *file, const char *format, ...);\n", to: "" },
  {
    outputs: ["sqlite"],
    from: "#if (APP_HEAP_ALIGNMENT",
    to: '_Static_assert(1, "");\n#if (APP_HEAP_ALIGNMENT',
  },
  {
    outputs: ["cpp"],
    from: "const std::new_handler handler",
    to: "const int unused = 0; const std::new_handler handler",
  },
])("a fault in $outputs is found", async ({ outputs, from, to }) => {
  const { all } = await complaintsOf({ outputs }, (text) => text.replace(from, to));
  expect(all).not.toEqual([]);
});
