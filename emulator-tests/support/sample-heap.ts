/** A hand-written allocator: a bump arena that never frees. Small enough to predict every byte of its build. */
import type { AllocatorNames } from "../../src/toolchain/allocator-names.js";
import type { SourceFile } from "../../src/toolchain/compile.js";

export const sampleHeapBytes = 4096;

export const sampleNames: AllocatorNames = {
  heapSymbol: "sample_heap_memory",
  init: "sample_heap_init",
  malloc: "sample_heap_malloc",
  free: "sample_heap_free",
  tagged: false,
};

const header = `#ifndef SAMPLE_HEAP_H_INCLUDED
#define SAMPLE_HEAP_H_INCLUDED

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void sample_heap_init(void);
void *sample_heap_malloc(size_t size);
void sample_heap_free(void *pointer);

#ifdef __cplusplus
}
#endif

#endif
`;

const source = `#include "sample_heap.h"
#include <stdint.h>

#define HEAP_BYTES (4096U)

static _Alignas(8) uint8_t sample_heap_memory[HEAP_BYTES];
static uint32_t used;

void sample_heap_init(void)
{
    used = 0U;
}

void *sample_heap_malloc(size_t size)
{
    void *result = NULL;

    if (size <= (HEAP_BYTES - used)) {
        result = &sample_heap_memory[used];
        used += ((uint32_t)size + 7U) & ~7U;
    }
    return result;
}

void sample_heap_free(void *pointer)
{
    (void)pointer;
}
`;

/** The sample's files, its C changed by the replacements, each of which must apply. */
export function sampleHeap(...replacements: readonly (readonly [string, string])[]): readonly SourceFile[] {
  let text = source;
  for (const [from, to] of replacements) {
    if (!text.includes(from)) {
      throw new Error(`the sample has no ${from}`);
    }
    text = text.replace(from, () => to);
  }
  return [
    { name: "sample_heap.h", text: header },
    { name: "sample_heap.c", text },
  ];
}
