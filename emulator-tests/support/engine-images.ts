/** Images of hand-written allocators, and sequences of operations, for tests of the emulator. */
import { readFileSync } from "node:fs";
import { buildImage } from "../../src/toolchain/build-image.js";
import type { Image } from "../../src/toolchain/image.js";
import { gccOf } from "./configs.js";
import { loadTarget } from "../../src/targets/load.js";
import { OperationCode } from "../../src/traces/operation.js";
import type { HeapOperations } from "../../src/traces/operation.js";

export const smallHeapBytes = 65536;

const smallHeap = readFileSync(new URL("small-heap.c", import.meta.url), "utf8");

/** The small allocator. */
export function smallHeapImage(target: string, optimize = "-O2"): Promise<Image> {
  return buildSource(smallHeap, "small_heap", { target, optimize, heapBytes: smallHeapBytes });
}

export const tinyHeapBytes = 4096;

/** What a tiny allocator does: C statements of each function; `size`, `pointer` and `tiny_heap_memory` are there. */
export interface TinyHeap {
  readonly declarations?: string;
  readonly init?: string;
  readonly malloc?: string;
  readonly free?: string;
  readonly tagged?: boolean;
}

/** A bump arena unless a part is replaced. */
export function tinyHeapImage(parts: TinyHeap, target = "cortex-m4", optimize = "-O2"): Promise<Image> {
  const tag = parts.tagged === true ? ", uint32_t tag" : "";
  const source = `#include <stddef.h>
#include <stdint.h>
_Alignas(8) uint8_t tiny_heap_memory[${tinyHeapBytes}];
static volatile uint32_t used;
void tiny_heap_init(void);
void *tiny_heap_malloc(size_t size${tag});
void tiny_heap_free(void *pointer);
${parts.declarations ?? ""}
void tiny_heap_init(void)
{
    ${parts.init ?? "used = 0U;"}
}
void *tiny_heap_malloc(size_t size${tag})
{
    ${parts.malloc ?? "uint32_t const at = used; used = at + (((uint32_t)size + 7U) & ~7U); return &tiny_heap_memory[at];"}
}
void tiny_heap_free(void *pointer)
{
    ${parts.free ?? "(void)pointer;"}
}
`;
  const options = { target, optimize, heapBytes: tinyHeapBytes, tagged: parts.tagged === true };
  return buildSource(source, "tiny_heap", options);
}

/** The two functions in assembly, for hand counts: each returns by itself, and `ldr rN, =heap` loads the heap's address. */
export function assemblyHeapImage(
  functions: { readonly malloc: string; readonly free: string },
  target: string,
): Promise<Image> {
  const lines = (text: string): string =>
    text
      .trim()
      .split("\n")
      .map((line) => `    "${line.trim()}\\n"\n`)
      .join("");
  const define = (name: string, body: string): string =>
    `__asm__(".syntax unified\\n.thumb\\n.section .text.${name}, \\"ax\\", %progbits\\n.balign 4\\n"
    ".global ${name}\\n.type ${name}, %function\\n.thumb_func\\n${name}:\\n"
${lines(body)}    ".balign 4\\nheap_address_${name}: .word tiny_heap_memory\\n.previous\\n");
`.replaceAll("=heap", `heap_address_${name}`);
  const source = `#include <stddef.h>
#include <stdint.h>
_Alignas(8) uint8_t tiny_heap_memory[${tinyHeapBytes}];
void tiny_heap_init(void);
void *tiny_heap_malloc(size_t size);
void tiny_heap_free(void *pointer);
void tiny_heap_init(void)
{
}
${define("tiny_heap_malloc", functions.malloc)}${define("tiny_heap_free", functions.free)}`;
  return buildSource(source, "tiny_heap", { target, optimize: "-O2", heapBytes: tinyHeapBytes });
}

interface SourceOptions {
  readonly target: string;
  readonly optimize: string;
  readonly heapBytes: number;
  readonly tagged?: boolean;
}

function buildSource(text: string, name: string, options: SourceOptions): Promise<Image> {
  const { target, optimize, heapBytes, tagged = false } = options;
  return buildImage({
    sources: [{ name: `${name}.c`, text }],
    names: {
      heapSymbol: `${name}_memory`,
      init: `${name}_init`,
      malloc: `${name}_malloc`,
      free: `${name}_free`,
      tagged,
    },
    heapBytes,
    target: loadTarget(target),
    compiler: gccOf(loadTarget(target)),
    optimize,
  });
}

/** Operations from a list: a number is malloc of that size, `{ free }` the free of what that operation allocated. */
export function operationsOf(list: readonly (number | { readonly free: number })[]): HeapOperations {
  return {
    length: list.length,
    kind: Uint8Array.from(list, (entry) =>
      typeof entry === "number" ? OperationCode.malloc : OperationCode.free,
    ),
    argument: Uint32Array.from(list, (entry) => (typeof entry === "number" ? entry : entry.free)),
  };
}

/** Sizes from 1 to 256 bytes, about `live` blocks at a time, freed in no order; the same for the same numbers. */
export function uniformOperations(count: number, live = 150): HeapOperations {
  let state = 12345;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const blocks: number[] = [];
  const list: (number | { readonly free: number })[] = [];
  while (list.length < count) {
    if (random(2 * live) < blocks.length) {
      const at = random(blocks.length);
      const free = blocks[at] ?? 0;
      blocks[at] = blocks.at(-1) ?? 0;
      blocks.pop();
      list.push({ free });
    } else {
      blocks.push(list.length);
      list.push(1 + random(256));
    }
  }
  return operationsOf(list);
}
