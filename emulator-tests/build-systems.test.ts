/** The heap in a build of CMake, make or Meson: its objects, and the files generated anew when the config changes. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
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

describe("several heaps and one malloc over them", () => {
  const several = (size: string, output: string): void =>
    put(
      "alloc-gen.json",
      JSON.stringify({
        target: "cortex-m4",
        policy: { kind: "segregated-fit" },
        heaps: ["fast_heap", "bulk_heap"].map((name) => ({ name, heap: { size }, outputs: [output] })),
        front: { name: "app" },
      }),
    );
  const main = [
    "#include <stdio.h>",
    '#include "app.h"',
    '#include "bulk_heap.h"',
    "int main(void)",
    "{",
    "    app_init();",
    "    void *const block = app_malloc_caps(100U, 0U);",
    '    (void)printf("%u %d\\n", (unsigned)BULK_HEAP_SIZE_BYTES, block != NULL);',
    "    app_free(block);",
    "    return 0;",
    "}",
  ];

  test.each<Pick<System, "output" | "describe" | "build">>([
    {
      output: "cmake",
      describe: () => {
        put(
          "CMakeLists.txt",
          "cmake_minimum_required(VERSION 3.19)",
          "project(firmware C)",
          "add_executable(firmware main.c)",
          "include(generated/app.cmake)",
          "target_link_libraries(firmware PRIVATE app fast_heap bulk_heap)",
        );
        run("cmake", "-S", ".", "-B", "build", "-G", "Ninja");
      },
      build: () => void run("cmake", "--build", "build"),
    },
    {
      output: "make",
      describe: () =>
        put(
          "Makefile",
          "include generated/app.mk",
          "build/firmware: main.c $(APP_OBJECTS)",
          "\t@mkdir -p $(@D)",
          "\t$(CC) $(APP_CPPFLAGS) $(APP_LDFLAGS) -o $@ $^",
          "build/firmware: generated/bulk_heap.h",
        ),
      build: () => void run("make"),
    },
  ])("are built by one file of $output, and generated once", ({ output, describe: write, build }) => {
    several("4KiB", output);
    put("main.c", ...main);
    run("node_modules/.bin/alloc-gen", "generate", "--quiet");
    write();
    build();
    expect(run("build/firmware")).toBe("4096 1\n");
    expect(runs()).toBe(2);

    several("8KiB", output);
    touch("alloc-gen.json");
    build();
    build();
    expect(run("build/firmware")).toBe("8192 1\n");
    expect(runs()).toBe(3);
  });
});

describe("rules of one's own, which take the file of dependencies for the stamp of the last run,", () => {
  const own = [
    {
      name: "of make",
      describe: () =>
        put(
          "Makefile",
          "firmware: main.cpp app_heap.o app_heap_new.o",
          "\tg++ -Igenerated -o $@ $^",
          "app_heap.o: generated/app_heap.c",
          "\tgcc -c -o $@ $<",
          "app_heap_new.o: generated/app_heap_new.cpp",
          "\tg++ -c -o $@ $<",
          "firmware: generated/app_heap.h",
          "generated/app_heap.c generated/app_heap.h generated/app_heap_new.cpp: heap.d ;",
          "heap.d: alloc-gen.json",
          "\tnode_modules/.bin/alloc-gen generate --quiet --depfile $@",
          "-include heap.d",
        ),
      build: () => void run("make", "firmware"),
    },
    {
      name: "of ninja",
      describe: () =>
        put(
          "build.ninja",
          "rule generate",
          "  command = node_modules/.bin/alloc-gen generate --quiet --depfile $out",
          "  depfile = $out",
          "  restat = 1",
          "rule c",
          "  command = gcc -c -o $out $in",
          "rule cpp",
          "  command = g++ -c -o $out $in",
          "rule link",
          "  command = g++ -Igenerated -o $out $in",
          "build heap.d | generated/app_heap.c generated/app_heap.h generated/app_heap_new.cpp: generate alloc-gen.json",
          "build app_heap.o: c generated/app_heap.c",
          "build app_heap_new.o: cpp generated/app_heap_new.cpp",
          "build firmware: link main.cpp app_heap.o app_heap_new.o | generated/app_heap.h",
        ),
      build: () => void run("ninja"),
    },
  ];

  test.each(own)(
    "$name, generate a touched config once, and compile nothing anew",
    ({ describe: write, build }) => {
      config("8KiB", "cpp");
      put("main.cpp", ...program);
      write();
      build();
      expect(run("./firmware")).toBe("8192 3\n");
      expect(runs()).toBe(1);
      const compiled = () => statSync(join(folder, "app_heap.o")).mtimeMs;
      const first = compiled();

      touch("alloc-gen.json");
      build();
      build();
      expect(runs()).toBe(2);
      expect(compiled()).toBe(first);

      config("16KiB", "cpp");
      touch("alloc-gen.json");
      build();
      build();
      expect(run("./firmware")).toBe("16384 3\n");
      expect(runs()).toBe(3);
      expect(compiled()).toBeGreaterThan(first);
    },
  );

  test("and every file that is generated is in the list", () => {
    config("8KiB", "cpp", "make", "zephyr");
    const listed = run("node_modules/.bin/alloc-gen", "generate", "--list", "--quiet").trimEnd().split("\n");
    const written = readdirSync(join(folder, "generated"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    expect(listed.map((path) => relative(folder, resolve(folder, path))).toSorted()).toEqual(
      written.toSorted(),
    );
  });
});

/** Builds of packages, with stand-ins for what the framework has of its own. */
describe("the generated folder is a package:", () => {
  const generatePackage = (...outputs: readonly string[]): void => {
    config("8KiB", "cpp", ...outputs);
    put("main.cpp", ...program);
    run("node_modules/.bin/alloc-gen", "generate", "--quiet");
  };

  /** Of the commands that Zephyr's build has for modules, those that the file calls: `cmake/modules/extensions.cmake`. */
  const zephyr = (setting: string) => [
    "cmake_minimum_required(VERSION 3.20)",
    "project(firmware C CXX)",
    "add_library(zephyr_interface INTERFACE)",
    "macro(zephyr_library_named name)",
    "  set(ZEPHYR_CURRENT_LIBRARY ${name})",
    "  add_library(${name} STATIC)",
    "  target_link_libraries(${name} PUBLIC zephyr_interface)",
    "  set_property(GLOBAL APPEND PROPERTY ZEPHYR_LIBS ${name})",
    "endmacro()",
    "function(zephyr_library_sources)",
    "  target_sources(${ZEPHYR_CURRENT_LIBRARY} PRIVATE ${ARGN})",
    "endfunction()",
    "function(zephyr_include_directories)",
    "  target_include_directories(zephyr_interface INTERFACE ${ARGN})",
    "endfunction()",
    "function(zephyr_link_libraries)",
    "  target_link_libraries(zephyr_interface INTERFACE ${ARGN})",
    "endfunction()",
    setting,
    "add_subdirectory(generated/zephyr)",
    "get_property(libraries GLOBAL PROPERTY ZEPHYR_LIBS)",
    "add_executable(firmware main.cpp)",
    "target_link_libraries(firmware PRIVATE zephyr_interface -Wl,--whole-archive ${libraries} -Wl,--no-whole-archive)",
  ];

  test("Zephyr compiles a module, where its option is set", () => {
    generatePackage("zephyr");
    const build = () => {
      run("cmake", "-S", ".", "-B", "build", "-G", "Ninja");
      run("cmake", "--build", "build");
    };
    put("CMakeLists.txt", ...zephyr("set(CONFIG_APP_HEAP y)"));
    build();
    expect(run("build/firmware")).toBe("8192 3\n");
    put("main.cpp", "int main(void) { return 0; }");
    put("CMakeLists.txt", ...zephyr("set(CONFIG_APP_HEAP n)"));
    build();
    expect(run("nm", "build/firmware")).not.toContain("app_heap");
  });

  test("ESP-IDF compiles a component", () => {
    generatePackage("esp-idf");
    put(
      "CMakeLists.txt",
      "cmake_minimum_required(VERSION 3.16)",
      "project(firmware C CXX)",
      "function(idf_component_register)",
      '  cmake_parse_arguments(it "" "" "SRCS;INCLUDE_DIRS" ${ARGN})',
      "  add_library(component STATIC ${it_SRCS})",
      "  target_include_directories(component PUBLIC ${it_INCLUDE_DIRS})",
      "endfunction()",
      "add_subdirectory(generated)",
      "add_executable(firmware main.cpp)",
      "target_link_libraries(firmware PRIVATE component)",
    );
    run("cmake", "-S", ".", "-B", "build", "-G", "Ninja");
    run("cmake", "--build", "build");
    expect(run("build/firmware")).toBe("8192 3\n");
  });

  /** Compiles sources of the folder, and links all their objects. */
  function compile(sources: readonly string[]): string {
    mkdirSync(join(folder, "objects"));
    const objects = [...sources.map((source) => `generated/${source}`), "main.cpp"].map((source) => {
      const object = `objects/${basename(source)}.o`;
      run(source.endsWith(".c") ? "gcc" : "g++", "-Igenerated", "-c", "-o", object, source);
      return object;
    });
    run("g++", "-o", "firmware", ...objects);
    return run("./firmware");
  }
  const generated = (name: string) => readFileSync(join(folder, "generated", name), "utf8");

  test("PlatformIO compiles what the manifest's filter leaves", () => {
    // Sources that belong to a kernel's or a library's own build stand in the folder, too.
    generatePackage("freertos", "lvgl", "platformio");
    const { build } = JSON.parse(generated("library.json")) as { build: { srcFilter: readonly string[] } };
    expect(build.srcFilter[0]).toBe("-<*>");
    const sources = build.srcFilter.slice(1).map((rule) => /^\+<(.*)>$/.exec(rule)?.[1] ?? rule);
    expect(compile(sources)).toBe("8192 3\n");
  });

  test("Arduino compiles all sources of a folder without src", () => {
    generatePackage("lua", "gdb", "make", "arduino");
    const sources = readdirSync(join(folder, "generated")).filter((name) => /\.(?:c|cpp|S)$/.test(name));
    expect(compile(sources)).toBe("8192 3\n");
    expect(existsSync(join(folder, "generated", "src"))).toBe(false);
    const included = /^includes=(.*)$/m.exec(generated("library.properties"))?.[1]?.split(",") ?? [];
    for (const name of included) expect(existsSync(join(folder, "generated", name)), name).toBe(true);
  });

  test("a pack lists what a program compiles", () => {
    generatePackage("cmsis-pack");
    const listed = [
      ...generated("alloc-gen.app_heap.pdsc").matchAll(/<file category="(\w+)" name="([^"]+)"/g),
    ];
    for (const [, , name = ""] of listed)
      expect(existsSync(join(folder, "generated", name)), name).toBe(true);
    const sources = listed.flatMap(([, category, name = ""]) => (category === "source" ? [name] : []));
    expect(compile(sources)).toBe("8192 3\n");
  });
});
