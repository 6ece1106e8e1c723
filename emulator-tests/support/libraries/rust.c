/* Rust's library allocates before main: the heap is there before. Its memory is known by what it hands out. */
#include "app_heap.h"

uintptr_t app_heap_memory_start;
uintptr_t app_heap_memory_end;

static bool find_ends(const app_heap_block_t *block, void *context)
{
    const uintptr_t start = (uintptr_t)block->payload;

    (void)context;
    if (app_heap_memory_start == 0U) {
        app_heap_memory_start = start;
    }
    app_heap_memory_end = start + block->size;
    return true;
}

static bool count_used(const app_heap_block_t *block, void *context)
{
    *(uint32_t *)context += block->used ? 1U : 0U;
    return true;
}

uint32_t used_blocks(void)
{
    uint32_t number = 0U;

    app_heap_walk(count_used, &number);
    return number;
}

__attribute__((constructor(101))) static void ready(void)
{
    app_heap_init();
    app_heap_walk(find_ends, NULL);
}
