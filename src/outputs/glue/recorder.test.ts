/** What the recorder's files say; emulator-tests/recorder.test.ts runs them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generateHeaps, prepareHeaps } from "../../pipeline.js";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "alloc-gen-recorder-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The generated files by their names. */
async function filesOf(config: object): Promise<ReadonlyMap<string, string>> {
  const path = join(folder, "alloc-gen.json");
  const base = { name: "app_heap", target: "cortex-m4", heap: { size: "8KiB" } };
  writeFileSync(path, JSON.stringify({ ...base, policy: { kind: "segregated-fit" }, ...config }));
  const files = await generateHeaps(prepareHeaps(path, {}));
  return new Map(files.map(({ name, text }) => [name, text]));
}

const wordOf = (files: ReadonlyMap<string, string>): string | undefined =>
  /-Wl\S+/.exec(files.get("app_heap_recorder.h") ?? "")?.[0];

describe("the recorder", () => {
  it("stands in for each function of the heap that there is", async () => {
    const heap = ["init", "malloc", "free"].map((each) => `--wrap=app_heap_${each}`);
    expect(wordOf(await filesOf({ outputs: ["recorder"] }))).toBe(`-Wl,${heap.join(",")}`);
    const header = { fields: { tag: { bits: 8 } } };
    const more = await filesOf({ outputs: ["recorder", "newlib"], header });
    expect(wordOf(more)).toBe(
      ["-Wl", "init", "malloc", "malloc_tagged", "free", "calloc", "realloc", "aligned_alloc"].join(
        ",--wrap=app_heap_",
      ),
    );
  });

  it.each([
    ["malloc", "malloc free calloc realloc"],
    ["newlib", "_malloc_r _free_r _calloc_r _realloc_r _memalign_r"],
    ["freertos", "pvPortMalloc vPortFree pvPortCalloc"],
    [{ malloc: "get", free: "put" }, "get put"],
  ])("stands in for functions of %j, and names none of the heap", async (of, functions) => {
    const files = await filesOf({ outputs: [{ kind: "recorder", of }] });
    expect(wordOf(files)).toBe(["-Wl", ...functions.split(" ")].join(",--wrap="));
    expect(files.get("app_heap_recorder.c")).not.toMatch(/app_heap_(?!recorder)/);
  });

  it("is part of a build, with what the linker is to be told", async () => {
    const files = await filesOf({ outputs: ["recorder", "cmake", "make", "meson"] });
    for (const name of ["app_heap.cmake", "app_heap.mk", "meson.build"]) {
      expect(files.get(name)).toMatch(/app_heap_recorder\.[co]/);
      expect(files.get(name)).toContain(wordOf(files));
    }
  });

  it("has no more than what is asked for", async () => {
    const [plain, rich] = await Promise.all([
      filesOf({ outputs: ["recorder"] }),
      filesOf({ outputs: [{ kind: "recorder", clockHz: 72e6, ring: 512, whenFull: "overwrite" }] }),
    ]);
    const [first, second] = [plain, rich].map((files) => [...files.values()].join("\n"));
    expect(first).not.toMatch(/ticks|put_long|RESIZING|ZEROED|TAG|calloc/);
    expect(second).not.toMatch(/drain|LOSS|MOST_BYTES/);
    expect(second).toContain("#define CLOCK_HZ      (72000000U)");
    expect(second).toContain("#define FRAME_BYTES   (128U)");
  });
});
