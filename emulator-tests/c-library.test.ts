/** The C library's malloc made of a heap: every function, and the ways in which a program gets a second heap unseen. */
import { beforeAll, describe, expect, test } from "vitest";
import type { GeneratedFile } from "../src/pipeline.js";
import { filesFor, supportFile } from "./support/board/generated.js";
import { runOnBoard, type BoardProgram } from "./support/board/run-on-board.js";

const warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wmissing-prototypes", "-Werror"];
const anchor = "-Wl,--require-defined=app_heap_is_malloc";
const subject = (...has: readonly string[]) => ({
  name: "subject.h",
  text: ["#include <stdbool.h>", ...has.map((each) => `#define HAS_${each}`), ""].join("\n"),
});

interface Library {
  readonly name: string;
  readonly output: "newlib" | "picolibc";
  readonly specs: readonly string[];
  readonly start?: BoardProgram["start"];
}

const libraries: readonly Library[] = [
  { name: "newlib", output: "newlib", specs: [] },
  { name: "newlib-nano", output: "newlib", specs: ["--specs=nano.specs"] },
  { name: "picolibc", output: "picolibc", specs: ["--specs=picolibc.specs"], start: "picolibc" },
];
const levels = { "": [], " and link-time optimisation": ["-flto"] };

describe.each(libraries)("with $name", ({ output, specs, start = "own" }) => {
  const config = {
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "32KiB" },
    policy: { kind: "segregated-fit" },
    outputs: [output],
  };
  let files: readonly GeneratedFile[];
  beforeAll(async () => {
    const generated = await filesFor(config);
    const has = subject("VALLOC", ...(output === "newlib" ? ["REENTRANT"] : []));
    files = [...generated, has, supportFile("malloc.c"), supportFile("syscalls.c")];
  });
  const heap = ["app_heap.c", `app_heap_${output}.c`];

  test.each(Object.entries(levels))("every function serves from the heap%s", async (_level, flags) => {
    const result = await runOnBoard({
      start,
      files,
      objects: ["malloc.c", ...heap, "syscalls.c"],
      flags: [...specs, ...flags],
      link: [anchor],
    });
    expect(result).toMatchObject({
      kind: "ran",
      code: 0,
      output: expect.stringContaining("all is ours") as string,
    });
  });

  const printing = {
    name: "print.c",
    text: `#include <stdio.h>
#include <string.h>
extern unsigned int sbrk_calls;
char *volatile copy;
int main(void)
{
    copy = strdup("a string");
    printf("%.3f %s\\n", 2.5, copy);
    return (int)sbrk_calls;
}
`,
  };
  const inLibrary = (link: readonly string[], library: readonly string[] = heap) =>
    runOnBoard({
      start,
      files: [...files, printing],
      objects: ["print.c", "syscalls.c"],
      library,
      flags: specs,
      link,
    });

  test("a library whose heap no object calls leaves the program newlib's own, which the option prevents", async () => {
    const without = await inLibrary([]);
    expect(without).toMatchObject({ kind: "ran" });
    expect(without.kind === "ran" && without.code).toBeGreaterThan(0);
    const object = await inLibrary([anchor]);
    expect(object).toMatchObject({ kind: "ran", code: 0 });
  });

  test("what only the library calls is kept at link-time optimisation", async () => {
    const result = await runOnBoard({
      start,
      files: [...files, printing],
      objects: ["print.c", "syscalls.c", ...heap],
      flags: [...specs, "-flto"],
    });
    expect(result).toMatchObject({ kind: "ran", code: 0 });
  });

  test("a program without the glue does not link where the option asks for it", async () => {
    const result = await inLibrary([anchor], ["app_heap.c"]);
    expect(result).toMatchObject({
      kind: "not linked",
      message: expect.stringContaining("app_heap_is_malloc") as string,
    });
  });

  test("a program with part of newlib's own heap does not link", async () => {
    const part = {
      name: "part.c",
      text: "#include <stddef.h>\nvoid *__malloc_free_list = NULL;\nchar *__malloc_sbrk_base = NULL;\n",
    };
    const result = await runOnBoard({
      start,
      files: [...files, printing, part],
      objects: ["print.c", "syscalls.c", ...heap, "part.c"],
      flags: specs,
    });
    expect(result).toMatchObject({
      kind: "not linked",
      message: expect.stringContaining("multiple definition") as string,
    });
  });

  test("a constructor in the C initialises the heap before others allocate", async () => {
    const generated = await filesFor({ ...config, init: "constructor" });
    const early = {
      name: "early.c",
      text: `#include <string.h>
static char *copy;
__attribute__((constructor)) static void early(void) { copy = strdup("a string"); }
int main(void) { return copy == NULL; }
`,
    };
    const run = (own: readonly GeneratedFile[]) =>
      runOnBoard({
        start,
        files: [...own, early, supportFile("syscalls.c")],
        objects: ["early.c", "syscalls.c", ...heap],
        flags: specs,
      });
    expect(await run(generated)).toMatchObject({ kind: "ran", code: 0 });
    const without = generated.map(({ name, text }) => ({
      name,
      text: text.replace("__attribute__((constructor(101)))", "__attribute__((unused))"),
    }));
    expect(await run(without)).toMatchObject({ kind: "ran", code: 1 });
  });

  test("the glue is free of warnings", async () => {
    const result = await runOnBoard({
      start,
      files,
      objects: [`app_heap_${output}.c`],
      flags: specs,
      compile: warnings,
      link: ["-Wl,--unresolved-symbols=ignore-all"],
    });
    expect(result.kind === "not linked" ? result.message : "").not.toContain("warning");
    expect(result.kind).toBe("ran");
  });
});
