/* What a program that tries a library's glue asks: whether all that the library has is the heap's, and nothing libc's. */
#ifndef OURS_H
#define OURS_H

#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>

#include "app_heap.h"

static unsigned int failures;

#define EXPECT(condition)                                                       \
    do {                                                                        \
        if (!(condition)) {                                                     \
            failures++;                                                         \
            (void)printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);        \
        }                                                                       \
    } while (0)

static inline bool count_used(const app_heap_block_t *block, void *context)
{
    *(unsigned int *)context += block->used ? 1U : 0U;
    return true;
}

static inline unsigned int used_blocks(void)
{
    unsigned int number = 0U;

    app_heap_walk(count_used, &number);
    return number;
}

/* Bytes in use of libc's own heap. */
static inline size_t foreign_bytes(void)
{
    return mallinfo2().uordblks;
}

static inline void begin(void)
{
    static char buffer[4096];

    (void)setvbuf(stdout, buffer, _IOLBF, sizeof buffer);
    app_heap_init();
}

static inline int end(void)
{
    EXPECT(app_heap_check(NULL));
    (void)puts(failures == 0U ? "all is ours" : "not all is ours");
    return (int)failures;
}

#endif
