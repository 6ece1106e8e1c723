/** The heap in a build of CMake, make or Meson: its objects, and the files generated anew when the config changes. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

let folder = "";
beforeAll(() => void execFileSync(process.execPath, [join(root, "scripts", "build.mjs"), "--if-stale"]));
beforeEach(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-build-"));
  // The tool as a project has it, which counts how often it is called.
  mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
  const tool = join(folder, "node_modules", ".bin", "alloc-gen");
  const program = join(root, "dist", "cli", "main.js");
  writeFileSync(
    tool,
    `#!/bin/sh\necho run >> '${folder}/runs'\nexec '${process.execPath}' '${program}' "$@"\n`,
  );
  chmodSync(tool, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, ...words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd: folder, encoding: "utf8" });
  if (error !== undefined) throw error;
  expect(status, `${program} ${words.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

const put = (name: string, ...lines: readonly string[]) =>
  writeFileSync(join(folder, name), [...lines, ""].join("\n"));
const runs = (): number => readFileSync(join(folder, "runs"), "utf8").split("\n").length - 1;
/** Later than all that is there, for file systems that tell seconds. */
function touch(name: string) {
  run("sleep", "1.1");
  run("touch", name);
}

function config(size: string, ...outputs: readonly string[]) {
  const heap = { name: "app_heap", target: "cortex-m4", heap: { size }, policy: { kind: "segregated-fit" } };
  put("alloc-gen.json", JSON.stringify({ ...heap, outputs }));
}

const program = [
  "#include <cstdio>",
  '#include "app_heap.hpp"',
  "int main()",
  "{",
  "    int *const number = new int(3);",
  '    std::printf("%u %d\\n", (unsigned)APP_HEAP_SIZE_BYTES, *number);',
  "    delete number;",
  "    return 0;",
  "}",
];

interface System {
  readonly name: string;
  readonly output: string;
  /** Writes what the user writes. */
  readonly describe: () => void;
  readonly configure?: () => void;
  readonly build: () => void;
  /** The heap's object. */
  readonly object: string;
}

const cmakeLists = () =>
  put(
    "CMakeLists.txt",
    "cmake_minimum_required(VERSION 3.19)",
    "project(firmware C CXX)",
    "add_executable(firmware main.cpp)",
    "include(generated/app_heap.cmake)",
    "target_link_libraries(firmware PRIVATE app_heap)",
  );
const byCMake = (generator: string): System => ({
  name: `CMake with ${generator}`,
  output: "cmake",
  describe: cmakeLists,
  configure: () => void run("cmake", "-S", ".", "-B", "build", "-G", generator),
  build: () => void run("cmake", "--build", "build"),
  object: "build/CMakeFiles/app_heap.dir/generated/app_heap.c.o",
});

const systems: readonly System[] = [
  byCMake("Ninja"),
  byCMake("Unix Makefiles"),
  {
    name: "make",
    output: "make",
    describe: () =>
      put(
        "Makefile",
        "APP_HEAP_BUILD := build",
        "include generated/app_heap.mk",
        "build/firmware: main.cpp $(APP_HEAP_OBJECTS)",
        "\t$(CXX) $(APP_HEAP_CPPFLAGS) $(APP_HEAP_LDFLAGS) -o $@ $^",
        "build/firmware: generated/app_heap.h",
      ),
    build: () => void run("make"),
    object: "build/app_heap.o",
  },
  {
    name: "Meson",
    output: "meson",
    describe: () =>
      put(
        "meson.build",
        "project('firmware', 'c', 'cpp')",
        "subdir('generated')",
        "executable('firmware', 'main.cpp', dependencies: app_heap_dep)",
      ),
    configure: () => void run("meson", "setup", "build"),
    build: () => void run("ninja", "-C", "build"),
    object: "build/firmware.p/generated_app_heap.c.o",
  },
];

