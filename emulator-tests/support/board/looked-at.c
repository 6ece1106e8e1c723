/* Fills a heap with blocks and holes, keeps what a walk says of them, and stops where a debugger looks. */
#include "app_heap.h"
struct seen {
    void         *payload;
    unsigned long size;
    int           used;
};
struct seen    seen[40];
unsigned int   seen_count;
unsigned char *inside;

static bool see(const app_heap_block_t *block, void *context)
{
    (void)context;
    seen[seen_count].payload = block->payload;
    seen[seen_count].size    = block->size;
    seen[seen_count].used    = block->used;
    seen_count++;
    return true;
}

__attribute__((noinline, used)) void looked_at(void) { __asm__ volatile(""); }

int main(void)
{
    void *blocks[12];
    app_heap_init();
    for (unsigned int index = 0U; index < 12U; index++) {
        blocks[index] = app_heap_malloc(20U + 37U * index);
    }
    for (unsigned int index = 1U; index < 12U; index += 3U) {
        app_heap_free(blocks[index]);
    }
    inside = (unsigned char *)blocks[3] + 5;
    app_heap_walk(see, 0);
    looked_at();
    return 0;
}
