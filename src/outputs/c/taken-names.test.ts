import { describe, expect, test } from "vitest";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AllocGenError } from "../../diagnostics.js";
import { prepare } from "../../prepare.js";

/** What a config is refused with, without the file's name. */
function refusal(config: object): string {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-names-"));
  const file = join(folder, "alloc-gen.json");
  writeFileSync(file, JSON.stringify({ name: "h", target: "cortex-m4", ...config }));
  try {
    prepare(file, {});
    return "accepted";
  } catch (error) {
    if (error instanceof AllocGenError)
      return error.diagnostics.map(({ path, message }) => `${(path ?? []).join(".")}: ${message}`).join("\n");
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const segregated = { policy: { kind: "segregated-fit" } };
const pool = { policy: { kind: "pool", classes: [{ size: 16, count: 8 }, { size: 64 }] } };
const heap = { size: 4096 };
const many = { heap: { size: 4096, instances: "many" } };

describe("names of heaps", () => {
  test.each([
    ["insert", { ...segregated, heap }, "insert_free"],
    ["remove_first", { ...segregated, heap }, "remove_first_free"],
    ["set", { ...segregated, heap }, "set_free"],
    ["pool", { ...pool, ...many }, "pool_t"],
    ["word", { ...segregated, ...many, api: { calloc: true } }, "word_t"],
    ["header", { ...segregated, ...many }, "header_t"],
    ["free_block", { ...pool, ...many }, "free_block_t"],
    ["left", { policy: { kind: "sequential-fit" }, ...many, api: { check: true } }, "left_t"],
  ])("%s", (name, config, taken) => {
    expect(refusal({ ...config, name })).toBe(
      `name: found ${JSON.stringify(name)}, but its C has ${taken} already`,
    );
  });

  test.each([
    ["uint32", { ...segregated, ...many }, "uint32_t"],
    ["size", { ...segregated, ...many }, "size_t"],
    ["UINT16_MAX", { ...segregated, ...many }, "UINT16_MAX"],
    ["mtx", { ...segregated, heap }, "mtx_init"],
    ["atomic", { ...segregated, heap }, "atomic_init"],
  ])("%s, of the library", (name, config, taken) => {
    expect(refusal({ ...config, name })).toBe(
      `name: found ${JSON.stringify(name)}, but it would have ${taken}: the C standard library has that name`,
    );
  });

  test("that collide with nothing", () => {
    expect(refusal({ ...segregated, heap, name: "pool" })).toBe("accepted");
    expect(refusal({ ...segregated, ...many, name: "heap" })).toBe("accepted");
    expect(refusal({ ...segregated, ...many, name: "pool" })).toBe("accepted");
    expect(refusal({ ...segregated, heap, name: "size" })).toBe("accepted");
  });
});

describe("linker symbols", () => {
  const between = (start: string, end = "e", more: object = segregated): string =>
    refusal({ ...more, heap: { size: 4096, placement: { kind: "linker", start, end } } });

  test.each([
    "heap",
    "heap_t",
    "control_t",
    "first",
    "need",
    "h_malloc",
    "H_SIZE_BYTES",
    "H_GRANULE_MASK",
    "uint8_t",
  ])("%s", (symbol) => expect(between(symbol)).toMatch(/^heap\.placement\.start: found ".*", but /));
  test.each([
    ["NULL", "the C standard library has that name"],
    ["size_t", "the C standard library has that name"],
    ["UINT64_MAX", "the C standard library has that name"],
    ["memcpy", "the C standard library has that name"],
    ["main", "the C standard library has that name"],
    ["sqrtf", "the C standard library has that name"],
    ["__LINE__", "compilers have that name"],
    ["__builtin_clz", "compilers have that name"],
    ["asm", "it is a reserved word of C23 or GNU C"],
    ["typeof", "it is a reserved word of C23 or GNU C"],
    ["while", "it is a reserved word of C11"],
  ])("%s: %s", (symbol, reason) => {
    expect(between("s", symbol)).toBe(`heap.placement.end: found "${symbol}", but ${reason}`);
  });

  test("as GNU scripts have them", () => {
    for (const symbol of ["__heap_start__", "__end__", "_end", "__HeapBase", "_estack", "__bss_end__", "new"])
      expect(between(symbol), symbol).toBe("accepted");
  });
});