describe.each(systems)("with $name", ({ output, describe: describeBuild, configure, build, object }) => {
  test("a changed config is generated once, and only what it changes is compiled", () => {
    config("8KiB", "cpp", output);
    put("main.cpp", ...program);
    describeBuild();
    run("node_modules/.bin/alloc-gen", "generate", "--quiet");
    configure?.();
    build();
    const ran = () => run("build/firmware");
    expect(ran()).toBe("8192 3\n");
    const first = runs();
    expect(first).toBe(2);
    const compiled = statSync(join(folder, object)).mtimeMs;

    build();
    expect(runs()).toBe(first);

    touch("alloc-gen.json");
    build();
    expect(runs()).toBe(first + 1);
    build();
    expect(runs()).toBe(first + 1);
    expect(statSync(join(folder, object)).mtimeMs).toBe(compiled);

    config("16KiB", "cpp", output);
    touch("alloc-gen.json");
    build();
    expect(ran()).toBe("16384 3\n");
    expect(runs()).toBe(first + 2);
    expect(statSync(join(folder, object)).mtimeMs).toBeGreaterThan(compiled);
  });

  test("files that are committed build without the tool", () => {
    config("8KiB", "cpp", output);
    put("main.cpp", ...program);
    describeBuild();
    run("node_modules/.bin/alloc-gen", "generate", "--quiet");
    rmSync(join(folder, "node_modules"), { recursive: true });
    touch("alloc-gen.json");
    configure?.();
    build();
    expect(run("build/firmware")).toBe("8192 3\n");
    expect(runs()).toBe(1);
  });
});

describe("with the npm package's CMake", () => {
  test("a target is made of a config", () => {
    config("8KiB", "cpp", "cmake");
    put("main.cpp", ...program);
    put(
      "CMakeLists.txt",
      "cmake_minimum_required(VERSION 3.19)",
      "project(firmware C CXX)",
      `find_package(alloc-gen REQUIRED PATHS "${root}/cmake")`,
      "alloc_gen_heap(TARGET heaps CONFIG alloc-gen.json)",
      "add_executable(firmware main.cpp)",
      "target_link_libraries(firmware PRIVATE heaps)",
    );
    run("cmake", "-S", ".", "-B", "build", "-G", "Ninja");
    run("cmake", "--build", "build");
    expect(run("build/firmware")).toBe("8192 3\n");
    expect(existsSync(join(folder, "generated"))).toBe(false);

    config("16KiB", "cpp", "cmake");
    touch("alloc-gen.json");
    run("cmake", "--build", "build");
    expect(run("build/firmware")).toBe("16384 3\n");
  });

  test("sources that a kernel or LVGL compiles are named to the caller", () => {
    config("8KiB", "freertos", "lvgl", "cmake");
    put(
      "CMakeLists.txt",
      "cmake_minimum_required(VERSION 3.19)",
      "project(firmware C)",
      `find_package(alloc-gen REQUIRED PATHS "${root}/cmake")`,
      "alloc_gen_heap(TARGET heaps CONFIG alloc-gen.json)",
      "foreach(source FREERTOS_HEAP APP_HEAP_LVGL)",
      '  if(NOT EXISTS "${${source}}")',
      '    message(FATAL_ERROR "${source} is no file")',
      "  endif()",
      "endforeach()",
    );
    run("cmake", "-S", ".", "-B", "build", "-G", "Ninja");
  });
});

test("the C library's malloc is linked with the option that requires it", () => {
  config("8KiB", "newlib", "cmake");
  put(
    "main.c",
    "#include <string.h>",
    "char *volatile copy;",
    'int main(void) { copy = strdup("text"); return 0; }',
  );
  put(
    "CMakeLists.txt",
    "cmake_minimum_required(VERSION 3.19)",
    "project(firmware C)",
    "add_executable(firmware main.c)",
    "include(generated/app_heap.cmake)",
    "target_link_libraries(firmware PRIVATE app_heap)",
  );
  appendFileSync(
    join(folder, "arm.cmake"),
    [
      "set(CMAKE_SYSTEM_NAME Generic)",
      "set(CMAKE_C_COMPILER arm-none-eabi-gcc)",
      'set(CMAKE_C_FLAGS "-mcpu=cortex-m4 -mthumb -ffunction-sections -fdata-sections")',
      'set(CMAKE_EXE_LINKER_FLAGS "--specs=nosys.specs -Wl,--gc-sections")',
      "",
    ].join("\n"),
  );
  run("node_modules/.bin/alloc-gen", "generate", "--quiet");
  run("cmake", "-S", ".", "-B", "build", "-G", "Ninja", "--toolchain", "arm.cmake");
  run("cmake", "--build", "build");
  const symbols = run("arm-none-eabi-nm", "build/firmware");
  // Nothing in the program refers to it: without the option the linker had left it out.
  expect(symbols).toContain("app_heap_is_malloc");
  expect(symbols).toContain("app_heap_malloc");
  expect(symbols).not.toContain("__malloc_current_mallinfo");
});
