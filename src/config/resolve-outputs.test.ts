/** What a config asks for beside the C: what it brings with it, and what it is refused for. */
import { describe, expect, it } from "vitest";
import { AllocGenError, formatDiagnostic } from "../diagnostics.js";
import { parseHeapsText } from "./load-several.js";

const load = (text: string) => parseHeapsText(text, "alloc-gen.json").heaps.map(({ config }) => config);
const one = (more: string) => `{
  "name": "app_heap", "target": "cortex-m4", "heap": { "size": "32KiB" }, "policy": { "kind": "segregated-fit" },
  ${more}
}`;

function faultsOf(text: string): readonly string[] {
  try {
    load(text);
    return [];
  } catch (error) {
    if (error instanceof AllocGenError) return error.diagnostics.map(formatDiagnostic);
    throw error;
  }
}

describe("outputs", () => {
  it("bring the functions that they call, and no other", () => {
    const [config] = load(one('"outputs": ["newlib"]'));
    expect(config?.outputs).toEqual([{ kind: "newlib" }]);
    expect(config?.api).toMatchObject({ calloc: true, realloc: true, alignedAlloc: true, usableSize: true });
    expect(config?.api).toMatchObject({ walk: true, check: false, stats: false });
    expect(config?.verify.workloads).toContain("mixed");
  });

  it("are a word or an object", () => {
    expect(load(one('"outputs": [{ "kind": "freertos" }, "cpp"]'))[0]?.outputs).toEqual([
      { kind: "freertos" },
      { kind: "cpp" },
    ]);
  });

  it("have options, which are held to what they may be", () => {
    const recorder = (options: string) => one(`"outputs": [{ "kind": "recorder", ${options} }]`);
    const named = { malloc: "my_malloc", free: "my_free" };
    const [config] = load(recorder(`"ring": 1024, "clockHz": 0, "of": ${JSON.stringify(named)}`));
    expect(config?.outputs).toEqual([{ kind: "recorder", ring: 1024, clockHz: 0, of: named }]);
    expect(faultsOf(recorder('"ring": 1000'))).toEqual([
      "alloc-gen.json:3:45: outputs[0].ring: found 1000 (allowed: 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144)",
    ]);
    expect(faultsOf(recorder('"of": { "malloc": "a-b", "free": "c" }'))).toEqual([
      'alloc-gen.json:3:55: outputs[0].of.malloc: found "a-b" (allowed: a name of C such as "my_malloc")',
    ]);
    expect(faultsOf(recorder('"of": "tlsf"'))).toEqual([
      'alloc-gen.json:3:43: outputs[0].of: found "tlsf" (allowed: "heap", "malloc", "newlib", "freertos", or an object)',
    ]);
  });

  it("are refused where the config refuses what they call", () => {
    expect(faultsOf(one('"api": { "realloc": false }, "outputs": ["newlib"]'))).toEqual([
      'alloc-gen.json:3:23: api.realloc: found false, but the output "newlib" calls the function',
    ]);
  });

  it("are refused where a program has one of them", () => {
    expect(faultsOf(one('"outputs": ["newlib", "cpp", "picolibc", "cpp"]'))).toEqual([
      `alloc-gen.json:3:32: outputs[2]: found "picolibc", but item 1 of the list is the C library's malloc too`,
      'alloc-gen.json:3:44: outputs[3]: found "cpp", but item 2 of the list is the same',
    ]);
    const two = (
      first: string,
      second: string,
    ) => `{ "target": "cortex-m4", "policy": { "kind": "segregated-fit" }, "heaps": [
      { "name": "a", "heap": { "size": "4KiB" }, "outputs": [${first}] },
      { "name": "b", "heap": { "size": "4KiB" }, "outputs": [${second}] }
    ] }`;
    expect(faultsOf(two('"newlib"', '"cpp"'))).toEqual([]);
    expect(faultsOf(two('"newlib"', '"cpp", "newlib"'))).toEqual([
      `alloc-gen.json:3:69: heaps[1].outputs[1]: found "newlib", but only one heap can be the C library's malloc, and "a" is`,
    ]);
  });

  it("are refused where they do not know the heap's memory, or which of many heaps it is", () => {
    const heap = (rest: string) =>
      `{ "name": "h", "target": "cortex-m4", "heap": { "size": "8KiB", ${rest} }, "policy": { "kind": "segregated-fit" },
"outputs": ["freertos", "newlib"] }`;
    expect(faultsOf(heap('"placement": "runtime"'))).toEqual([
      'alloc-gen.json:2:13: outputs[0]: found "freertos", but it initialises the heap itself: its memory must be an array, or lie between linker symbols (placement is "runtime")',
      'alloc-gen.json:2:25: outputs[1]: found "newlib", but requests come before main, when nobody has told init where the heap lies (placement is "runtime")',
    ]);
    expect(faultsOf(heap('"instances": "many"'))).toHaveLength(2);
    const build = (output: string) => heap('"instances": "many"').replace('"freertos", "newlib"', output);
    expect(faultsOf(build('"cmake", "make", "meson"'))).toEqual([]);
    expect(faultsOf(build('"cmake", "lua"'))).toEqual([
      'alloc-gen.json:2:22: outputs[1]: found "lua", but it serves one heap, and of this one there are many (instances is "many")',
    ]);
  });

  it("that there are not are told with those that there are", () => {
    expect(faultsOf(one('"outputs": ["newlip"]'))).toEqual([
      expect.stringMatching(
        /outputs\[0\]: found "newlip"; did you mean "newlib"\? \(allowed: "newlib", "picolibc"/,
      ),
    ]);
    expect(faultsOf(one('"outputs": [{ "kind": "cpp", "std": 17 }]'))).toEqual([
      expect.stringMatching(/outputs\[0\]: unknown key "std"/),
    ]);
  });
});
