/** C++ on a heap: every operator, containers, and what is constructed before main. */
import { beforeAll, describe, expect, test } from "vitest";
import type { GeneratedFile } from "../src/pipeline.js";
import { filesFor, supportFile } from "./support/board/generated.js";
import { runOnBoard } from "./support/board/run-on-board.js";

let files: readonly GeneratedFile[];
beforeAll(async () => {
  const generated = await filesFor({
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "32KiB" },
    policy: { kind: "segregated-fit" },
    outputs: ["cpp", "newlib"],
  });
  files = [...generated, supportFile("containers.cpp"), supportFile("syscalls.c")];
});

const warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"];
const objects = ["app_heap_new.cpp", "app_heap.c", "app_heap_newlib.c", "syscalls.c"];

describe.each([
  { name: "exceptions", flags: [] },
  { name: "no exceptions", flags: ["-fno-exceptions", "-fno-rtti"] },
  { name: "no exceptions, newlib-nano", flags: ["-fno-exceptions", "--specs=nano.specs"] },
  { name: "no exceptions, link-time optimisation", flags: ["-fno-exceptions", "-flto"] },
])("with $name", ({ flags }) => {
  test("all that is allocated is the heap's", async () => {
    const result = await runOnBoard({
      files,
      objects: ["containers.cpp", ...objects],
      flags,
      standard: "c++17",
    });
    expect(result).toMatchObject({
      kind: "ran",
      code: 0,
      output: expect.stringContaining("all is ours") as string,
    });
  });
});

describe.each(["c++14", "c++17", "c++20"])("as %s", (standard) => {
  test("the files are free of warnings", async () => {
    const result = await runOnBoard({
      files,
      objects: ["app_heap_new.cpp"],
      standard,
      compile: [...warnings, ...(standard === "c++14" ? ["-faligned-new"] : [])],
      link: ["-Wl,--unresolved-symbols=ignore-all"],
    });
    expect(result.kind === "not linked" ? result.message : "").not.toContain("warning");
    expect(result.kind).toBe("ran");
  });
});
